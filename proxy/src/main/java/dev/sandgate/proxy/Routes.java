package dev.sandgate.proxy;

import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import dev.sandgate.policies.auth.ProtectedResource;
import dev.sandgate.policies.catalog.Phase;
import dev.sandgate.policies.catalog.PolicyCatalog;
import dev.sandgate.proxy.acme.Challenges;
import dev.sandgate.proxy.identify.Identifier;
import dev.sandgate.proxy.identify.Seal;
import dev.sandgate.proxy.meter.Meters;
import dev.sandgate.proxy.pool.Pool;
import dev.sandgate.proxy.request.Check;
import dev.sandgate.proxy.request.Checks;
import dev.sandgate.proxy.request.Doorway;
import dev.sandgate.proxy.request.PublicDocuments;
import dev.sandgate.proxy.request.Route;
import dev.sandgate.proxy.route.RouteTable;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

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

    /** All of them, behind the answers to an authority's challenges. */
    Doorway.Routing routing(Challenges challenges) {
        return new Doorway.Routing(
                new RouteTable<>(config.routes(), this::route), new PublicDocuments(documents()), challenges);
    }

    private Route route(RouteConfig route) {
        Checks checks = checks(route);
        Optional<Route> fallback = pools.apply(route.pool())
                .config()
                .fallback()
                .filter(FallbackConfig.Pool.class::isInstance)
                .map(to -> route(route.leadingTo(((FallbackConfig.Pool) to).name()), checks, Optional.empty()));
        return route(route, checks, fallback);
    }

    private Route route(RouteConfig route, Checks checks, Optional<Route> fallback) {
        Identifier identifier =
                new Identifier(route.pool(), route.affinity(), Optional.ofNullable(seals.get(route.pool())));
        return new Route(route, pools.apply(route.pool()), identifier, checks, meters.number(route), fallback);
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
