package dev.sandgate.proxy.request;

import dev.sandgate.conf.RouteConfig;
import dev.sandgate.policies.split.Split;
import dev.sandgate.proxy.identify.Identifier;
import dev.sandgate.proxy.identify.SharedSession;
import dev.sandgate.proxy.pool.Pool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A route at work.
 *
 * @param config as the operator wrote it
 * @param pool where it leads
 * @param identifier how its sessions are told
 * @param checks what it asks of a request
 * @param rules what it does to all that goes by
 * @param number under which it is counted
 * @param fallback where it leads whom the pool cannot give an instance; empty: nowhere
 * @param shares other pools that get a share of its new sessions; empty: none does
 * @param mirror copies a share of its requests; empty: none is copied
 * @param others the same route to each other pool in which a session of it may live; mostly empty
 */
public record Route(
        RouteConfig config,
        Pool pool,
        Identifier identifier,
        Checks checks,
        RouteRules rules,
        int number,
        Optional<Route> fallback,
        Optional<Shares> shares,
        Optional<Mirror> mirror,
        List<Route> others) {

    /**
     * Who gets a share.
     *
     * @param split draws one of them, or the route's own pool
     * @param variants the same route to each of the other pools, in the split's order
     */
    public record Shares(Split split, List<Route> variants) {

        /** The same with these in their place, by pool. */
        private Shares among(Map<String, Route> others) {
            return new Shares(
                    split,
                    variants.stream()
                            .map(variant -> Objects.requireNonNull(
                                    others.get(variant.config().pool())))
                            .toList());
        }
    }

    /** The same route to each pool in which a session of it may live, its own first. */
    public Stream<Route> homes() {
        return Stream.concat(Stream.of(this), others.stream());
    }

    /** Whether this leads to the same pool. */
    boolean isTo(Route other) {
        return config.pool().equals(other.config.pool());
    }

    /** The same for requests which are all of this session, wherever the route may lead. */
    public Route sharing(SharedSession session) {
        Map<String, Route> sharing = new LinkedHashMap<>();
        others.forEach(other -> sharing.put(other.config().pool(), other.sharing(session)));
        return new Route(
                config,
                pool,
                identifier.sharing(session),
                checks,
                rules,
                number,
                fallback.map(elsewhere -> elsewhere.sharing(session)),
                shares.map(of -> of.among(sharing)),
                mirror,
                List.copyOf(sharing.values()));
    }

    /** Its name for whoever reads this process: not what it asks. */
    @Override
    public String toString() {
        return config.name() + " to " + config.pool();
    }
}
