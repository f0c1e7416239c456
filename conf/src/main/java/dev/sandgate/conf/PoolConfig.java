package dev.sandgate.conf;

import java.util.Optional;

/**
 * A set of like instances that share the sessions of their routes.
 *
 * @param name its key under {@code pools}
 * @param instances where they come from
 * @param sessions how many, and how long they live
 * @param placement where a new session goes
 * @param queue where first requests wait when every instance is full
 * @param timeouts towards the instances
 * @param connections open at once towards one instance from one event loop, 1 to 100,000
 * @param host which {@code Host} an instance sees
 * @param ports that {@code {port}} in a route's host may reach on the bound instance; empty: none
 * @param outage what becomes of first requests while the table is away
 * @param sealIds whether clients get MCP session ids of Streamable HTTP sealed
 * @param breakers when instances are left alone for a while
 * @param fallback what a client gets whom the pool cannot serve; empty: a refusal
 * @param retries which failed requests are sent once more
 */
public record PoolConfig(
        String name,
        InstancesConfig instances,
        SessionsConfig sessions,
        PlacementRule placement,
        QueueConfig queue,
        TimeoutsConfig timeouts,
        int connections,
        HostRule host,
        Optional<AffinityConfig.PortRange> ports,
        Outage outage,
        boolean sealIds,
        BreakersConfig breakers,
        Optional<FallbackConfig> fallback,
        RetriesConfig retries) {

    /** What becomes of first requests while the table is away. */
    public enum Outage {
        /** They are refused. */
        REFUSE,
        /** They go where a hash of their session id points, and are counted by each node for itself. */
        HASH
    }

    /** Which {@code Host} an instance sees. */
    public enum HostRule {
        /** Its own authority. */
        INSTANCE,
        /** The client's. */
        PRESERVE
    }

    /** Where a new session goes, among the instances with a free slot. */
    public enum PlacementRule {
        /** To the one with the fewest sessions. */
        LEAST_SESSIONS,
        /** To the fullest, so that others can be scaled in. */
        PACK,
        /** By rendezvous hashing of the session id; to the next in that order when full. */
        HASH
    }
}
