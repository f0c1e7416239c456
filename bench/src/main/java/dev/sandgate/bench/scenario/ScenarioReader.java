package dev.sandgate.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Reads a scenario's file. The published schema is the validator: what it lets through has the shape that {@link
 * ScenarioTree} takes apart. What it cannot say (a fault of a program that there is none of) is looked at here.
 */
public final class ScenarioReader {

    private static final String SCHEMA = "scenario.schema.json";

    private ScenarioReader() {}

    /**
     * A scenario, and its tree as it was read, with placeholders filled in but for those of the environment.
     *
     * @param tree for the record of what was run
     */
    public record Read(Scenario scenario, JsonNode tree) {}

    /**
     * Reads a file.
     *
     * @throws BadScenario with {@code file:line:column} of each problem
     */
    public static Read read(Path file, Placeholders placeholders) throws BadScenario, IOException {
        StrictJson json = new StrictJson(ScenarioReader.class, SCHEMA);
        JsonNode written = json.read(file);
        JsonNode tree = placeholders.filled(written);
        List<String> problems = new ArrayList<>();
        for (String unknown : placeholders.unknown()) {
            problems.add(file + ": nothing is known for " + unknown
                    + " (expected: ${port:NAME}, ${dir}, ${here}, ${env:NAME}, ${sandgate})");
        }
        for (String problem : json.problems(tree)) {
            problems.add(file + ": with placeholders filled in, " + problem);
        }
        refuse(problems);
        Scenario scenario = new ScenarioTree(tree).scenario();
        refuse(contradictions(file, scenario));
        return new Read(scenario, placeholders.recorded(written));
    }

    /** The published schema. */
    public static String schemaText() throws IOException {
        try (InputStream in = ScenarioReader.class.getResourceAsStream(SCHEMA)) {
            return new String(Objects.requireNonNull(in, SCHEMA).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static List<String> contradictions(Path file, Scenario scenario) {
        List<String> problems = new ArrayList<>();
        List<String> names =
                new ArrayList<>(scenario.programs().stream().map(Program::name).toList());
        if (scenario.sandboxes().oneProcess()) {
            names.add("sandboxes");
        } else {
            for (int n = 1; n <= scenario.sandboxes().count(); n++) {
                names.add("s" + n);
            }
        }
        if (scenario.sessions().stream().allMatch(sort -> sort.arrival().isPresent())) {
            problems.add(
                    file + ": /sessions: each comes by itself (expected: one without an arrival of its own, for the"
                            + " scenario's)");
        }
        for (Sessions sort : scenario.sessions()) {
            if (!sort.headers().isEmpty() && !sort.affinity().plain()) {
                problems.add(String.format(
                        Locale.ROOT, "%s: %s: headers (expected: only of HTTP sessions)", file, sort.name()));
            }
        }
        for (Fault fault : scenario.faults()) {
            String of = programOf(fault.deed());
            if (!of.isEmpty() && !names.contains(of)) {
                problems.add(String.format(
                        Locale.ROOT,
                        "%s: %s: the bench starts no program %s (expected one of %s)",
                        file,
                        fault.told(),
                        of,
                        names));
            }
        }
        return problems;
    }

    private static String programOf(Fault.Deed deed) {
        if (deed instanceof Fault.Kill kill) {
            return kill.program();
        } else if (deed instanceof Fault.Stop stop) {
            return stop.program();
        } else if (deed instanceof Fault.Start start) {
            return start.program();
        }
        return deed instanceof Fault.Pause pause ? pause.program() : "";
    }

    private static void refuse(List<String> problems) throws BadScenario {
        if (!problems.isEmpty()) {
            throw new BadScenario(problems);
        }
    }
}
