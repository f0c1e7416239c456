/** A pool's I/O: where its instances come from, and whether they can be reached. Reports to the affinity table. Any thread. */
@NullMarked
package dev.sandgate.proxy.pool;

import org.jspecify.annotations.NullMarked;
