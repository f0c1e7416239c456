/** Parts of a pool, without a door around them. */
@org.jspecify.annotations.NullMarked
package dev.sandgate.proxy.pool;
