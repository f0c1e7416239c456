/**
 * How often, how many at the same time, how many sessions, and who goes first: requests enter, verdicts leave. What is
 * counted stands in this node's memory; a fleet's rate limit also in the table's Redis. Any event loop.
 */
@NullMarked
package dev.sandgate.policies.limit;

import org.jspecify.annotations.NullMarked;
