/** What a load test found: the records of its JSON, and what is made of them. Knows nothing of how it was found. */
@NullMarked
package dev.sandgate.bench.result;

import org.jspecify.annotations.NullMarked;
