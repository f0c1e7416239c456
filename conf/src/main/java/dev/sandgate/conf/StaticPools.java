package dev.sandgate.conf;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Warns, once for a file, of what a static list of instances cannot know about its sessions. */
final class StaticPools {

    private StaticPools() {}

    static void warn(Section top, List<RouteConfig> routes) {
        Set<String> withSessions = routes.stream()
                .filter(route -> !route.affinity().isEmpty())
                .map(RouteConfig::pool)
                .collect(Collectors.toSet());
        Optional<Value> type = top.take("pools").flatMap(pools -> firstType(pools, withSessions));
        type.ifPresent(
                value -> value.context()
                        .problems()
                        .warn(
                                value.node(),
                                "instances that keep their sessions for as long as they run; a static pool does not notice a"
                                        + " restart between two failures, and sends sessions on to an instance that forgot them"));
    }

    private static Optional<Value> firstType(Value pools, Set<String> names) {
        return pools.section("").stream()
                .flatMap(section -> names.stream().sorted().flatMap(name -> section.take(name).stream()))
                .flatMap(pool -> pool.section("").stream())
                .flatMap(section -> section.take("instances").stream())
                .flatMap(instances -> instances.section("").stream())
                .flatMap(section -> section.take("type").stream())
                .findFirst();
    }
}
