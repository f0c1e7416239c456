/** Proves that the demo sandbox does, and breaks, what its endpoints say. */
@NullMarked
package dev.sandgate.bench.sandbox;

import org.jspecify.annotations.NullMarked;
