package dev.sandgate.proxy.meter;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.RouteConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a node's requests add up to, over all its loops. Bounded: by the routes of the config, the reasons of the code
 * and the classes of statuses. Any thread.
 */
public final class Meters {

    /** The number of no route: the request was refused before one was found. */
    public static final int NO_ROUTE = 0;

    /**
     * Requests that are over.
     *
     * @param reason why it ended so, or how its instance was chosen
     * @param statusClass {@code 2xx}; {@code none} where no status was told
     * @param count at least 1
     */
    public record Count(String reason, String statusClass, long count) {}

    /**
     * One route's totals.
     *
     * @param route empty: of requests that no route took
     * @param bytesIn of bodies from clients
     * @param bytesOut of bodies to clients
     * @param waits for a slot
     * @param copies that a mirror sent or did not send, by how that ended; none that is 0
     */
    public record RouteTotals(
            Optional<RouteConfig> route,
            List<Count> counts,
            long bytesIn,
            long bytesOut,
            Durations waits,
            Map<String, Long> copies) {}

    /** A route to one of the pools that it leads to. */
    private record Way(String route, String pool) {

        static Way of(RouteConfig route) {
            return new Way(route.name(), route.pool());
        }
    }

    private final List<Optional<RouteConfig>> routes = new ArrayList<>();
    private final Map<Way, Integer> numbers = new HashMap<>();
    private final List<String> policies = new ArrayList<>();
    private final List<String> reasons;
    private final List<String> outcomes;
    private final List<LaneMeter> lanes = new CopyOnWriteArrayList<>();

    /**
     * Meters of these routes.
     *
     * @param reasons every word that a request may end with
     * @param outcomes every word that a copy of one may end with
     */
    public Meters(List<RouteConfig> routes, List<String> reasons, List<String> outcomes) {
        this.reasons = List.copyOf(reasons);
        this.outcomes = List.copyOf(outcomes);
        this.routes.add(Optional.empty());
        for (RouteConfig route : routes) {
            add(route);
            route.split().stream()
                    .flatMap(split -> split.variants().stream())
                    .forEach(variant -> add(route.leadingTo(variant.pool())));
            for (PolicyConfig policy : route.policies()) {
                if (!policies.contains(policy.name())) {
                    policies.add(policy.name());
                }
            }
        }
    }

    private void add(RouteConfig route) {
        numbers.put(Way.of(route), routes.size());
        routes.add(Optional.of(route));
    }

    /** The number under which a route is counted, or its way to a variant of its split. */
    public int number(RouteConfig route) {
        Integer number = numbers.get(Way.of(route));
        if (number == null) {
            throw new IllegalArgumentException("not a route of this node: " + route.name());
        }
        return number;
    }

    /** The number under which a policy of the config is counted. */
    public int policy(String name) {
        int number = policies.indexOf(name);
        if (number < 0) {
            throw new IllegalArgumentException("not a policy of this node: " + name);
        }
        return number;
    }

    /** How many requests each policy refused, in the config's order. */
    public Map<String, Long> refused() {
        Map<String, Long> refused = new LinkedHashMap<>();
        for (int number = 0; number < policies.size(); number++) {
            long sum = 0;
            for (LaneMeter lane : lanes) {
                sum += lane.refusals(number);
            }
            refused.put(policies.get(number), sum);
        }
        return refused;
    }

    /** One more loop's share. */
    public LaneMeter lane() {
        LaneMeter lane = new LaneMeter(routes.size(), reasons.size(), outcomes.size(), policies.size());
        lanes.add(lane);
        return lane;
    }

    /** Of every route that had a request, in the config's order. */
    public List<RouteTotals> totals() {
        List<RouteTotals> totals = new ArrayList<>();
        for (int number = 0; number < routes.size(); number++) {
            List<LaneMeter.RouteCells> cells = new ArrayList<>();
            for (LaneMeter lane : lanes) {
                LaneMeter.RouteCells share = lane.read(number);
                if (share != null) {
                    cells.add(share);
                }
            }
            if (!cells.isEmpty()) {
                totals.add(totals(routes.get(number), cells));
            }
        }
        return totals;
    }

    private RouteTotals totals(Optional<RouteConfig> route, List<LaneMeter.RouteCells> cells) {
        List<Count> counts = new ArrayList<>();
        for (int at = 0; at < reasons.size() * LaneMeter.CLASSES; at++) {
            long sum = 0;
            for (LaneMeter.RouteCells share : cells) {
                sum += share.counts.getOpaque(at);
            }
            if (sum > 0) {
                int statusClass = at % LaneMeter.CLASSES;
                String shown = statusClass == 0 ? "none" : statusClass + "xx";
                counts.add(new Count(reasons.get(at / LaneMeter.CLASSES), shown, sum));
            }
        }
        Durations waits = Durations.none(Bounds.WAIT);
        cells.forEach(share -> waits.add(share.waits.read()));
        return new RouteTotals(
                route,
                counts,
                cells.stream().mapToLong(LaneMeter.RouteCells::bytesIn).sum(),
                cells.stream().mapToLong(LaneMeter.RouteCells::bytesOut).sum(),
                waits,
                copies(cells));
    }

    private Map<String, Long> copies(List<LaneMeter.RouteCells> cells) {
        Map<String, Long> copies = new LinkedHashMap<>();
        for (int outcome = 0; outcome < outcomes.size(); outcome++) {
            for (LaneMeter.RouteCells share : cells) {
                long count = share.copies.getOpaque(outcome);
                if (count > 0) {
                    copies.merge(outcomes.get(outcome), count, Long::sum);
                }
            }
        }
        return copies;
    }

    /** How long requests that are over were in our own hands. */
    public Durations overhead() {
        Durations sum = Durations.none(Bounds.OVERHEAD);
        lanes.forEach(lane -> sum.add(lane.readOverhead()));
        return sum;
    }
}
