package dev.sandgate.affinity.placement;

import dev.sandgate.affinity.PlacementStrategy;
import dev.sandgate.conf.PoolConfig.PlacementRule;

/** The placement strategies by their config name. */
public final class Placements {

    private Placements() {}

    public static PlacementStrategy of(PlacementRule rule) {
        return switch (rule) {
            case LEAST_SESSIONS -> new LeastSessions();
            case PACK -> new Pack();
            case HASH -> new Rendezvous();
        };
    }
}
