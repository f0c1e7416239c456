package dev.sandgate.conf;

import java.util.List;

/** Warns, once for a file, of what a static list of instances cannot know about its sessions. */
final class StaticPools {

    private static final String WARNING =
            "instances that keep their sessions for as long as they run; a static pool does"
                    + " not notice a restart between two failures, and sends sessions on to an instance that forgot them";

    private StaticPools() {}

    /** @param pools the {@code pools} of a good file */
    static void warn(Value pools, List<RouteConfig> routes) {
        routes.stream()
                .filter(route -> !route.affinity().isEmpty())
                .findFirst()
                .flatMap(route -> pools.member(route.pool()))
                .flatMap(pool -> pool.member("instances"))
                .flatMap(instances -> instances.member("type"))
                .ifPresent(type -> type.context().problems().warn(type.node(), WARNING));
    }
}
