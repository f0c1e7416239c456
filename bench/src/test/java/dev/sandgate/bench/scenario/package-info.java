@NullMarked
package dev.sandgate.bench.scenario;

import org.jspecify.annotations.NullMarked;
