package dev.sandgate.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.report.Bootstrap.Interval;
import dev.sandgate.bench.report.Comparison.Row;
import dev.sandgate.bench.report.Comparison.Verdict;
import dev.sandgate.bench.result.MadeUpRun;
import dev.sandgate.bench.result.Result;
import dev.sandgate.bench.result.Violation;
import dev.sandgate.bench.result.Violation.Kind;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

    private static final double FIVE_PERCENT = 0.05;

    @Test
    void findsNoDifferenceBetweenTwoRunsOfTheSame() {
        for (long seed = 1; seed <= 10; seed++) {
            Comparison comparison = compared(new MadeUpRun(seed), new MadeUpRun(seed + 100));
            assertThat(comparison.obstacles()).isEmpty();
            assertThat(comparison.judged())
                    .as("seed " + seed)
                    .extracting(Row::verdict)
                    .containsOnly(Verdict.NO_DIFFERENCE);
            assertThat(comparison.worse()).isFalse();
        }
    }

    @Test
    void callsASlowerDoorWorseAndAFasterOneBetter() {
        Comparison slower = compared(new MadeUpRun(1), new MadeUpRun(2).slowerBy(1.5));
        assertThat(row(slower, "p99 of a second, in the mean").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(row(slower, "CPU of the door per request").verdict()).isEqualTo(Verdict.WORSE);
        assertThat(row(slower, "answered").verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
        assertThat(slower.worse()).isTrue();
        Comparison faster = compared(new MadeUpRun(2).slowerBy(1.5), new MadeUpRun(1));
        assertThat(row(faster, "p99 of a second, in the mean").verdict()).isEqualTo(Verdict.BETTER);
        assertThat(faster.worse()).isFalse();
    }

    @Test
    void callsMoreAnswersBetterAndFewerWorse() {
        Result.FaultSeen fault = new Result.FaultSeen(2_000, "kill s1", 25_000, 80, 14);
        assertThat(row(compared(new MadeUpRun(1).through(fault), new MadeUpRun(2)), "answered")
                        .verdict())
                .isEqualTo(Verdict.BETTER);
        assertThat(row(compared(new MadeUpRun(1), new MadeUpRun(2).through(fault)), "answered")
                        .verdict())
                .isEqualTo(Verdict.WORSE);
    }

    @Test
    void takesADifferenceThatIsTooSmallToMatterForNone() {
        Result a = new MadeUpRun(1).lasting(300).take();
        Result b = new MadeUpRun(2).lasting(300).slowerBy(1.03).take();
        String name = "CPU of the door per request";
        assertThat(row(Comparison.of(a, b, FIVE_PERCENT), name).verdict()).isEqualTo(Verdict.NO_DIFFERENCE);
        assertThat(row(Comparison.of(a, b, 0.01), name).verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void tellsADifferenceWhereThereIsNothingToDivideBy() {
        Result.FaultSeen fault = new Result.FaultSeen(2_000, "kill s1", 20_000, 80, 14);
        Row failed = row(compared(new MadeUpRun(1), new MadeUpRun(2).through(fault)), "failed");
        assertThat(failed.ratio()).isEmpty();
        assertThat(failed.interval()).matches("\\+[1-9].* % to \\+[1-9].* %");
        assertThat(failed.verdict()).isEqualTo(Verdict.WORSE);
    }

    @Test
    void givesTheSameAnswerToTheSameQuestion() {
        Result a = new MadeUpRun(1).take();
        Result b = new MadeUpRun(2).slowerBy(1.1).take();
        assertThat(new ComparisonText(Comparison.of(a, b, FIVE_PERCENT), false).lines())
                .isEqualTo(new ComparisonText(Comparison.of(a, b, FIVE_PERCENT), false).lines());
    }

    @Test
    void holdsTheTruthIn95OfAHundredIntervals() {
        int held = 0;
        int runs = 200;
        Random random = new Random(20261122);
        for (int run = 0; run < runs; run++) {
            double[][] parts = new double[2][60];
            double[][] wholes = new double[2][60];
            for (int i = 0; i < 60; i++) {
                double common = 100 + 20 * random.nextGaussian();
                parts[0][i] = common + 10 * random.nextGaussian();
                parts[1][i] = 1.2 * (common + 10 * random.nextGaussian());
                wholes[0][i] = 1;
                wholes[1][i] = 1;
            }
            Interval interval = new Bootstrap(parts, wholes).interval();
            held += interval.low() <= 1.2 && 1.2 <= interval.high() ? 1 : 0;
        }
        assertThat(held).isBetween(runs * 88 / 100, runs * 99 / 100);
    }

    @Test
    void doesNotTakeOtherDoorsProgramsFilesNamesAndPortsForAnotherScenario() {
        assertThat(compared(new MadeUpRun(1).named("Sandgate"), new MadeUpRun(2).named("another door"))
                        .obstacles())
                .isEmpty();
    }

    @Test
    void tellsWhyTwoRunsCannotBeComparedAndGivesNoVerdict() {
        assertObstacle(new MadeUpRun(2).with(4, 500), "the scenarios differ in arrival");
        assertObstacle(new MadeUpRun(2).with(4, 0), "B answered nothing");
        assertObstacle(new MadeUpRun(2).lasting(9), "B has 9 seconds (expected: 10 or more)");
        assertObstacle(
                new MadeUpRun(2).breaking(new Violation(Kind.HALF_BODY, 2, List.of())),
                "B broke a promise: half-body, 2 times");
        assertObstacle(
                new MadeUpRun(2).heldBackBy("it was late"), "the load generator was the bottleneck of B: it was");
        assertObstacle(new MadeUpRun(2).on(8), "the cores differ: 2, 8");
    }

    @Test
    void isATableInMarkdownToo() {
        List<String> lines =
                new ComparisonText(compared(new MadeUpRun(1).named("a|b \u001b[2J"), new MadeUpRun(2)), true).lines();
        assertThat(lines).first().asString().startsWith("A: a\\|b ?\\[2J, 2026-11-22T10:15:30Z, Sandgate 0.1.0");
        assertThat(lines)
                .contains(
                        "|  | A | B | B / A | 95 % interval | verdict on B |",
                        "| --- | ---: | ---: | ---: | ---: | ---: |")
                .anyMatch(line ->
                        line.matches("\\| answered \\| 4..\\/s \\| 4..\\/s \\| .* \\| .* to .* \\| no difference \\|"));
    }

    private static void assertObstacle(MadeUpRun b, String obstacle) {
        Comparison comparison = compared(new MadeUpRun(1), b);
        assertThat(comparison.obstacles()).anyMatch(told -> told.startsWith(obstacle));
        assertThat(comparison.judged()).extracting(Row::verdict).containsOnly(Verdict.NONE);
        assertThat(comparison.worse()).isTrue();
        assertThat(new ComparisonText(comparison, false).lines())
                .contains("NOT COMPARABLE, so no verdict:")
                .anyMatch(line -> line.startsWith("- " + obstacle));
    }

    private static Comparison compared(MadeUpRun a, MadeUpRun b) {
        return Comparison.of(a.take(), b.take(), FIVE_PERCENT);
    }

    private static Row row(Comparison comparison, String name) {
        return comparison.judged().stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
