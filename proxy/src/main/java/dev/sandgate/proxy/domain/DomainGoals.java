package dev.sandgate.proxy.domain;

import dev.sandgate.proxy.request.Route;
import dev.sandgate.proxy.route.DomainTable.Goal;
import dev.sandgate.proxy.route.RouteTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What domains may lead to on this node. Unchanging; any thread. */
public final class DomainGoals {

    private final Map<String, Goal<Route>> routes;
    private final Map<String, Goal<Route>> pools;
    private final Set<String> taken = new HashSet<>();
    private final boolean orders;

    /**
     * These, each by its own name.
     *
     * @param routes of the config
     * @param pools one route to each, by the pool's name
     * @param orders whether certificates may come from an authority
     */
    public DomainGoals(Collection<Route> routes, Map<String, Route> pools, boolean orders) {
        this.orders = orders;
        this.routes = new HashMap<>();
        this.pools = new HashMap<>();
        routes.forEach(route -> this.routes.put(route.config().name(), goal(route)));
        pools.forEach((name, route) -> this.pools.put(name, goal(route)));
        routes.forEach(route -> taken.addAll(route.config().hosts()));
    }

    private static Goal<Route> goal(Route route) {
        return new Goal<>(RouteTable.ofOne(route.config(), route), Optional.of(route));
    }

    /** Whether this node's config has what it leads to. */
    boolean has(DomainRecord domain) {
        return (domain.toPool() ? pools : routes).containsKey(domain.target());
    }

    /** Where this domain leads; empty: to what this node's config does not have. */
    Optional<Goal<Route>> of(DomainRecord domain) {
        Optional<Goal<Route>> goal = Optional.ofNullable((domain.toPool() ? pools : routes).get(domain.target()));
        return domain.session().isEmpty()
                ? goal
                : goal.map(plain -> new Goal<>(
                        plain.asked(),
                        plain.route()
                                .map(route -> route.sharing(domain.session().get()))));
    }

    /** @throws DomainRefused where it may not be a domain of this node */
    void check(String name, DomainRecord domain) {
        DomainName.check(name);
        if (taken.contains(name)) {
            throw new DomainRefused(
                    DomainRefused.Why.TAKEN, name + " is a host of a route of the config (expected: another name)");
        }
        if (domain.ordered() && !orders) {
            throw DomainRefused.unfit(
                    "acme: the config names no authority (expected: acme in the config, or a certificate)");
        }
        Map<String, Goal<Route>> known = domain.toPool() ? pools : routes;
        if (!known.containsKey(domain.target())) {
            List<String> names = new ArrayList<>(known.keySet());
            names.sort(null);
            throw DomainRefused.unfit((domain.toPool() ? "pool" : "route") + ": unknown (expected: one of "
                    + String.join(", ", names) + ")");
        }
    }
}
