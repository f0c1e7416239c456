package dev.sandgate.proxy.admin;

import dev.sandgate.proxy.meter.Durations;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;

/** One metric, filled with one point a set of labels. */
sealed interface Family {

    MetricSnapshot snapshot();

    /** What only grows. The name is told with {@code _total} behind it. */
    record Counter(CounterSnapshot.Builder points) implements Family {

        static Counter of(String name, String help) {
            return new Counter(CounterSnapshot.builder().name(name).help(help));
        }

        void add(long value, String... labels) {
            points.dataPoint(CounterDataPointSnapshot.builder()
                    .value((double) value)
                    .labels(Labels.of(labels))
                    .build());
        }

        @Override
        public MetricSnapshot snapshot() {
            return points.build();
        }
    }

    /** What goes up and down. */
    record Gauge(GaugeSnapshot.Builder points) implements Family {

        static Gauge of(String name, String help) {
            return new Gauge(GaugeSnapshot.builder().name(name).help(help));
        }

        void add(double value, String... labels) {
            points.dataPoint(GaugeDataPointSnapshot.builder()
                    .value(value)
                    .labels(Labels.of(labels))
                    .build());
        }

        @Override
        public MetricSnapshot snapshot() {
            return points.build();
        }
    }

    /** Durations in buckets. */
    record Histogram(HistogramSnapshot.Builder points) implements Family {

        static Histogram of(String name, String help) {
            return new Histogram(HistogramSnapshot.builder().name(name).help(help));
        }

        void add(Durations durations, String... labels) {
            ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            for (int at = 0; at < durations.bounds().buckets(); at++) {
                buckets.bucket(durations.bounds().upperSeconds(at), durations.count(at));
            }
            points.dataPoint(HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(buckets.build())
                    .sum(durations.sumSeconds())
                    .labels(Labels.of(labels))
                    .build());
        }

        @Override
        public MetricSnapshot snapshot() {
            return points.build();
        }
    }
}
