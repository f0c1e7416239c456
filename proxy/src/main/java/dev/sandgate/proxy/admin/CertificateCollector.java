package dev.sandgate.proxy.admin;

import dev.sandgate.proxy.acme.CertificateOrders;
import dev.sandgate.proxy.acme.CertificateOrders.State;
import dev.sandgate.proxy.admin.Family.Counter;
import dev.sandgate.proxy.admin.Family.Gauge;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Metrics of certificates that are ordered from an authority. No name is a label: there may be thousands. Any thread. */
final class CertificateCollector implements MultiCollector {

    private final CertificateOrders orders;

    CertificateCollector(CertificateOrders orders) {
        this.orders = orders;
    }

    @Override
    public MetricSnapshots collect() {
        Counter placed = Counter.of("sandgate_certificate_orders", "Orders of certificates that are over");
        placed.add(orders.succeeded(), "outcome", "succeeded");
        placed.add(orders.failed(), "outcome", "failed");
        List<State> states = orders.states();
        long served = states.stream().filter(state -> state.until().isPresent()).count();
        Gauge names = Gauge.of("sandgate_certificates", "Names that certificates are ordered for");
        names.add((double) served, "state", "served");
        names.add((double) (states.size() - served), "state", "missing");
        Gauge next = Gauge.of(
                "sandgate_certificate_next_expiry_timestamp_seconds", "When the first of the certificates is over");
        states.stream()
                .map(State::until)
                .flatMap(Optional::stream)
                .min(Instant::compareTo)
                .ifPresent(first -> next.add((double) first.getEpochSecond()));
        return MetricSnapshots.of(placed.snapshot(), names.snapshot(), next.snapshot());
    }
}
