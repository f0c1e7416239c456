package dev.sandgate.conf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code routes}: each leads to a pool, under its own name, and none is hidden by another. */
final class RoutesReader {

    static final int MOST_ROUTES = 10_000;

    private static final String EXPECTED = "an object with name and pool";

    private final Optional<Set<String>> pools;
    private final Map<String, Spot> names = new HashMap<>();
    private final Map<Match, Spot> matches = new HashMap<>();

    /** What a route takes; the order within it has no meaning. */
    private record Match(Set<String> hosts, Set<String> paths, Map<String, String> headers) {}

    /** @param pools the names that the file gives to pools; empty: it has none, which was told */
    RoutesReader(Optional<Set<String>> pools) {
        this.pools = pools;
    }

    Shape<List<RouteConfig>> routes() {
        Shape<RouteConfig> route =
                Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(this::route));
        return Lists.of("routes", route, 1, MOST_ROUTES);
    }

    private Optional<RouteConfig> route(Section section) {
        Shape<String> ownName = Shape.of("a name for logs and metrics", this::name);
        Shape<String> knownPool = Shape.of("the name of a pool", this::pool);
        Optional<String> name = section.need("name", ownName);
        Optional<List<String>> hosts = section.find("hosts", Lists.of("host names", RouteShapes.HOST, 1, 1000));
        Optional<List<String>> paths = section.find("paths", Lists.of("paths", RouteShapes.PATH, 1, 1000));
        Optional<Map<String, String>> headers = section.find("headers", RouteShapes.HEADERS);
        Optional<String> pool = section.need("pool", knownPool);
        List<AffinityConfig> affinity =
                section.find("affinity", AffinityReader.AFFINITY).orElse(List.of());
        boolean debug = section.find("debug", Scalars.BOOLEAN).orElse(false);
        section.notYet("policies");
        section.end();
        if (name.isEmpty() || pool.isEmpty()) {
            return Optional.empty();
        }
        RouteConfig route = new RouteConfig(
                name.get(),
                hosts.orElse(List.of()),
                paths.orElse(List.of("/")),
                headers.orElse(Map.of()),
                pool.get(),
                affinity,
                debug);
        refuseHidden(section, route);
        return Optional.of(route);
    }

    private Optional<String> name(Value value) {
        Optional<String> name =
                Scalars.text(NamedSections.NAME_RULE, NamedSections.NAME).read(value);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Spot first = names.putIfAbsent(name.get(), value.node().spot());
        return first == null ? name : value.refuse("a name of its own; " + first.path() + " is the same");
    }

    private Optional<String> pool(Value value) {
        Optional<String> name = value.text("the name of a pool");
        if (name.isEmpty()
                || pools.isEmpty()
                || pools.get().isEmpty()
                || pools.get().contains(name.get())) {
            return name;
        }
        List<String> known = new ArrayList<>(pools.get());
        String expected = known.size() > 10 ? "the name of a pool" : "the name of a pool: " + String.join(", ", known);
        return value.refuse(expected, Nearest.hint(name.get(), known));
    }

    private void refuseHidden(Section section, RouteConfig route) {
        Match match = new Match(Set.copyOf(route.hosts()), Set.copyOf(route.paths()), route.headers());
        Spot first = matches.putIfAbsent(match, section.spot());
        if (first != null) {
            String found = "a route that takes what " + first.path() + " takes";
            section.context()
                    .problems()
                    .add(section.spot(), found, "other hosts, paths or headers than any other route's");
        }
    }
}
