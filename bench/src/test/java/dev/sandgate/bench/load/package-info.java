@NullMarked
package dev.sandgate.bench.load;

import org.jspecify.annotations.NullMarked;
