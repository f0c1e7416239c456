package dev.sandgate.proxy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.Problem;
import dev.sandgate.conf.Reading;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReadingReportTest {

    private static final Problem TYPO =
            new Problem("pools.a.sessions.idleTimeout", "\"0s\"", "a duration of at least 1s", 12, 20);

    private final StringWriter err = new StringWriter();
    private final ReadingReport report = new ReadingReport(Path.of("conf/a.json"), new PrintWriter(err, true));

    @Test
    void putsFileLineAndColumnBeforeEachProblem() {
        report.tell(new Reading.Broken(List.of(TYPO, new Problem("", "a folder", "a file", 0, 0))));
        assertThat(err.toString().lines())
                .containsExactly(
                        "conf/a.json:12:20: pools.a.sessions.idleTimeout: \"0s\" (expected: a duration of at least 1s)",
                        "conf/a.json: a folder (expected: a file)");
    }

    @Test
    void marksAWarningAsOne() {
        report.tell(new Reading.Loaded(SmallConfig.on("127.0.0.1", 0), List.of(TYPO)));
        assertThat(err.toString()).startsWith("conf/a.json:12:20: warning: pools.a.sessions.idleTimeout: \"0s\" ");
    }

    @Test
    void countsWhatAGoodFileHas() {
        assertThat(report.ok(SmallConfig.on("127.0.0.1", 0)))
                .isEqualTo("conf/a.json: ok (1 listener, 0 pools, 0 routes)");
    }
}
