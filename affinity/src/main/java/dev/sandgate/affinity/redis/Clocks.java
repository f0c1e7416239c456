package dev.sandgate.affinity.redis;

import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whose time counts.
 *
 * @param nanos this node's: nanoseconds that only go forward, from any origin
 * @param table milliseconds that stand in for the server's clock, for tests; empty text where the server's counts
 * @param exact for tests: every use is told at once when uses are told, and no lease is longer than its timeout
 */
record Clocks(LongSupplier nanos, Supplier<String> table, boolean exact) {}
