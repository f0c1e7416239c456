package dev.sandgate.bench.sidebyside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandgate.bench.scenario.BadScenario;
import dev.sandgate.bench.scenario.Placeholders;
import dev.sandgate.bench.scenario.ScenarioReader;
import dev.sandgate.bench.scenario.ScenarioReader.Read;
import dev.sandgate.bench.sidebyside.Plan.Measure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanReaderTest {

    private static final String LOAD = "\"load\": " + PlanFolder.SHORT.formatted("");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void takesThePlanThatIsHereAndMakesAScenarioOfEachOfItsContenders() throws Exception {
        Plan plan = PlanReader.read(Path.of("side-by-side", "plan.json"));
        assertThat(plan.contenders()).hasSize(7);
        for (Contender contender : plan.contenders()) {
            for (Map.Entry<Measure, ObjectNode> measure : plan.measures().entrySet()) {
                Heat heat = new Heat(1, contender, measure.getKey(), measure.getValue());
                // the launcher's path is known only where the launcher started this
                String whole = heat.whole().toString().replace("${sandgate}", "/sandgate");
                Path file = Files.writeString(folder.resolve("scenario.json"), whole);
                Placeholders placeholders = new Placeholders(folder, contender.folder());
                Read read = ScenarioReader.read(file, placeholders);
                placeholders.free();
                assertThat(read.scenario().programs()).anyMatch(program -> program.door());
                assertThat(read.scenario().files().values())
                        .isNotEmpty()
                        .allMatch(text -> !text.contains("${"), contender.id());
            }
        }
    }

    @Test
    void refusesWhatItDoesNotKnowWithItsPlace() throws Exception {
        Path plan = new PlanFolder(folder).sandbox("a").file(1, LOAD + ",\n \"loads\": {}");
        assertThatThrownBy(() -> PlanReader.read(plan))
                .isInstanceOf(BadScenario.class)
                .hasMessageContaining("plan.json:")
                .hasMessageContaining("loads");
        Path other =
                new PlanFolder(folder).contender("b", "{ \"name\": \"b\" }").file(1, LOAD);
        assertThatThrownBy(() -> PlanReader.read(other))
                .isInstanceOf(BadScenario.class)
                .hasMessageContaining("contender.json:")
                .hasMessageContaining("door");
    }

    @Test
    void refusesAScenarioThatBringsWhatIsTheContenders() throws Exception {
        String load = LOAD.replace("\"duration\"", "\"doors\": [], \"duration\"");
        Path plan = new PlanFolder(folder).sandbox("a").file(1, load);
        assertThatThrownBy(() -> PlanReader.read(plan))
                .isInstanceOf(BadScenario.class)
                .hasMessageContaining("/load/doors");
    }

    @Test
    void refusesAContenderThatNamesOtherInstancesThanThereAre() throws Exception {
        Path plan = new PlanFolder(folder)
                .sandbox("a")
                .contender("b", "{ \"name\": \"b\", \"door\": \"http://127.0.0.1:${port:s1}\" }")
                .file(1, LOAD);
        assertThatThrownBy(() -> PlanReader.read(plan))
                .isInstanceOf(BadScenario.class)
                .hasMessageEndingWith("load.sandboxes.count: 0 (expected: 1, as many as b names with ${port:sN})");
    }

    @Test
    void tellsWhichContenderIsNotThere() throws Exception {
        Path plan = new PlanFolder(folder).sandbox("a").file(1, LOAD);
        Files.delete(folder.resolve("a/contender.json"));
        assertThatThrownBy(() -> PlanReader.read(plan))
                .isInstanceOf(BadScenario.class)
                .hasMessageContaining("a/contender.json: there is no such file");
    }
}
