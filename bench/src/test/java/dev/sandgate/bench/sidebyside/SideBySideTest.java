package dev.sandgate.bench.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.result.MadeUpRun;
import dev.sandgate.bench.result.Violation;
import dev.sandgate.bench.stage.StageFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SideBySideTest {

    private static final String LOAD = "\"load\": " + PlanFolder.SHORT.formatted("");

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter told = new StringWriter();
    private final List<String> made = new ArrayList<>();

    @Test
    void beginsEachRoundWithAnotherContender() throws Exception {
        Plan plan = three().plan(3, LOAD + ", \"streams\": " + PlanFolder.SHORT.formatted(""));
        run(plan, (heat, dir) -> new MadeUpRun(1).take());
        assertThat(made)
                .containsExactly(
                        "a1 load",
                        "a1 streams",
                        "b1 load",
                        "b1 streams",
                        "c1 load",
                        "c1 streams",
                        "b2 load",
                        "b2 streams",
                        "c2 load",
                        "c2 streams",
                        "a2 load",
                        "a2 streams",
                        "c3 load",
                        "c3 streams",
                        "a3 load",
                        "a3 streams",
                        "b3 load",
                        "b3 streams");
    }

    @Test
    void tellsTheMedianAndTheSpreadOfEachDoor() throws Exception {
        Plan plan = three().plan(3, LOAD);
        Findings findings = run(plan, (heat, dir) -> {
            boolean first = heat.contender().id().equals("a");
            return new MadeUpRun(1)
                    .lasting(1)
                    .with(1, first ? 100 * heat.round() : 7)
                    .breaking(first ? new Violation[0] : new Violation[] {violation()})
                    .take();
        });
        Row a = findings.rows().get(0);
        Spread perSecond = a.figure(Column.PER_SECOND).orElseThrow();
        assertThat(perSecond.each()).hasSize(3).isSorted();
        assertThat(perSecond.median()).isEqualTo(perSecond.each().get(1));
        assertThat(MarkdownTable.figure(a, Column.PER_SECOND))
                .isEqualTo("%.0f (%.0f to %.0f)", perSecond.median(), perSecond.least(), perSecond.most());
        // what MadeUpRun's door uses for each answer
        assertThat(a.figure(Column.CPU).orElseThrow().median()).isEqualTo(1_100);
        assertThat(a.figure(Column.MEMORY).orElseThrow().median()).isEqualTo(200);
        assertThat(findings.rows()).extracting(Row::broken).containsExactly(0L, 15L, 15L);
        assertThat(Files.readString(folder.resolve("out/side-by-side.md")))
                .contains("| sandbox a | ", "The median of 3 rounds")
                .isEqualTo(MarkdownTable.of(findings));
        assertThat(Files.readString(folder.resolve("out/side-by-side.html")))
                .contains("<td class=\"l\">sandbox a</td>", "<circle ")
                .doesNotContain("{{");
    }

    @Test
    void leavesOutWhatIsMissingAndTellsWhatBringsIt() throws Exception {
        Plan plan = new PlanFolder(folder).missing("x").sandbox("a").plan(1, LOAD);
        Findings findings = run(plan, (heat, dir) -> new MadeUpRun(1).take());
        String needs = "no-such-door (apt-get install no-such-door), no/such.jar (make it)";
        assertThat(made).containsExactly("a1 load");
        assertThat(told.toString()).contains("missing x is left out; it needs " + needs);
        assertThat(MarkdownTable.of(findings))
                .contains("- Left out: missing x: " + needs)
                .doesNotContain("| missing x");
        assertThat(findings.troubled()).isFalse();
    }

    @Test
    void goesOnWhenADoorDoesNotStart() throws Exception {
        Findings findings = run(three().plan(2, LOAD), (heat, dir) -> {
            if (heat.contender().id().equals("b")) {
                throw StageFailure.of(List.of("door ended before it was ready"));
            }
            return new MadeUpRun(1).take();
        });
        assertThat(findings.rows()).extracting(Row::name).containsExactly("sandbox a", "sandbox c");
        assertThat(findings.troubled()).isTrue();
        assertThat(findings.notes())
                .contains("round 1, sandbox b, load could not be made: door ended before it was ready");
    }

    @Test
    void saysWhenTheGeneratorWasTheBottleneck() throws Exception {
        Findings findings = run(three().plan(1, LOAD), (heat, dir) -> new MadeUpRun(1)
                .heldBackBy("too slow | too late")
                .take());
        assertThat(MarkdownTable.of(findings))
                .contains(
                        "In 3 of 3 heats the generator was held back",
                        "round 1, sandbox a, load: too slow \\| too late");
    }

    @Test
    void writesNamesIntoThePageAsTextOnly() throws Exception {
        Plan plan = new PlanFolder(folder)
                .contender("a", "{ \"name\": \"<b>|&\\\"\", \"door\": \"http://127.0.0.1:1\" }")
                .plan(1, LOAD);
        Findings findings = run(plan, (heat, dir) -> new MadeUpRun(1).take());
        assertThat(HtmlPage.of(findings)).contains("&lt;b&gt;|&amp;&quot;").doesNotContain("<b>|");
        assertThat(MarkdownTable.of(findings)).contains("| <b>\\|&\" | ");
    }

    private PlanFolder three() throws Exception {
        return new PlanFolder(folder).sandbox("a").sandbox("b").sandbox("c");
    }

    private Findings run(Plan plan, Course course) throws Exception {
        Course noted = (heat, dir) -> {
            made.add(heat.contender().id() + heat.round() + " " + heat.measure().told());
            return course.run(heat, dir);
        };
        return new SideBySide(plan, folder.resolve("out"), noted, new PrintWriter(told, true)).run();
    }

    private static Violation violation() {
        return new Violation(Violation.Kind.WRONG_INSTANCE, 5, List.of());
    }
}
