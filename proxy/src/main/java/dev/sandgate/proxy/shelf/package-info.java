/**
 * Where small records stand that outlive requests and, where the table does, the node: in Redis, or as files in the state
 * folder. Values go in and out whole; secrets are sealed before they reach Redis. Safe from any thread; never blocks one.
 */
@NullMarked
package dev.sandgate.proxy.shelf;

import org.jspecify.annotations.NullMarked;
