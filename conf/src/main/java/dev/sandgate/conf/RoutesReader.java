package dev.sandgate.conf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads {@code routes}: each leads to a pool, under its own name, and none is hidden by another. */
final class RoutesReader {

    static final int MOST_ROUTES = 10_000;

    private static final String EXPECTED = "an object with name and pool";

    private final Optional<Set<String>> names;
    private final Optional<Value> pools;
    private final Map<String, PoolConfig> fit;
    private final FileFacts file;
    private final RoutePolicies policies;
    private final Map<String, Spot> taken = new HashMap<>();
    private final Map<Match, Spot> matches = new HashMap<>();

    /** What a route takes; the order within it has no meaning. */
    private record Match(Set<String> hosts, Set<String> paths, Map<String, String> headers) {}

    /**
     * @param pools what the file says of them; empty: it has none, which was told
     * @param fit those in which nothing was missing, by name
     * @param file what the rest of the file says
     * @param policies reads those of routes
     */
    RoutesReader(Optional<Value> pools, Map<String, PoolConfig> fit, FileFacts file, RoutePolicies policies) {
        this.names = pools.flatMap(RoutesReader::keys);
        this.pools = pools;
        this.fit = fit;
        this.file = file;
        this.policies = policies;
    }

    private static Optional<Set<String>> keys(Value value) {
        return value.node() instanceof Node.Members object
                ? Optional.of(object.members().keySet())
                : Optional.empty();
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
        List<PolicyConfig> asked =
                section.find("policies", policies.of(name.orElse(""))).orElse(List.of());
        Optional<SplitConfig> split = section.find("split", new SplitReader(knownPool, pool).split());
        Optional<MirrorConfig> mirror = section.find("mirror", new MirrorReader(knownPool, pool, fit).mirror());
        RouteFacts facts = facts(hosts, paths, pools(pool, split)).asking(asked, section.take("policies"));
        List<AffinityConfig> affinity =
                section.find("affinity", new AffinityReader(facts).affinity()).orElse(List.of());
        if (affinity.isEmpty() && !asked.isEmpty()) {
            section.take("policies").ifPresent(said -> RoutePolicies.warnOfSessions(said, asked));
        }
        Optional<List<String>> taken = section.take("paths").isPresent() ? paths : Optional.of(List.of("/"));
        Optional<Value> changes = section.take("rewrite");
        RewriteNames names = RewriteNames.of(affinity, section.take("cors").isPresent());
        RewriteConfig rewrite =
                changes.flatMap(new RewriteReader(taken, names).rewrite()::read).orElse(RewriteConfig.NOTHING);
        Optional<CorsConfig> cors = section.find("cors", CorsReader.cors());
        RouteLimits limits = section.find("limits", RouteLimitsReader.LIMITS).orElse(RouteLimits.NONE);
        boolean debug = section.find("debug", Scalars.BOOLEAN).orElse(false);
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
                asked,
                split,
                mirror,
                rewrite,
                cors,
                limits,
                debug);
        refuseHidden(section, route);
        return Optional.of(route);
    }

    /** The names of those to which a session's first request may go. */
    private static List<String> pools(Optional<String> own, Optional<SplitConfig> split) {
        Stream<String> variants =
                split.stream().flatMap(said -> said.variants().stream()).map(SplitConfig.Variant::pool);
        return Stream.concat(own.stream(), variants).toList();
    }

    private RouteFacts facts(Optional<List<String>> hosts, Optional<List<String>> paths, List<String> leadsTo) {
        List<PoolConfig> fitting = leadsTo.stream().flatMap(this::reached).toList();
        return new RouteFacts(
                hosts.orElse(List.of()),
                paths.orElse(List.of()),
                fitting.stream().allMatch(known -> says(known, "ports")),
                fitting.stream().anyMatch(known -> known.placement() == PoolConfig.PlacementRule.HASH),
                fitting.stream().anyMatch(known -> known.outage() == PoolConfig.Outage.HASH),
                file.proxiesNamed(),
                false,
                file.manyNodes());
    }

    /** The pool of this name, and the one that stands in for it, as far as they are fit. */
    private Stream<PoolConfig> reached(String name) {
        Optional<PoolConfig> pool = Optional.ofNullable(fit.get(name));
        Optional<PoolConfig> other = pool.flatMap(PoolConfig::fallback)
                .filter(FallbackConfig.Pool.class::isInstance)
                .flatMap(fallback -> Optional.ofNullable(fit.get(((FallbackConfig.Pool) fallback).name())));
        return Stream.concat(pool.stream(), other.stream());
    }

    private boolean says(PoolConfig pool, String key) {
        return pools.flatMap(all -> all.member(pool.name()))
                .flatMap(said -> said.member(key))
                .isPresent();
    }

    private Optional<String> name(Value value) {
        Optional<String> name =
                Scalars.text(NamedSections.NAME_RULE, NamedSections.NAME).read(value);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Spot first = taken.putIfAbsent(name.get(), value.node().spot());
        return first == null ? name : value.refuse("a name of its own; " + first.path() + " is the same");
    }

    private Optional<String> pool(Value value) {
        Optional<String> name = value.text("the name of a pool");
        if (name.isEmpty()
                || names.isEmpty()
                || names.get().isEmpty()
                || names.get().contains(name.get())) {
            return name;
        }
        return pools.flatMap(all -> NamedSections.refuseUnknown(value, "the name of a pool", name.get(), all));
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
