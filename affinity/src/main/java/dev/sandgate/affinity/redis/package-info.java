/**
 * The table in Redis: one truth for many nodes. Every change is one Lua script that Redis runs at once and alone; the
 * server's clock decides deadlines. Nothing here blocks; answers arrive on the link's event loop.
 */
@NullMarked
package dev.sandgate.affinity.redis;

import org.jspecify.annotations.NullMarked;
