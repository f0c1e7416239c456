package dev.sandgate.bench.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandgate.bench.sidebyside.Plan.Measure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The comparison at a small size, with real processes. */
@Timeout(value = 5, unit = TimeUnit.MINUTES) // it starts a dozen processes
final class RealDoorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PrintWriter OUT = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void measuresADoorThatNeedsNothingByLoadAndByStreams() throws Exception {
        String load = "\"load\": " + PlanFolder.SHORT.formatted("").replace("2s", "1s");
        String streams = "\"streams\": "
                + PlanFolder.SHORT.formatted(
                        ", \"stream\": \"/events?n=0&every=3600000\", \"hold\": \"1m\", \"end\": \"vanish\"");
        Path plan = new PlanFolder(folder).sandbox("a").missing("x").file(2, load + ", " + streams);
        StringWriter table = new StringWriter();
        int exit = new CommandLine(new SideBySideCommand(new PrintWriter(table), OUT))
                .execute(plan.toString(), "--out", folder.resolve("out").toString());
        assertThat(exit).isZero();
        List<String> cells = List.of(table.toString().lines().toList().get(2).split(" \\| ", -1));
        assertThat(cells).hasSizeGreaterThanOrEqualTo(8).noneMatch(String::isBlank);
        assertThat(cells.get(cells.size() - 2)).as("failed").isEqualTo("0");
        assertThat(table.toString()).contains("Left out: missing x");
        assertThat(folder.resolve("out/round-2/a/streams/result.json")).exists();
    }

    /** The first of the plan's contenders that is installed here, and needs nothing else of this build. */
    @Test
    void measuresADoorThatIsInstalled() throws Exception {
        List<Contender> here = PlanReader.read(Path.of("side-by-side", "plan.json")).contenders().stream()
                .filter(contender -> List.of("haproxy", "nginx-hash").contains(contender.id()))
                .filter(contender -> Needs.missing(contender).isEmpty())
                .limit(1)
                .toList();
        ObjectNode load = (ObjectNode) JSON.readTree("""
                { "duration": "1s", "arrival": { "constant": 10 }, "connections": 8, "timeout": "1m",
                  "sandboxes": { "count": 4, "oneProcess": true },
                  "sessions": [{ "affinity": { "header": "X-Session-Id" }, "calls": 5, "think": "50ms" }] }
                """);
        Plan plan = new Plan(2, here, Map.of(Measure.LOAD, load));
        Findings findings = new SideBySide(plan, folder, Course.real(OUT), OUT).run();
        assertThat(findings.rows()).hasSameSizeAs(here).allSatisfy(row -> {
            // a few requests may take less than the 10 ms in which a system counts
            assertThat(row.figure(Column.CPU).orElseThrow().each()).hasSize(2);
            assertThat(row.figure(Column.MEMORY).orElseThrow().least()).isPositive();
            assertThat(row.figure(Column.PER_SECOND).orElseThrow().least()).isPositive();
            assertThat(row.version()).containsPattern("[0-9]");
            assertThat(row.broken()).isZero();
            assertThat(row.failed()).isZero();
        });
    }
}
