package dev.sandgate.proxy.admin;

import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.admin.Family.Counter;
import dev.sandgate.proxy.admin.Family.Gauge;
import dev.sandgate.proxy.admin.Family.Histogram;
import dev.sandgate.proxy.admin.Node.Traffic;
import dev.sandgate.proxy.log.AccessLog;
import dev.sandgate.proxy.meter.Bounds;
import dev.sandgate.proxy.meter.Durations;
import dev.sandgate.proxy.meter.Meters.Count;
import dev.sandgate.proxy.meter.Meters.RouteTotals;
import dev.sandgate.proxy.request.Lane;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Metrics of requests and connections. Its labels come from the config and from enums. Any thread. */
final class TrafficCollector implements MultiCollector {

    private final Traffic traffic;

    TrafficCollector(Traffic traffic) {
        this.traffic = traffic;
    }

    @Override
    public MetricSnapshots collect() {
        Counter requests = Counter.of(
                "sandgate_requests", "Requests that are over, by why they ended so or how their instance was chosen");
        Counter bytes = Counter.of("sandgate_body_bytes", "Bytes of bodies, of requests that are over");
        Map<String, Durations> waits = new LinkedHashMap<>();
        for (RouteTotals totals : traffic.meters().totals()) {
            String route = totals.route().map(RouteConfig::name).orElse("");
            String pool = totals.route().map(RouteConfig::pool).orElse("");
            for (Count count : totals.counts()) {
                requests.add(
                        count.count(),
                        "route",
                        route,
                        "pool",
                        pool,
                        "reason",
                        count.reason(),
                        "status",
                        count.statusClass());
            }
            bytes.add(totals.bytesIn(), "route", route, "pool", pool, "direction", "in");
            bytes.add(totals.bytesOut(), "route", route, "pool", pool, "direction", "out");
            totals.route().ifPresent(known -> waits.computeIfAbsent(pool, any -> Durations.none(Bounds.WAIT))
                    .add(totals.waits()));
        }
        Histogram overhead = Histogram.of(
                "sandgate_request_overhead_seconds",
                "From a request's whole head to its hand-over to an instance, waiting left out");
        overhead.add(traffic.meters().overhead());
        Histogram wait = Histogram.of("sandgate_queue_wait_seconds", "What requests that need a slot waited for it");
        waits.forEach((pool, durations) -> wait.add(durations, "pool", pool));
        return MetricSnapshots.of(
                requests.snapshot(),
                bytes.snapshot(),
                overhead.snapshot(),
                wait.snapshot(),
                underWay().snapshot(),
                inbound().snapshot(),
                refused().snapshot(),
                refusedByPolicies().snapshot(),
                mirrored().snapshot(),
                outbound().snapshot(),
                dropped().snapshot());
    }

    private Gauge underWay() {
        Gauge underWay = Gauge.of("sandgate_requests_under_way", "Requests that are not over, streams among them");
        underWay.add(sum(Lane::underWay));
        return underWay;
    }

    private Gauge inbound() {
        Gauge inbound = Gauge.of("sandgate_inbound_connections", "Connections of clients");
        traffic.gates().forEach((listener, gate) -> inbound.add(gate.open(), "listener", listener));
        return inbound;
    }

    private Counter refused() {
        Counter refused =
                Counter.of("sandgate_accept_refused", "Connections closed at accept, over a listener's limit");
        traffic.gates().forEach((listener, gate) -> refused.add(gate.refused(), "listener", listener));
        return refused;
    }

    private Gauge outbound() {
        Gauge outbound = Gauge.of("sandgate_outbound_connections", "Connections to instances");
        outbound.add(sum(Lane::outboundBusy), "state", "busy");
        outbound.add(sum(Lane::outboundKept), "state", "kept");
        return outbound;
    }

    private Counter refusedByPolicies() {
        Counter refused = Counter.of("sandgate_policy_refused", "Requests that a policy refused, by the policy's name");
        traffic.meters().refused().forEach((policy, count) -> refused.add(count, "policy", policy));
        return refused;
    }

    // one route may be counted by several pools
    private Counter mirrored() {
        Counter mirrored = Counter.of("sandgate_mirrored", "Copies of requests for a mirror's pool, by how they ended");
        Map<String, Map<String, Long>> sums = new LinkedHashMap<>();
        for (RouteTotals totals : traffic.meters().totals()) {
            String route = totals.route().map(RouteConfig::name).orElse("");
            totals.copies().forEach((outcome, count) -> sums.computeIfAbsent(route, any -> new LinkedHashMap<>())
                    .merge(outcome, count, Long::sum));
        }
        sums.forEach((route, outcomes) ->
                outcomes.forEach((outcome, count) -> mirrored.add(count, "route", route, "outcome", outcome)));
        return mirrored;
    }

    private Counter dropped() {
        Counter dropped = Counter.of("sandgate_access_log_dropped", "Lines lost because standard output was too slow");
        dropped.add(traffic.log().map(AccessLog::dropped).orElse(0L));
        return dropped;
    }

    private int sum(ToIntFunction<Lane> count) {
        return traffic.lanes().stream().mapToInt(count).sum();
    }
}
