package dev.sandgate.conf;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Warns, once for a file, of what a static list of instances cannot know about its sessions. */
final class StaticPools {

    private static final String WARNING =
            "instances that keep their sessions for as long as they run; a static pool does"
                    + " not notice a restart between two failures, and sends sessions on to an instance that forgot them;"
                    + " say where they tell their \"incarnation\"";

    private StaticPools() {}

    /**
     * Warns where a route with sessions leads to one.
     *
     * @param pools the {@code pools} of a good file
     * @param fit the same, read
     */
    static void warn(Value pools, Map<String, PoolConfig> fit, List<RouteConfig> routes) {
        routes.stream()
                .filter(route -> !route.affinity().isEmpty())
                .filter(route -> Optional.ofNullable(fit.get(route.pool()))
                        .map(pool -> pool.instances() instanceof InstancesConfig.Static list
                                && list.incarnation().isEmpty())
                        .orElse(false))
                .findFirst()
                .flatMap(route -> pools.member(route.pool()))
                .flatMap(pool -> pool.member("instances"))
                .flatMap(instances -> instances.member("type"))
                .ifPresent(type -> type.context().problems().warn(type.node(), WARNING));
    }
}
