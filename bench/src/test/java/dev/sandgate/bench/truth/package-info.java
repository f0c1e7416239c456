@NullMarked
package dev.sandgate.bench.truth;

import org.jspecify.annotations.NullMarked;
