package dev.sandgate.bench.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandgate.bench.sidebyside.Plan.Measure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The comparison at a small size, with real processes. */
final class RealDoorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PrintWriter OUT = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void comparesTwoSandboxesAndFindsEveryFigure() throws Exception {
        String load = "\"load\": " + PlanFolder.SHORT.formatted("").replace("2s", "1s");
        String streams = "\"streams\": "
                + PlanFolder.SHORT.formatted(
                        ", \"stream\": \"/events?n=0&every=3600000\", \"hold\": \"1m\", \"end\": \"vanish\"");
        Path plan =
                new PlanFolder(folder).sandbox("a").missing("x").sandbox("b").file(2, load + ", " + streams);
        StringWriter table = new StringWriter();
        int exit = new CommandLine(new SideBySideCommand(new PrintWriter(table), OUT))
                .execute(plan.toString(), "--out", folder.resolve("out").toString());
        assertThat(exit).isZero();
        assertThat(table.toString().lines().skip(2).limit(2))
                .allSatisfy(row -> assertThat(row.substring(2, row.length() - 2).split(" \\| ", -1))
                        .hasSize(9)
                        .noneMatch(String::isBlank));
        assertThat(table.toString()).contains("Left out: missing x");
        assertThat(folder.resolve("out/round-2/b/streams/result.json")).exists();
    }

    /** Those of the plan's contenders that are installed here, and need nothing else of this build. */
    @Test
    void measuresTheDoorsThatAreInstalled() throws Exception {
        Plan shipped = PlanReader.read(Path.of("side-by-side", "plan.json"));
        List<Contender> here = shipped.contenders().stream()
                .filter(contender -> List.of("haproxy", "nginx-hash").contains(contender.id()))
                .toList();
        ObjectNode load = (ObjectNode) JSON.readTree("""
                { "duration": "1s", "arrival": { "constant": 10 }, "connections": 8,
                  "sandboxes": { "count": 4, "oneProcess": true },
                  "sessions": [{ "affinity": { "header": "X-Session-Id" }, "calls": 5, "think": "50ms" }] }
                """);
        Plan plan = new Plan(2, here, Map.of(Measure.LOAD, load));
        Findings findings = new SideBySide(plan, folder, Course.real(OUT), OUT).run();
        long installed =
                here.stream().filter(one -> Needs.missing(one).isEmpty()).count();
        assertThat(findings.leftOut()).hasSize(here.size() - (int) installed);
        assertThat(findings.rows()).hasSize((int) installed).allSatisfy(row -> {
            assertThat(row.figure(Column.CPU).orElseThrow().least()).isPositive();
            assertThat(row.version()).containsPattern("[0-9]");
            assertThat(row.broken()).isZero();
            assertThat(row.failed()).isZero();
        });
        assertThat(Files.readString(folder.resolve(SideBySide.MARKDOWN))).isEqualTo(MarkdownTable.of(findings));
    }
}
