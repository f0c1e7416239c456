package dev.sandgate.affinity;

/** Where a new session goes. Pure: no clock, no state between calls; called under the pool's lock. */
@FunctionalInterface
public interface PlacementStrategy {

    /**
     * Chooses among the fleet's members that are {@linkplain Member#open() open}.
     *
     * @param hash of the session id, the same on every node; for a session whose id is not known yet, of its principal;
     *     where that is nobody in particular, of the request
     */
    Choice choose(long hash, Fleet fleet);
}
