package dev.sandgate.bench.scenario;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.serialization.NodeReader;
import com.networknt.schema.utils.JsonNodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
     * A scenario, and its tree as it was read, with placeholders filled in.
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
        JsonNode written = parse(file);
        List<String> problems = new ArrayList<>();
        for (Error error : schema().validate(written)) {
            problems.add(
                    place(file, error.getInstanceNode()) + error.getInstanceLocation() + ": " + error.getMessage());
        }
        refuse(problems);
        JsonNode tree = placeholders.filled(written);
        for (String unknown : placeholders.unknown()) {
            problems.add(file + ": nothing is known for " + unknown
                    + " (expected: ${port:NAME}, ${dir}, ${here}, ${env:NAME}, ${sandgate})");
        }
        for (Error error : schema().validate(tree)) {
            problems.add(
                    file + ": with placeholders filled in, " + error.getInstanceLocation() + ": " + error.getMessage());
        }
        refuse(problems);
        Scenario scenario = new ScenarioTree(tree).scenario();
        refuse(contradictions(file, scenario));
        return new Read(scenario, tree);
    }

    private static JsonNode parse(Path file) throws BadScenario, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return NodeReader.builder().locationAware().build().readTree(in, InputFormat.JSON);
        } catch (JacksonException broken) {
            JsonLocation at = broken.getLocation();
            throw new BadScenario(List.of(file + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": not JSON: "
                    + broken.getOriginalMessage()));
        }
    }

    private static Schema schema() {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemaText(), InputFormat.JSON);
    }

    /** The published schema. */
    public static String schemaText() {
        try (InputStream in = ScenarioReader.class.getResourceAsStream(SCHEMA)) {
            return new String(Objects.requireNonNull(in, SCHEMA).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException brokenJar) {
            throw new UncheckedIOException(brokenJar);
        }
    }

    private static String place(Path file, JsonNode node) {
        JsonLocation at = JsonNodes.tokenStreamLocationOf(node);
        return at == null ? file + ": " : file + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": ";
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
