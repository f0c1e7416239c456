@NullMarked
package dev.sandgate.bench.sidebyside;

import org.jspecify.annotations.NullMarked;
