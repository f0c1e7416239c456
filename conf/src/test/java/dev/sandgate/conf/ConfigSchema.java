package dev.sandgate.conf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The schema as it is published in the jar. */
final class ConfigSchema {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final JsonNode tree;
    private final Schema schema;

    private ConfigSchema(JsonNode tree) {
        this.tree = tree;
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(tree);
    }

    static ConfigSchema published() {
        try (InputStream in = ConfigReader.class.getResourceAsStream("sandgate.schema.json")) {
            return new ConfigSchema(JSON.readTree(Objects.requireNonNull(in, "no schema in the jar")));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The object whose properties are described there, references followed. */
    JsonNode at(String pointer) {
        return follow(tree.at(pointer));
    }

    /**
     * One key that a config may have.
     *
     * @param path as the manual writes it: {@code pools.<name>.sessions.idleTimeout}, {@code routes[].name}
     */
    record Key(String path, String description, boolean required, boolean defaulted) {

        boolean described() {
            return description.length() > 10;
        }
    }

    /** Every key, the outermost first; of what may stand in several places, the first. */
    List<Key> keys() {
        Keys keys = new Keys(new ArrayList<>(), Collections.newSetFromMap(new IdentityHashMap<>()));
        collect(tree, "", keys);
        return keys.found;
    }

    /** @param seen objects whose keys were found */
    private record Keys(List<Key> found, Set<JsonNode> seen) {}

    private void collect(JsonNode node, String path, Keys keys) {
        if (!keys.seen.add(node)) {
            return;
        }
        Set<String> required = new HashSet<>();
        node.path("required").forEach(name -> required.add(name.asText()));
        // One of several: there is none that could be left out.
        boolean choice = node.path("maxProperties").asInt() == 1;
        for (Map.Entry<String, JsonNode> property : node.path("properties").properties()) {
            JsonNode value = property.getValue();
            String here = path + property.getKey();
            boolean needed = choice || required.contains(property.getKey());
            keys.found.add(new Key(here, value.path("description").asText(), needed, value.has("default")));
            inside(value, here, keys);
        }
    }

    /** What is below one key: an object, objects by name, a list of objects, or one of several shapes. */
    private void inside(JsonNode value, String here, Keys keys) {
        collect(follow(value), here + ".", keys);
        JsonNode named = follow(value.path("additionalProperties"));
        if (named.has("properties")) {
            collect(named, here + ".<name>.", keys);
        }
        JsonNode items = follow(value.path("items"));
        collect(items, here + "[].", keys);
        items.path("anyOf").forEach(shape -> collect(follow(shape), here + "[].", keys));
        value.path("anyOf").forEach(shape -> collect(follow(shape), here + ".", keys));
    }

    private JsonNode follow(JsonNode node) {
        return node.has("$ref") ? tree.at(node.get("$ref").asText().substring(1)) : node;
    }

    static JsonNode parse(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    /** Whether an editor would find nothing to underline. */
    boolean accepts(String text) {
        try {
            JsonNode value = JSON.readTree(text);
            return !value.isMissingNode() && schema.validate(value).isEmpty();
        } catch (JsonProcessingException noJson) {
            return false;
        }
    }
}
