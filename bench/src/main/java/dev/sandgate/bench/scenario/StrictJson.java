package dev.sandgate.bench.scenario;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.serialization.NodeReader;
import com.networknt.schema.utils.JsonNodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Files of one published schema, which is their validator. Safe from any thread. */
public final class StrictJson {

    private final Schema schema;

    /**
     * Of a schema that is a resource.
     *
     * @param beside a class of the resource's package
     */
    public StrictJson(Class<?> beside, String name) throws IOException {
        try (InputStream in = beside.getResourceAsStream(name)) {
            schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Objects.requireNonNull(in, name));
        }
    }

    /**
     * Reads a file that the schema lets through.
     *
     * @throws BadScenario with {@code file:line:column} of each problem
     */
    public JsonNode read(Path file) throws BadScenario, IOException {
        JsonNode tree = parsed(file);
        List<String> problems = schema.validate(tree).stream()
                .map(error ->
                        place(file, error.getInstanceNode()) + error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
        if (!problems.isEmpty()) {
            throw new BadScenario(problems);
        }
        return tree;
    }

    /** What the schema has against a tree; empty: nothing. */
    List<String> problems(JsonNode tree) {
        return schema.validate(tree).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    private static JsonNode parsed(Path file) throws BadScenario, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return NodeReader.builder().locationAware().build().readTree(in, InputFormat.JSON);
        } catch (IllegalArgumentException wrapped) {
            if (!(wrapped.getCause() instanceof JacksonException broken)) {
                throw wrapped;
            }
            JsonLocation at = broken.getLocation();
            throw new BadScenario(List.of(file + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": not JSON: "
                    + broken.getOriginalMessage()));
        }
    }

    private static String place(Path file, JsonNode node) {
        JsonLocation at = JsonNodes.tokenStreamLocationOf(node);
        return at == null ? file + ": " : file + ":" + at.getLineNr() + ":" + at.getColumnNr() + ": ";
    }
}
