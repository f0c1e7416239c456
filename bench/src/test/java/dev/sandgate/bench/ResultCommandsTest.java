package dev.sandgate.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.result.MadeUpRun;
import dev.sandgate.bench.result.ResultFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultCommandsTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;
    private final String good;
    private final String slow;

    ResultCommandsTest(@TempDir Path folder) {
        this.folder = folder;
        good = folder.resolve("good.json").toString();
        slow = folder.resolve("slow.json").toString();
    }

    @BeforeEach
    void writeResults() throws IOException {
        ResultFile.write(Path.of(good), new MadeUpRun(1).take());
        ResultFile.write(Path.of(slow), new MadeUpRun(2).slowerBy(1.5).take());
    }

    @Test
    void writesThePageBesideTheResultAndTellsWhere() throws IOException {
        assertThat(execute("report", good)).isZero();
        Path page = folder.resolve("good.html");
        assertThat(out.toString().strip()).isEqualTo(page.toString());
        assertThat(Files.readString(page)).startsWith("<!doctype html>");
    }

    @Test
    void writesThePageWhereItIsAsked() {
        Path page = folder.resolve("other.html");
        assertThat(execute("report", good, "-o", page.toString())).isZero();
        assertThat(page).isNotEmptyFile();
    }

    @Test
    void tellsThatAFileIsNoResultWith2AndThatThePageCannotBeWrittenWith1() throws IOException {
        String other = folder.resolve("other.json").toString();
        assertThat(execute("report", other)).isEqualTo(2);
        assertThat(err.toString()).startsWith(other + ": there is no such file");
        Files.writeString(Path.of(other), "{}");
        assertThat(execute("compare", good, other)).isEqualTo(2);
        String nowhere = folder.resolve("nowhere").resolve("page.html").toString();
        assertThat(execute("report", good, "-o", nowhere)).isEqualTo(1);
        assertThat(err.toString()).contains(nowhere + ": cannot be written");
    }

    @Test
    void comparesAndFailsOnlyWhereItIsToldTo() {
        assertThat(execute("compare", good, slow)).isZero();
        assertThat(out.toString().lines())
                .anyMatch(line -> line.matches("p99 of a second, in the mean +.* ms +.* ms +1\\..*worse"));
        assertThat(execute("compare", "--fail-if-worse", good, slow)).isEqualTo(99);
        assertThat(execute("compare", "--fail-if-worse", slow, good)).isZero();
        assertThat(execute("compare", "--fail-if-worse", "--least", "70", good, slow))
                .isZero();
        assertThat(execute("compare", "--least", "-1", good, slow)).isEqualTo(2);
    }

    private int execute(String... args) {
        return BenchCommand.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(args);
    }
}
