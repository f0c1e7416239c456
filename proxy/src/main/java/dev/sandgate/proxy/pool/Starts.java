package dev.sandgate.proxy.pool;

/**
 * Instances that a pool has started since its node began.
 *
 * @param ready became ready
 * @param failed did not
 * @param died of those that were ready, ended without being asked to
 */
public record Starts(long ready, long failed, long died) {

    /** Of a pool that starts none. */
    static final Starts NONE = new Starts(0, 0, 0);
}
