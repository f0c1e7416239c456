/** What a load test does, as its file says it: the records, their reader, and the published schema. */
@NullMarked
package dev.sandgate.bench.scenario;

import org.jspecify.annotations.NullMarked;
