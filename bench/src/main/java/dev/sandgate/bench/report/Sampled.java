package dev.sandgate.bench.report;

import dev.sandgate.bench.result.Figures;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Result.ProgramUse;
import dev.sandgate.bench.result.Result.Second;
import dev.sandgate.bench.result.Result.Use;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A figure that each second of a run has a share in, so that its scatter can be told.
 *
 * @param moreIsBetter else less is
 * @param part of the figure, in a second of the result
 * @param whole that the part is of
 * @param shown a value, with its unit
 */
record Sampled(
        String name,
        boolean moreIsBetter,
        ToDoubleBiFunction<Result, Second> part,
        ToDoubleFunction<Second> whole,
        DoubleFunction<String> shown) {

    private static final double MICROS = 1e6;

    /** In the order in which they are listed. */
    static final List<Sampled> ALL = List.of(
            new Sampled("answered", true, (run, second) -> second.answered(), second -> 1, Figures::perSecond),
            new Sampled("failed", false, (run, second) -> second.failed(), Sampled::done, Figures::percent),
            new Sampled("sessions admitted", true, (run, second) -> second.admitted(), second -> 1, Figures::perSecond),
            latency("p50", Second::p50),
            latency("p99", Second::p99),
            latency("max", Second::max),
            new Sampled(
                    "CPU of the door per request",
                    false,
                    (run, second) -> MICROS * door(run, second, Use::cpu),
                    Second::answered,
                    micros -> Figures.number(micros) + " us"),
            new Sampled(
                    "memory of the door",
                    false,
                    (run, second) -> door(run, second, use -> (double) use.memory()),
                    second -> 1,
                    Figures::bytes));

    private static Sampled latency(String name, ToDoubleFunction<Second> figure) {
        return new Sampled(
                name + " of a second, in the mean",
                false,
                (run, second) -> figure.applyAsDouble(second) * second.answered(),
                Second::answered,
                Figures::millis);
    }

    /** Of two runs; the seconds that only one of them has are left out. */
    Bootstrap of(Result a, Result b) {
        int seconds = Math.min(measured(a).size(), measured(b).size());
        double[][] parts = new double[2][];
        double[][] wholes = new double[2][];
        List<Result> runs = List.of(a, b);
        for (int i = 0; i < 2; i++) {
            Result run = runs.get(i);
            List<Second> shared = measured(run).subList(0, seconds);
            parts[i] = shared.stream()
                    .mapToDouble(second -> part.applyAsDouble(run, second))
                    .toArray();
            wholes[i] = shared.stream().mapToDouble(whole).toArray();
        }
        return new Bootstrap(parts, wholes);
    }

    /** Without the warm-up. */
    static List<Second> measured(Result run) {
        return run.timeline().stream().filter(second -> second.second() >= 0).toList();
    }

    private static double done(Second second) {
        return (double) second.answered() + second.failed();
    }

    private static double door(Result run, Second second, ToDoubleFunction<Use> figure) {
        return run.programs().stream()
                .filter(ProgramUse::door)
                .flatMap(program -> Stream.ofNullable(second.programs().get(program.name())))
                .mapToDouble(figure)
                .sum();
    }
}
