package dev.sandgate.bench.truth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.result.Violation;
import dev.sandgate.bench.result.Violation.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogJudgeTest {

    private final Verdicts verdicts = new Verdicts();
    private final Path log;

    LogJudgeTest(@TempDir Path dir) {
        this.log = dir.resolve("s1.log");
    }

    @Test
    void countsWhatIsHeldAtATime() throws IOException {
        judge(
                2,
                Map.of(),
                "10 life open 0 a",
                "11 life open 0 b",
                "12 life end 0 a",
                "13 life open 0 c",
                "14 life use 1 b");
        assertThat(verdicts.all()).isEmpty();
        judge(
                2,
                Map.of(),
                "10 life open 0 a",
                "11 life open 0 b",
                "13 life open 0 c",
                "14 life use 1 a",
                "15 life use 1 b");
        assertThat(verdicts.all()).extracting(Violation::kind).containsOnly(Kind.CAP_EXCEEDED);
        assertThat(verdicts.all().get(0).proofs())
                .containsExactly("s1 held 3 sessions (at most 2) when c began, at 13 µs since 1970");
    }

    @Test
    void takesASessionThatIsHeardOfNoMoreForGone() throws IOException {
        judge(1, Map.of(), "10 life open 0 a", "20 life use 1 a", "21 life open 0 b", "30 life use 1 b");
        assertThat(verdicts.all()).as("a may have expired before b came").isEmpty();
    }

    @Test
    void takesAnotherLifeForAnother() throws IOException {
        judge(1, Map.of(), "10 life open 0 a", "20 next open 0 b", "30 next use 1 b");
        assertThat(verdicts.all()).isEmpty();
    }

    @Test
    void seesWhatWasHeardMoreOftenThanSaid() throws IOException {
        judge(0, Map.of("a", 1L), "10 life use 1 a", "11 life use 2 a", "12 life use 7 b");
        assertThat(verdicts.all()).extracting(Violation::kind).containsOnly(Kind.DUPLICATED);
        assertThat(verdicts.all().get(0).proofs()).containsExactly("s1 heard 2 requests of a, which made 1");
    }

    @Test
    void passesOverALineThatAKillCutShort() throws IOException {
        judge(1, Map.of(), "10 life open 0 a", "11 life op");
        assertThat(verdicts.all()).isEmpty();
    }

    private void judge(int cap, Map<String, Long> said, String... lines) throws IOException {
        Files.write(log, List.of(lines));
        new LogJudge(cap, said, verdicts).judge("s1", log);
    }
}
