package dev.sandgate.proxy.admin;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * {@code GET /metrics}: ours by collectors that read what the loops counted, the JVM's by Micrometer's binders, from one
 * registry. Owns both; close it once.
 */
final class MetricsEndpoint {

    /** The text format, as every version of Prometheus reads it. */
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    MetricsEndpoint(Node node) {
        PoolCollector pools = new PoolCollector(node);
        node.table().subscribe(pools.news());
        registry.getPrometheusRegistry().register(pools);
        registry.getPrometheusRegistry().register(new TrafficCollector(node.traffic()));
        node.orders().ifPresent(orders -> registry.getPrometheusRegistry().register(new CertificateCollector(orders)));
        List<MeterBinder> jvm = List.of(
                new JvmMemoryMetrics(),
                collections,
                new ProcessorMetrics(),
                new FileDescriptorMetrics(),
                new UptimeMetrics());
        jvm.forEach(binder -> binder.bindTo(registry));
    }

    Reply scrape(Ask ask) {
        ask.knowing(List.of());
        return new Reply(200, TEXT, Buffer.buffer(registry.scrape()));
    }

    void close() {
        collections.close();
        registry.close();
    }
}
