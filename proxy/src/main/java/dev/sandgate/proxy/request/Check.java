package dev.sandgate.proxy.request;

import dev.sandgate.policies.Policy;

/**
 * One policy of a route.
 *
 * @param name in refusals, the log and metrics
 * @param number under which it is counted
 */
public record Check(String name, int number, Policy policy) {}
