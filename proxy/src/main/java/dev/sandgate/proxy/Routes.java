package dev.sandgate.proxy;

import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.SplitConfig;
import dev.sandgate.conf.TableConfig;
import dev.sandgate.policies.auth.ProtectedResource;
import dev.sandgate.policies.catalog.Phase;
import dev.sandgate.policies.catalog.PolicyCatalog;
import dev.sandgate.policies.split.Split;
import dev.sandgate.proxy.acme.Challenges;
import dev.sandgate.proxy.identify.Identifier;
import dev.sandgate.proxy.identify.Seal;
import dev.sandgate.proxy.meter.Meters;
import dev.sandgate.proxy.pool.Pool;
import dev.sandgate.proxy.request.Check;
import dev.sandgate.proxy.request.Checks;
import dev.sandgate.proxy.request.Doorway;
import dev.sandgate.proxy.request.Mirror;
import dev.sandgate.proxy.request.PublicDocuments;
import dev.sandgate.proxy.request.Route;
import dev.sandgate.proxy.request.Route.Shares;
import dev.sandgate.proxy.request.RouteRules;
import dev.sandgate.proxy.route.DomainTable;
import dev.sandgate.proxy.route.RouteTable;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/** Puts a config's routes to work: each with its pool, its sessions, its policies and where it leads otherwise. */
final class Routes {

    private final SandgateConfig config;
    private final Function<String, Pool> pools;
    private final PolicyCatalog policies;
    private final Meters meters;
    private final Map<String, Seal> seals;

    /** @param pools by name */
    Routes(SandgateConfig config, Function<String, Pool> pools, PolicyCatalog policies, Meters meters) {
        this.config = config;
        this.pools = pools;
        this.policies = policies;
        this.meters = meters;
        this.seals = seals(config);
    }

    /** Of the pools whose clients get ids sealed; with keys of its own where nobody else need open them. */
    private static Map<String, Seal> seals(SandgateConfig config) {
        List<TableConfig.IdKey> keys = config.table() instanceof TableConfig.Redis redis ? redis.keys() : List.of();
        Map<String, Seal> seals = new LinkedHashMap<>();
        config.pools().values().stream()
                .filter(PoolConfig::sealIds)
                .forEach(pool -> seals.put(pool.name(), Seal.ofIds(keys, pool.name())));
        return seals;
    }

    /** All that requests may be counted under: the config's, then those that lead to each pool. */
    static List<RouteConfig> counted(SandgateConfig config) {
        List<RouteConfig> all = new ArrayList<>(config.routes());
        config.pools().keySet().forEach(pool -> all.add(toPool(pool)));
        return all;
    }

    // no route of a config has a colon in its name
    private static RouteConfig toPool(String pool) {
        return RouteConfig.plain("pool:" + pool, List.of(), List.of("/"), Map.of(), pool, List.of(), List.of(), false);
    }

    /** All of the config, behind the answers to an authority's challenges. */
    Doorway.Routing routing(Challenges challenges) {
        return new Doorway.Routing(
                new RouteTable<>(config.routes(), this::route),
                new DomainTable<>(),
                new PublicDocuments(documents()),
                challenges);
    }

    /** One to each pool, by its name, without sessions or policies: for domains that lead there by no route. */
    Map<String, Route> toPools() {
        Map<String, Route> routes = new LinkedHashMap<>();
        config.pools().keySet().forEach(pool -> routes.put(pool, route(toPool(pool))));
        return routes;
    }

    private Route route(RouteConfig route) {
        Checks checks = checks(route);
        Optional<Shares> shares = route.split().map(split -> shares(route, split, checks));
        List<Route> variants = shares.map(Shares::variants).orElse(List.of());
        int number = meters.number(route);
        Optional<Route> fallback = fallback(route, checks, number);
        return to(route, checks, number, new Further(fallback, shares, others(route, fallback, variants)));
    }

    private Shares shares(RouteConfig route, SplitConfig split, Checks checks) {
        List<Route> variants = split.variants().stream()
                .map(variant -> variant(route.leadingTo(variant.pool()), checks))
                .toList();
        return new Shares(
                new Split(route.name(), split, () -> ThreadLocalRandom.current().nextLong()), variants);
    }

    private Route variant(RouteConfig route, Checks checks) {
        int number = meters.number(route);
        return to(route, checks, number, new Further(fallback(route, checks, number), Optional.empty(), List.of()));
    }

    private Optional<Route> fallback(RouteConfig route, Checks checks, int number) {
        return pools.apply(route.pool())
                .config()
                .fallback()
                .filter(FallbackConfig.Pool.class::isInstance)
                .map(other -> to(route.leadingTo(((FallbackConfig.Pool) other).name()), checks, number, Further.NONE));
    }

    /** Each other pool once: where it is a variant, it is that one. */
    private static List<Route> others(RouteConfig route, Optional<Route> fallback, List<Route> variants) {
        Map<String, Route> others = new LinkedHashMap<>();
        variants.forEach(variant -> others.put(variant.config().pool(), variant));
        Stream.concat(fallback.stream(), variants.stream().flatMap(variant -> variant.fallback().stream()))
                .filter(other -> !other.config().pool().equals(route.pool()))
                .forEach(other -> others.putIfAbsent(other.config().pool(), other));
        return List.copyOf(others.values());
    }

    /** Where a route leads beside its pool. */
    private record Further(Optional<Route> fallback, Optional<Shares> shares, List<Route> others) {

        static final Further NONE = new Further(Optional.empty(), Optional.empty(), List.of());
    }

    private Route to(RouteConfig route, Checks checks, int number, Further further) {
        Identifier identifier =
                new Identifier(route.pool(), route.affinity(), Optional.ofNullable(seals.get(route.pool())));
        return new Route(
                route,
                pools.apply(route.pool()),
                identifier,
                checks,
                RouteRules.of(route),
                number,
                further.fallback(),
                further.shares(),
                route.mirror().map(mirror -> new Mirror(mirror, route, pools.apply(mirror.pool()))),
                further.others());
    }

    private Checks checks(RouteConfig route) {
        Map<Phase, List<Check>> checks = new HashMap<>();
        for (PolicyConfig policy : route.policies()) {
            checks.computeIfAbsent(Phase.of(policy), any -> new ArrayList<>())
                    .add(new Check(policy.name(), meters.policy(policy.name()), policies.policy(policy)));
        }
        return new Checks(
                List.copyOf(checks.getOrDefault(Phase.ADMIT, List.of())),
                List.copyOf(checks.getOrDefault(Phase.SESSION, List.of())),
                List.copyOf(checks.getOrDefault(Phase.OPENING, List.of())));
    }

    /** What OAuth clients are told of the resources behind the routes; where two say the same, the last one stands. */
    private Map<String, Buffer> documents() {
        Map<String, Buffer> documents = new LinkedHashMap<>();
        config.routes().stream()
                .flatMap(route -> route.policies().stream())
                .filter(PolicyConfig.Authenticate.class::isInstance)
                .flatMap(policy -> ((PolicyConfig.Authenticate) policy).resource().stream())
                .map(ProtectedResource::of)
                .forEach(resource -> documents.put(resource.host() + resource.path(), resource.json()));
        return Map.copyOf(documents);
    }
}
