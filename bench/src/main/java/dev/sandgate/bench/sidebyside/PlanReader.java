package dev.sandgate.bench.sidebyside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sandgate.bench.scenario.BadScenario;
import dev.sandgate.bench.scenario.StrictJson;
import dev.sandgate.bench.sidebyside.Plan.Measure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads a plan and the contenders beside it. The published schemas are the validator, of all but what they cannot say. */
final class PlanReader {

    private static final String CONTENDER = "contender.json";
    private static final Pattern INSTANCE = Pattern.compile("\\$\\{port:s([0-9]+)}");

    private PlanReader() {}

    /**
     * Reads a plan.
     *
     * @throws BadScenario what is wrong, with file and place
     */
    static Plan read(Path file) throws BadScenario, IOException {
        JsonNode tree = new StrictJson(PlanReader.class, "plan.schema.json").read(file);
        List<Contender> contenders = new ArrayList<>();
        for (JsonNode id : tree.get("contenders")) {
            contenders.add(contender(file.toAbsolutePath().resolveSibling(id.textValue())));
        }
        Map<Measure, ObjectNode> measures = new EnumMap<>(Measure.class);
        for (Measure measure : Measure.values()) {
            if (tree.get(measure.told()) instanceof ObjectNode scenario) {
                measures.put(measure, scenario);
            }
        }
        Plan plan = new Plan(tree.get("rounds").intValue(), List.copyOf(contenders), measures);
        refuseOtherInstances(file, plan);
        return plan;
    }

    private static Contender contender(Path folder) throws BadScenario, IOException {
        Path file = folder.resolve(CONTENDER);
        if (!Files.exists(file)) {
            throw new BadScenario(List.of(file + ": there is no such file (expected: one for each contender)"));
        }
        JsonNode tree = new StrictJson(PlanReader.class, "contender.schema.json").read(file);
        Map<String, String> needs = new LinkedHashMap<>();
        tree.path("needs")
                .properties()
                .forEach(need -> needs.put(need.getKey(), need.getValue().textValue()));
        Map<String, String> files = new LinkedHashMap<>();
        for (JsonNode name : tree.path("files")) {
            files.put(name.textValue(), Files.readString(folder.resolve(name.textValue())));
        }
        List<String> version = new ArrayList<>();
        tree.path("version").forEach(word -> version.add(word.textValue()));
        return new Contender(
                folder.getFileName().toString(),
                folder,
                tree.get("name").textValue(),
                needs,
                List.copyOf(version),
                tree.get("door").textValue(),
                tree.get("programs") instanceof ObjectNode programs ? programs : JsonNodeFactory.instance.objectNode(),
                files);
    }

    // a file that names fewer instances than there are would compare another thing, and nobody would see it
    private static void refuseOtherInstances(Path file, Plan plan) throws BadScenario {
        List<String> problems = new ArrayList<>();
        for (Contender contender : plan.contenders()) {
            int named = INSTANCE.matcher(contender.files() + " " + contender.programs() + " " + contender.door())
                    .results()
                    .map(MatchResult::group)
                    .distinct()
                    .toList()
                    .size();
            plan.measures().forEach((measure, scenario) -> {
                int count = scenario.path("sandboxes").path("count").asInt();
                if (named != count) {
                    problems.add(file + ": " + measure.told() + ".sandboxes.count: " + count + " (expected: " + named
                            + ", as many as " + contender.id() + " names with ${port:sN})");
                }
            });
        }
        if (!problems.isEmpty()) {
            throw new BadScenario(problems);
        }
    }
}
