package dev.sandgate.policies.limit;

/** The permits of one key on this node. Any thread. */
@FunctionalInterface
interface Allowance {

    /**
     * Takes a permit.
     *
     * @param now in ns
     * @return 0: it is taken; else ns until there is one
     */
    long take(long now);
}
