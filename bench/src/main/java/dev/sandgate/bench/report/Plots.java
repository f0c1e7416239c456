package dev.sandgate.bench.report;

import dev.sandgate.bench.report.Plot.Axis;
import dev.sandgate.bench.report.Plot.Series;
import dev.sandgate.bench.result.Latency;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Result.ProgramUse;
import dev.sandgate.bench.result.Result.Second;
import dev.sandgate.bench.result.Result.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The plots of a result, in the order of the page. */
final class Plots {

    /** More lines than these cannot be told apart. */
    private static final int MOST_LINES = 6;

    private static final int MOST_PROGRAMS = 3;
    private static final double MEBI = 1 << 20;

    private final Result result;
    private final List<Second> seconds;
    private final List<Double> time;
    private final TreeSet<String> instances = new TreeSet<>(Names.ORDER);

    private Plots(Result result) {
        this.result = result;
        this.seconds = result.timeline();
        this.time = seconds.stream().map(second -> (double) second.second()).toList();
        seconds.forEach(second -> instances.addAll(second.slots().keySet()));
    }

    /** None where there was not even a second. */
    static List<Plot> of(Result result) {
        if (result.timeline().isEmpty()) {
            return List.of();
        }
        Plots plots = new Plots(result);
        List<Plot> all = new ArrayList<>();
        all.add(plots.latency());
        if (result.response().count() > 0) {
            all.add(plots.percentiles());
        }
        all.add(plots.throughput());
        all.add(plots.sessions());
        if (!plots.instances.isEmpty()) {
            all.add(plots.slots());
        }
        all.add(plots.cpu());
        if (!result.programs().isEmpty()) {
            all.add(plots.memory());
        }
        all.add(plots.lag());
        return all;
    }

    private Plot latency() {
        return new Plot(
                "Response time by second",
                "of what was answered in each second; no line where nothing was",
                "ms",
                Axis.TIME,
                true,
                time,
                List.of(answered("max", Second::max), answered("p99", Second::p99), answered("p50", Second::p50)));
    }

    private Plot percentiles() {
        Map<Double, Double> response = curve(result.response());
        Map<Double, Double> service = curve(result.service());
        TreeSet<Double> both = new TreeSet<>(response.keySet());
        both.addAll(service.keySet());
        List<Double> nines = List.copyOf(both);
        return new Plot(
                "Latency by percentile",
                "the last point is the slowest of all",
                "ms",
                Axis.NINES,
                true,
                nines,
                List.of(Series.of("response", nines, response::get), Series.of("service", nines, service::get)));
    }

    private Plot throughput() {
        return overTime(
                "Requests",
                "",
                "requests/s",
                List.of(
                        line("planned", Second::planned),
                        line("answered", Second::answered),
                        line("failed", Second::failed)));
    }

    private Plot sessions() {
        return overTime(
                "Open sessions", "at the end of each second", "sessions", List.of(line("open", Second::sessions)));
    }

    private Plot slots() {
        if (instances.size() <= MOST_LINES) {
            return overTime(
                    "Slots in use on each instance",
                    "at the end of each second",
                    "sessions",
                    instances.stream()
                            .map(name -> line(name, second -> second.slots().getOrDefault(name, 0)))
                            .toList());
        }
        int count = instances.size();
        List<List<Integer>> sorted = seconds.stream()
                .map(second -> instances.stream()
                        .map(name -> second.slots().getOrDefault(name, 0))
                        .sorted()
                        .toList())
                .toList();
        return overTime(
                "Slots in use on " + count + " instances",
                "those with the most, the median and the fewest, at the end of each second",
                "sessions",
                List.of(
                        Series.of("fullest", sorted, slots -> (double) slots.get(count - 1)),
                        Series.of("median", sorted, slots -> (double) slots.get(count / 2)),
                        Series.of("emptiest", sorted, slots -> (double) slots.get(0))));
    }

    private Plot cpu() {
        List<Series> series = programs(Use::cpu);
        series.add(line("load generator", Second::generatorCpu));
        return overTime("CPU", "of " + result.environment().cores() + " cores", "cores", series);
    }

    private Plot memory() {
        return overTime("Memory", "resident", "MiB", programs(use -> (double) use.memory() / MEBI));
    }

    private Plot lag() {
        return overTime(
                "Lag of the load generator",
                "the longest that it was late itself, in each second",
                "ms",
                List.of(line("longest", Second::lag)));
    }

    /** The door's programs each, and the others; together where they are many. */
    private List<Series> programs(ToDoubleFunction<Use> figure) {
        List<Series> series = new ArrayList<>();
        for (boolean door : List.of(true, false)) {
            List<String> names = result.programs().stream()
                    .filter(program -> program.door() == door)
                    .map(ProgramUse::name)
                    .sorted(Names.ORDER)
                    .toList();
            if (names.size() <= MOST_PROGRAMS) {
                names.forEach(name -> series.add(together(name, List.of(name), figure)));
            } else {
                String what = names.size() + (door ? " programs of the door" : " other programs") + ", together";
                series.add(together(what, names, figure));
            }
        }
        return series;
    }

    private Series together(String label, List<String> names, ToDoubleFunction<Use> figure) {
        return Series.of(label, seconds, second -> {
            double sum = 0;
            boolean any = false;
            for (String name : names) {
                Use use = second.programs().get(name);
                any |= use != null;
                sum += use == null ? 0 : figure.applyAsDouble(use);
            }
            return any ? sum : null;
        });
    }

    private Series line(String label, ToDoubleFunction<Second> figure) {
        return Series.of(label, seconds, figure::applyAsDouble);
    }

    private Series answered(String label, ToDoubleFunction<Second> figure) {
        Function<Second, @Nullable Double> value =
                second -> second.answered() == 0 ? null : figure.applyAsDouble(second);
        return Series.of(label, seconds, value);
    }

    private Plot overTime(String title, String note, String unit, List<Series> series) {
        return new Plot(title, note, unit, Axis.TIME, false, time, series);
    }

    /** By nines. The slowest of n lies where one more of n would: 100 % is no place on such an axis. */
    private static Map<Double, Double> curve(Latency latency) {
        double last = Math.log10(Math.max(10.0, (double) latency.count()));
        Map<Double, Double> curve = new TreeMap<>();
        latency.curve().forEach(point -> {
            double nines = point.percentile() >= 100 ? last : -Math.log10(1 - point.percentile() / 100);
            if (nines <= last) {
                curve.merge(Math.round(nines * 1e4) / 1e4, point.millis(), Math::max);
            }
        });
        return curve;
    }
}
