package dev.sandgate.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandgate.bench.result.Violation.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ResultFileTest {

    private static final Result RUN = new MadeUpRun(3)
            .through(new Result.FaultSeen(3_000, "kill s1", 1_500, 80, 14))
            .breaking(new Violation(Kind.TOLD_TOO_EARLY, 1, List.of("POST /mcp -> 404 \u00e4\u2028</script>")))
            .stalling(new Result.Stall(3_100, 510))
            .heldBackBy("it was late by 40 ms")
            .take()
            .judged(Assertion.parse("p99 < 1ms, misrouted = 0"));

    private final Path file;

    ResultFileTest(@TempDir Path folder) {
        this.file = folder.resolve("result.json");
    }

    @Test
    void isReadAsItWasWritten() throws IOException {
        for (Result result : List.of(RUN, new MadeUpRun(3).with(0, 0).take())) {
            ResultFile.write(file, result);
            Result read = ResultFile.read(file);
            assertThat(read.equals(result)).isTrue();
            assertThat(ResultFile.text(read)).isEqualTo(ResultFile.text(result));
        }
    }

    @Test
    void tellsFirstWhatIsAskedFirst() throws IOException {
        ResultFile.write(file, RUN);
        JsonNode tree = new ObjectMapper().readTree(file.toFile());
        List<String> fields = new ArrayList<>();
        tree.fieldNames().forEachRemaining(fields::add);
        assertThat(fields).startsWith("format", "name", "passed", "scenario", "environment", "started");
        assertThat(tree.path("passed").booleanValue()).isFalse();
        assertThat(tree.path("started").textValue()).isEqualTo("2026-11-22T10:15:30Z");
        assertThat(tree.at("/violations/0/kind").textValue()).isEqualTo("told-too-early");
    }

    @Test
    void hasALineForEachSecond() throws IOException {
        ResultFile.write(file, RUN);
        assertThat(Files.readAllLines(file).stream().filter(line -> line.contains("\"generatorCpu\"")))
                .hasSize(RUN.timeline().size())
                .allMatch(line -> line.strip().startsWith("{ \"second\" : "));
    }

    @Test
    void readsAFileWithFieldsThatItDoesNotKnow() throws IOException {
        change(tree -> {
            tree.put("later", 1);
            ((ObjectNode) tree.path("requests")).put("later", 1);
        });
        assertThat(ResultFile.read(file).requests()).isEqualTo(RUN.requests());
    }

    @Test
    void refusesAnotherFormatByItsNumber() throws IOException {
        change(tree -> tree.put("format", 2));
        assertRefused("format 2 (expected: a result of bench run, \"format\": 1");
        change(tree -> tree.put("format", "1"));
        assertRefused("no format number");
        Files.writeString(file, "[]");
        assertRefused("no format number");
        Files.writeString(file, "");
        assertRefused("no format number");
    }

    @Test
    void namesThePlaceWhereTheFileIsBroken() throws IOException {
        Files.writeString(file, "{\n  \"format\": 1,\n  \"name\" x\n}");
        assertRefused("no JSON at 3:10: ");
        change(tree -> tree.remove("requests"));
        assertRefused("requests: Missing creator property 'requests' (expected");
        change(tree -> ((ObjectNode) tree.path("timeline").path(4)).put("p50", "fast"));
        assertRefused("timeline[4].p50: ");
        change(tree -> ((ObjectNode) tree.path("timeline").path(4)).putNull("p50"));
        assertRefused("timeline[4]");
        change(tree -> tree.put("started", "today"));
        assertRefused("started: ");
        change(tree -> ((ObjectNode) tree.path("violations").path(0)).put("kind", "WRONG"));
        assertRefused("violations[0].kind: ");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertRefused("there is no such file");
    }

    private void change(Consumer<ObjectNode> how) throws IOException {
        ObjectNode tree = (ObjectNode) new ObjectMapper().readTree(ResultFile.text(RUN));
        how.accept(tree);
        Files.writeString(file, tree.toString());
    }

    private void assertRefused(String what) {
        assertThatThrownBy(() -> ResultFile.read(file))
                .isInstanceOf(ResultFile.Unreadable.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(what)
                .hasMessageContaining("(expected: a result of bench run")
                .satisfies(refused -> assertThat(refused.getMessage()).doesNotContain("\n", "dev.sandgate"));
    }
}
