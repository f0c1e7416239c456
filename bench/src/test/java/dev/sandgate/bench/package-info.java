/** Proves the command line of this room. */
@NullMarked
package dev.sandgate.bench;

import org.jspecify.annotations.NullMarked;
