/**
 * The table in this node's memory: the embedded default, gone when the node stops. One lock a pool for slots and
 * lifetimes, held for microseconds; a known session is looked up and entered without it.
 */
@NullMarked
package dev.sandgate.affinity.memory;

import org.jspecify.annotations.NullMarked;
