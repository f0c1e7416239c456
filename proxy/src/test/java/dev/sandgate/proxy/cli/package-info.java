/** Proves what the command line and the launcher say, and with which code they exit. */
@NullMarked
package dev.sandgate.proxy.cli;

import org.jspecify.annotations.NullMarked;
