/** Proves what people read of a result, with runs that were made up from a seed. */
@NullMarked
package dev.sandgate.bench.report;

import org.jspecify.annotations.NullMarked;
