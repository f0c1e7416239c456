package dev.sandgate.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.bench.result.Violation.Kind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AssertionTest {

    private static final Result RUN = new MadeUpRun(1)
            .through(
                    new Result.FaultSeen(3_000, "kill s1", 1_500, 80, 14),
                    new Result.FaultSeen(9_000, "drain", 0, 0, 0))
            .breaking(new Violation(Kind.WRONG_INSTANCE, 3, List.of("a")), new Violation(Kind.LOST_STATE, 2, List.of()))
            .stalling(new Result.Stall(3_100, 510))
            .take();

    @ParameterizedTest
    @CsvSource(textBlock = """
                    misrouted < 3,           false, 3
                    misrouted <= 3,          true,  3
                    misrouted = 3,           true,  3
                    misrouted >= 4,          false, 3
                    misrouted > 2,           true,  3
                    misrouted=3,             true,  3
                    violations = 5,          true,  5
                    wrong-instance = 3,      true,  3
                    lost-state = 2,          true,  2
                    half-body = 0,           true,  0
                    stalls = 1,              true,  1
                    recovery < 1.5s,         false, 1500 ms
                    recovery <= 1500ms,      true,  1500 ms
                    recovery <= 1500000 us,  true,  1500 ms
                    recovery = 0,            false, 1500 ms
                    generator.cpu < 31%,     false, 31%
                    generator.lag < 0.5ms,   true,  0.4 ms
                    sessions.lost = 14,      true,  14
                    memory < 201 MiB,        true,  209715200 B
                    """)
    void holdsAConditionAgainstWhatWasMeasured(String condition, boolean holds, String actual) {
        assertThat(Assertion.parse(condition).get(0).on(RUN))
                .isEqualTo(new Assertion.Outcome(condition, holds, actual));
    }

    @Test
    void readsConditionsThatAreSeparatedByCommas() {
        List<Assertion> assertions = Assertion.parse(" p99 < 20ms,misrouted = 0 , failed% < 0.1%");
        assertThat(assertions)
                .extracting(Assertion::text)
                .containsExactly("p99 < 20ms", "misrouted = 0", "failed% < 0.1%");
    }

    @Test
    void showsEachActualValueSoThatItsVerdictCanBeSeen() {
        // in three digits both would read 1
        assertThat(actual("failed% < 1%", failing(100_000, 995))).isEqualTo("0.995%");
        assertThat(actual("failed% < 1%", failing(100_000_000, 999_999))).isEqualTo("0.999999%");
        // in six digits this would read 1
        assertThat(actual("failed% < 1%", failing(10_000_000_000L, 99_999_999))).isEqualTo("0.99999999%");
        assertThat(actual("failed% >= 0.1%", failing(3, 1))).isEqualTo("33.3333%");
        assertThat(actual("answered > 0", failing(1_234_567_891, 0))).isEqualTo("1234567891");
    }

    @Test
    void knowsEachPercentileOfEachLatency() {
        for (String latency : List.of("", "service.", "admission.")) {
            for (String figure : List.of("p50", "p75", "p90", "p99", "p99.9", "p99.99", "max", "mean")) {
                Assertion above = Assertion.parse(latency + figure + " > 100us").get(0);
                assertThat(above.on(RUN).holds()).as(above.text()).isTrue();
            }
        }
        assertThat(actual("p99.9 < 1s", RUN)).isEqualTo(sixDigits(RUN.response().p999()) + " ms");
        assertThat(actual("service.max < 1s", RUN))
                .isEqualTo(sixDigits(RUN.service().max()) + " ms");
    }

    @Test
    void knowsEachKindOfViolationByItsName() {
        for (Kind kind : Kind.values()) {
            assertThat(Assertion.parse(kind.told() + " >= 0").get(0).on(RUN).holds())
                    .isTrue();
        }
    }

    @Test
    void doesNotHoldOfWhatWasNotMeasured() {
        Result nothing = new MadeUpRun(1).with(4, 0).take();
        for (String condition : List.of("p99 < 1s", "failed% < 1%", "recovery < 1s", "cpuPerRequest < 1s")) {
            assertThat(Assertion.parse(condition).get(0).on(nothing))
                    .isEqualTo(new Assertion.Outcome(condition, false, "nothing was measured"));
        }
    }

    @Test
    void aResultPassesOnlyWhereItAnsweredAndKeptItsPromisesAndHoldsEachCondition() {
        Result good = new MadeUpRun(1).take();
        assertThat(good.passed()).isTrue();
        assertThat(good.judged(Assertion.parse("p99 < 1s, failed = 0")).passed())
                .isTrue();
        assertThat(good.judged(Assertion.parse("p99 < 1s, failed > 0")).passed())
                .isFalse();
        assertThat(RUN.passed()).isFalse();
        assertThat(new MadeUpRun(1).with(4, 0).take().passed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    p98 < 20ms      | "p98 < 20ms": unknown metric "p98"; did you mean "p90"? (expected: one of p50, p75,
                    P99 < 20ms      | unknown metric "P99"; did you mean "p99"?
                    missrouted = 0  | unknown metric "missrouted"; did you mean "misrouted"?
                    colour = 0      | unknown metric "colour" (expected: one of
                    p99 == 20ms     | unknown operator "==" (expected: one of < <= = >= >)
                    p99 != 20ms     | unknown operator "!="
                    p99 < 20        | no unit for p99 (expected: a number with ms, us or s)
                    p99 < 20 min    | unit "min" for p99 (expected: a number with ms, us or s)
                    p99 < -1ms      | "-1ms" is no number (expected: a number with ms, us or s)
                    p99 < soon      | "soon" is no number
                    failed < 0.1%   | unit "%" for failed; did you mean "failed%"? (expected: a plain number)
                    misrouted = 0ms | unit "ms" for misrouted (expected: a plain number)
                    rate > 10%      | unit "%" for rate (expected: a number with /s)
                    p99             | "p99": no condition (expected: a metric, an operator and a number, as "p99 < 20ms")
                    p99 < 1s,       | "": no condition
                    """)
    void namesWhatItDoesNotUnderstandAndWhatCouldStandThere(String conditions, String complaint) {
        assertThatThrownBy(() -> Assertion.parse(conditions))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }

    private static String actual(String condition, Result result) {
        return Assertion.parse(condition).get(0).on(result).actual();
    }

    private static String sixDigits(double value) {
        return new BigDecimal(value).round(new MathContext(6)).toPlainString();
    }

    private static Result failing(long requests, long failed) {
        Result run = RUN;
        return new Result(
                run.format(),
                run.name(),
                run.scenario(),
                run.environment(),
                run.started(),
                run.openModel(),
                run.seconds(),
                new Result.Requests(requests, requests - failed, failed, 0),
                run.sessions(),
                run.failures(),
                run.response(),
                run.service(),
                run.admissionWait(),
                run.timeline(),
                run.violations(),
                run.stalls(),
                run.faults(),
                run.programs(),
                run.generator(),
                run.assertions());
    }
}
