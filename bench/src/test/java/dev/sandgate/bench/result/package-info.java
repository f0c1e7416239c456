/** Proves the records of a result and what is made of them, with runs that were made up from a seed. */
@NullMarked
package dev.sandgate.bench.result;

import org.jspecify.annotations.NullMarked;
