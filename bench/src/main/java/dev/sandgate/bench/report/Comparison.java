package dev.sandgate.bench.report;

import dev.sandgate.bench.report.Bootstrap.Interval;
import dev.sandgate.bench.result.Figures;
import dev.sandgate.bench.result.Latency;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Result.FaultSeen;
import dev.sandgate.bench.result.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Two results side by side.
 *
 * @param a the one that is compared with
 * @param b the one that is judged
 * @param obstacles why they cannot be compared; empty: they can, and only then is there a verdict
 * @param judged what the seconds of both tell of, with a verdict
 * @param told what is one figure a run
 */
public record Comparison(Result a, Result b, List<String> obstacles, List<Row> judged, List<Row> told) {

    /** Below this many seconds an interval is a guess. */
    static final int FEWEST_SECONDS = 10;

    /** What can be said of B's figure. */
    public enum Verdict {
        /** Than A's. */
        BETTER("better"),
        /** Than A's. */
        WORSE("worse"),
        /** None that is surely there and large enough to matter. */
        NO_DIFFERENCE("no difference"),
        /** The runs cannot be compared, or there is no interval. */
        NONE("");

        private final String told;

        Verdict(String told) {
            this.told = told;
        }

        @Override
        public String toString() {
            return told;
        }
    }

    /**
     * One figure, as it is read.
     *
     * @param ratio of B to A; empty where A is 0
     * @param interval that the ratio, or the difference, lies in; empty where none can be told
     */
    public record Row(String name, String a, String b, String ratio, String interval, Verdict verdict) {}

    /**
     * Compares.
     *
     * @param least a difference below this share of A's figure is none, 0 or more
     */
    public static Comparison of(Result a, Result b, double least) {
        List<String> obstacles = Obstacles.between(a, b);
        List<Row> judged = Sampled.ALL.stream()
                .map(sampled -> row(sampled, sampled.of(a, b), obstacles.isEmpty(), least))
                .toList();
        return new Comparison(a, b, obstacles, judged, told(a, b));
    }

    /** Whether B is worse in anything, or cannot be compared. */
    public boolean worse() {
        return !obstacles.isEmpty() || judged.stream().anyMatch(row -> row.verdict() == Verdict.WORSE);
    }

    private static Row row(Sampled sampled, Bootstrap seconds, boolean comparable, double least) {
        double a = seconds.figure(0);
        double b = seconds.figure(1);
        String shownA = sampled.shown().apply(a);
        String shownB = sampled.shown().apply(b);
        if (!comparable) {
            return new Row(sampled.name(), shownA, shownB, ratio(a, b), "", Verdict.NONE);
        }
        Interval interval = seconds.interval();
        String low = shown(interval, interval.low(), sampled.shown());
        String high = shown(interval, interval.high(), sampled.shown());
        return new Row(
                sampled.name(),
                shownA,
                shownB,
                ratio(a, b),
                low + " to " + high,
                verdict(interval, sampled.moreIsBetter() ? b - a : a - b, least * a));
    }

    private static Verdict verdict(Interval interval, double gain, double least) {
        if (interval.includesNone() || Math.abs(gain) < least) {
            return Verdict.NO_DIFFERENCE;
        }
        return gain > 0 ? Verdict.BETTER : Verdict.WORSE;
    }

    private static String shown(Interval interval, double bound, DoubleFunction<String> unit) {
        if (interval.ratio()) {
            return Figures.number(bound);
        }
        return bound < 0 ? "-" + unit.apply(-bound) : "+" + unit.apply(bound);
    }

    private static String ratio(double a, double b) {
        return a == 0 ? "" : Figures.number(b / a);
    }

    private static List<Row> told(Result a, Result b) {
        List<Row> rows = new ArrayList<>();
        Function<Result, Latency> response = Result::response;
        rows.add(latency("p50", a, b, response.andThen(Latency::p50)::apply));
        rows.add(latency("p90", a, b, response.andThen(Latency::p90)::apply));
        rows.add(latency("p99", a, b, response.andThen(Latency::p99)::apply));
        rows.add(latency("p99.9", a, b, response.andThen(Latency::p999)::apply));
        rows.add(latency("p99.99", a, b, response.andThen(Latency::p9999)::apply));
        rows.add(latency("max", a, b, response.andThen(Latency::max)::apply));
        rows.add(latency("service p99", a, b, run -> run.service().p99()));
        rows.add(latency("admission wait p99", a, b, run -> run.admissionWait().p99()));
        rows.add(latency("slowest recovery", a, b, Comparison::recovery));
        rows.add(row("sessions lost", a, b, run -> sum(run.sessions().lost().values()), Comparison::count));
        rows.add(row("promises broken", a, b, Comparison::broken, Comparison::count));
        return rows;
    }

    private static double recovery(Result run) {
        return run.faults().stream()
                .mapToDouble(FaultSeen::recoveredAfter)
                .max()
                .orElse(0);
    }

    private static double broken(Result run) {
        return sum(run.violations().stream().map(Violation::count).toList());
    }

    private static double sum(Iterable<Long> counts) {
        double sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static String count(double count) {
        return Figures.count(Math.round(count));
    }

    private static Row latency(String name, Result a, Result b, ToDoubleFunction<Result> figure) {
        return row(name, a, b, figure, Figures::millis);
    }

    private static Row row(
            String name, Result a, Result b, ToDoubleFunction<Result> figure, DoubleFunction<String> shown) {
        double left = figure.applyAsDouble(a);
        double right = figure.applyAsDouble(b);
        return new Row(name, shown.apply(left), shown.apply(right), ratio(left, right), "", Verdict.NONE);
    }
}
