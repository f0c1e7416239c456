package dev.sandgate.bench.result;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How long things took, in milliseconds; all 0 where nothing was measured.
 *
 * @param curve for a plot, from the fastest to the slowest
 */
public record Latency(
        long count,
        double mean,
        double p50,
        double p75,
        double p90,
        double p99,
        double p999,
        double p9999,
        double max,
        List<Point> curve) {

    private static final double NANOS = 1e6;
    private static final int POINTS_A_HALVING = 5;

    /**
     * One point of a curve.
     *
     * @param percentile 0 to 100
     */
    public record Point(double percentile, double millis) {}

    /** Of a histogram of nanoseconds. */
    public static Latency of(Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            return new Latency(0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
        }
        List<Point> curve = new ArrayList<>();
        for (HistogramIterationValue value : nanos.percentiles(POINTS_A_HALVING)) {
            curve.add(new Point(value.getPercentileLevelIteratedTo(), value.getValueIteratedTo() / NANOS));
        }
        return new Latency(
                nanos.getTotalCount(),
                nanos.getMean() / NANOS,
                at(nanos, 50),
                at(nanos, 75),
                at(nanos, 90),
                at(nanos, 99),
                at(nanos, 99.9),
                at(nanos, 99.99),
                nanos.getMaxValue() / NANOS,
                List.copyOf(curve));
    }

    private static double at(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / NANOS;
    }
}
