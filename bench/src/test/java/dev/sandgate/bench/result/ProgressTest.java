package dev.sandgate.bench.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProgressTest {

    private final StringWriter out = new StringWriter();

    @Test
    void writesOneLineASecondWhereThereIsNoTerminal() {
        try (Progress progress = progress(false)) {
            progress.second(second(-2, 7), 0);
            progress.second(second(-1, 7), 0);
            progress.second(second(0, 0), 0);
            progress.second(second(1, 2), 0);
            progress.second(second(2, 1), 1_500);
        }
        assertThat(out.toString().lines())
                .containsExactly(
                        "warm-up 1/2s  481/s  p50 1.23 ms  p99 3.4 ms  max 1.21 s  sessions 1,120  failed 7  violations 0",
                        "warm-up 2/2s  481/s  p50 1.23 ms  p99 3.4 ms  max 1.21 s  sessions 1,120  failed 14  violations 0",
                        "1/30s  481/s  p50 1.23 ms  p99 3.4 ms  max 1.21 s  sessions 1,120  failed 0  violations 0",
                        "2/30s  481/s  p50 1.23 ms  p99 3.4 ms  max 1.21 s  sessions 1,120  failed 2  violations 0",
                        "3/30s  481/s  p50 1.23 ms  p99 3.4 ms  max 1.21 s  sessions 1,120  failed 3  violations 1,500");
    }

    @Test
    void writesOverOneLineOnATerminalWithABarAndTheTimeThatIsLeft() {
        try (Progress progress = progress(true)) {
            progress.second(second(-2, 0), 0);
            progress.second(second(14, 2), 1);
            progress.second(second(29, 0), 1);
        }
        assertThat(out.toString()).containsOnlyOnce("\n").endsWith(System.lineSeparator());
        List<String> shown = List.of(out.toString().split("\r", -1));
        assertThat(shown).hasSize(4);
        assertThat(shown.get(1)).contains("warm-up 1/2s  [##########----------] 31s left  481/s");
        assertThat(shown.get(2))
                .contains(
                        "15/30s  [##########----------] 15s left  481/s  p99 3.4 ms  failed 2  violations 1  sessions");
        assertThat(shown.get(3)).contains("30/30s  [####################] 0s left");
    }

    @Test
    void writesNothingWhereNoSecondPassed() {
        progress(true).close();
        progress(false).close();
        assertThat(out.toString()).isEmpty();
    }

    private Progress progress(boolean terminal) {
        return new Progress(new PrintWriter(out), terminal, Duration.ofMillis(1_500), Duration.ofSeconds(30));
    }

    private static Result.Second second(int second, long failed) {
        return new Result.Second(
                second,
                481 + failed,
                481,
                failed,
                Map.of(),
                20,
                Map.of(),
                2.3,
                1.2345,
                3.4,
                1_212,
                1_120,
                Map.of(),
                0.3,
                0.1,
                Map.of());
    }
}
