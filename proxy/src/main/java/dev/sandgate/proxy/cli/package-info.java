/**
 * The command line: words enter, an exit code and lines on standard output and error leave. Builds nothing itself: it
 * reads a config, opens a {@link dev.sandgate.proxy.Door} and closes it when told to stop. Runs on the main thread.
 */
@NullMarked
package dev.sandgate.proxy.cli;

import org.jspecify.annotations.NullMarked;
