package dev.sandgate.bench.result;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A figure of a result that has a name.
 *
 * @param of in the first suffix of the unit; empty where nothing was measured that it could be of
 */
record Metric(String name, Unit unit, Function<Result, OptionalDouble> of) {

    private static final Map<String, Metric> ALL = all();

    /** By name, in the order in which they are listed. */
    static Map<String, Metric> byName() {
        return ALL;
    }

    private static Map<String, Metric> all() {
        List<Metric> all = new ArrayList<>();
        all.addAll(latencies("", Result::response));
        all.addAll(latencies("service.", Result::service));
        all.addAll(latencies("admission.", Result::admissionWait));
        all.addAll(requests());
        all.addAll(sessions());
        all.addAll(promises());
        all.addAll(programs());
        Map<String, Metric> byName = new LinkedHashMap<>();
        all.forEach(metric -> byName.put(metric.name(), metric));
        return Collections.unmodifiableMap(byName);
    }

    private static List<Metric> latencies(String prefix, Function<Result, Latency> which) {
        Map<String, ToDoubleFunction<Latency>> values = new LinkedHashMap<>();
        values.put("p50", Latency::p50);
        values.put("p75", Latency::p75);
        values.put("p90", Latency::p90);
        values.put("p99", Latency::p99);
        values.put("p99.9", Latency::p999);
        values.put("p99.99", Latency::p9999);
        values.put("max", Latency::max);
        values.put("mean", Latency::mean);
        return values.entrySet().stream()
                .map(value -> new Metric(prefix + value.getKey(), Unit.MILLIS, result -> {
                    Latency latency = which.apply(result);
                    return when(latency.count() > 0, value.getValue().applyAsDouble(latency));
                }))
                .toList();
    }

    private static List<Metric> requests() {
        return List.of(
                count("requests", result -> result.requests().planned()),
                count("answered", result -> result.requests().answered()),
                count("failed", result -> result.requests().failed()),
                new Metric(
                        "failed%",
                        Unit.PERCENT, result -> {
                            long failed = result.requests().failed();
                            long done = failed + result.requests().answered();
                            return when(done > 0, 100.0 * failed / done);
                        }),
                always("rate", Unit.PER_SECOND, result -> result.requests().perSecond()));
    }

    private static List<Metric> sessions() {
        return List.of(
                count("sessions.planned", result -> result.sessions().planned()),
                count("sessions.admitted", result -> result.sessions().admitted()),
                count("sessions.refused", result -> sum(result.sessions().refused())),
                count("sessions.lost", result -> sum(result.sessions().lost())),
                count("sessions.most", result -> result.sessions().most()),
                always("admissionRate", Unit.PER_SECOND, result -> result.sessions()
                        .admittedPerSecond()));
    }

    private static List<Metric> promises() {
        List<Metric> promises = new ArrayList<>();
        for (Violation.Kind kind : Violation.Kind.values()) {
            promises.add(count(kind.told(), result -> broken(result, kind)));
        }
        promises.add(count(
                "misrouted", result -> broken(result, Violation.Kind.WRONG_INSTANCE, Violation.Kind.WRONG_SESSION)));
        promises.add(count("violations", result -> broken(result, Violation.Kind.values())));
        promises.add(count("stalls", result -> result.stalls().size()));
        promises.add(new Metric("recovery", Unit.MILLIS, result -> result.faults().stream()
                .mapToDouble(Result.FaultSeen::recoveredAfter)
                .max()));
        return promises;
    }

    private static List<Metric> programs() {
        return List.of(
                new Metric("cpuPerRequest", Unit.MILLIS, result -> {
                    long answered = result.requests().answered();
                    double cpuSeconds = result.programs().stream()
                            .filter(Result.ProgramUse::door)
                            .mapToDouble(Result.ProgramUse::cpuSeconds)
                            .sum();
                    return when(answered > 0 && hasDoor(result), 1e3 * cpuSeconds / answered);
                }),
                new Metric("memory", Unit.BYTES, result -> {
                    double bytes = result.programs().stream()
                            .filter(Result.ProgramUse::door)
                            .mapToDouble(Result.ProgramUse::memory)
                            .sum();
                    return when(hasDoor(result), bytes);
                }),
                always(
                        "generator.cpu",
                        Unit.PERCENT,
                        result -> 100 * result.generator().cpu()),
                always("generator.lag", Unit.MILLIS, result -> result.generator()
                        .lagP99()),
                always("generator.lag.max", Unit.MILLIS, result -> result.generator()
                        .lagMax()));
    }

    private static Metric count(String name, ToDoubleFunction<Result> of) {
        return always(name, Unit.COUNT, of);
    }

    private static Metric always(String name, Unit unit, ToDoubleFunction<Result> of) {
        return new Metric(name, unit, result -> OptionalDouble.of(of.applyAsDouble(result)));
    }

    private static OptionalDouble when(boolean measured, double value) {
        return measured ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static boolean hasDoor(Result result) {
        return result.programs().stream().anyMatch(Result.ProgramUse::door);
    }

    private static long sum(Map<String, Long> byReason) {
        return total(byReason.values());
    }

    private static long broken(Result result, Violation.Kind... kinds) {
        return total(result.violations().stream()
                .filter(violation -> Arrays.asList(kinds).contains(violation.kind()))
                .map(Violation::count)
                .toList());
    }

    private static long total(Collection<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }
}
