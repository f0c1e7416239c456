package dev.sandgate.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandgate.bench.scenario.Affinity.Source;
import dev.sandgate.bench.scenario.Sessions.Ending;
import dev.sandgate.bench.scenario.Sessions.Pace;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Takes a tree apart that the schema has let through: nothing is checked here again. */
final class ScenarioTree {

    private static final int CONNECTIONS = 256;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final JsonNode tree;

    ScenarioTree(JsonNode tree) {
        this.tree = tree;
    }

    Scenario scenario() {
        JsonNode sandboxes = tree.path("sandboxes");
        return new Scenario(
                tree.get("name").textValue(),
                tree.path("seed").asLong(1),
                texts(tree.path("doors")).stream().map(URI::create).toList(),
                duration(tree.path("warmUp"), Duration.ZERO),
                duration(tree.path("duration"), Duration.ZERO),
                tree.path("most").asLong(0),
                arrival(tree.get("arrival")),
                all(tree.path("sessions")).stream().map(ScenarioTree::sessions).toList(),
                tree.path("perInstance").asInt(0),
                tree.path("connections").asInt(CONNECTIONS),
                duration(tree.path("timeout"), TIMEOUT),
                new Scenario.Sandboxes(
                        sandboxes.path("count").asInt(0),
                        sandboxes.path("oneProcess").asBoolean(false)),
                programs(),
                files(),
                all(tree.path("faults")).stream().map(ScenarioTree::fault).toList(),
                texts(tree.path("assert")));
    }

    private static Arrival arrival(JsonNode node) {
        if (node.has("constant")) {
            return new Arrival.Constant(node.get("constant").doubleValue());
        } else if (node.has("poisson")) {
            return new Arrival.Poisson(node.get("poisson").doubleValue());
        } else if (node.has("ramp")) {
            JsonNode ramp = node.get("ramp");
            return new Arrival.Ramp(
                    ramp.get("from").doubleValue(), ramp.get("to").doubleValue());
        } else if (node.has("spike")) {
            JsonNode spike = node.get("spike");
            return new Arrival.Spike(
                    spike.get("base").doubleValue(),
                    spike.get("peak").doubleValue(),
                    duration(spike.get("at"), Duration.ZERO),
                    duration(spike.get("for"), Duration.ZERO));
        }
        return new Arrival.Closed(node.get("closed").intValue());
    }

    private static Sessions sessions(JsonNode node) {
        Affinity affinity = affinity(node.get("affinity"));
        Pace pace = node.has("every")
                ? new Pace(true, duration(node.get("every"), Duration.ZERO))
                : new Pace(false, duration(node.path("think"), Duration.ZERO));
        return new Sessions(
                node.path("name")
                        .asText(affinity.source()
                                .name()
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '-')),
                node.path("weight").asInt(1),
                node.has("arrival") ? Optional.of(arrival(node.get("arrival"))) : Optional.empty(),
                affinity,
                node.get("calls").intValue(),
                pace,
                node.path("host").asText(""),
                node.path("path").asText("/count"),
                named(node.path("headers")),
                node.path("stream").asText(""),
                duration(node.path("hold"), Duration.ZERO),
                node.path("end").asText("end").equals("end") ? Ending.END : Ending.VANISH);
    }

    private static Affinity affinity(JsonNode node) {
        if (node.isTextual()) {
            return new Affinity(source(node.textValue()), "");
        }
        Map.Entry<String, JsonNode> only = node.properties().iterator().next();
        return new Affinity(source(only.getKey()), only.getValue().textValue());
    }

    private static Source source(String name) {
        return Source.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private List<Program> programs() {
        List<Program> programs = new ArrayList<>();
        tree.path("programs").properties().forEach(entry -> {
            JsonNode program = entry.getValue();
            programs.add(new Program(
                    entry.getKey(),
                    texts(program.get("command")),
                    program.path("ready").asText(""),
                    named(program.path("env")),
                    program.path("door").asBoolean(false)));
        });
        return programs;
    }

    private Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        tree.path("files").properties().forEach(entry -> files.put(entry.getKey(), content(entry.getValue())));
        return files;
    }

    private static String content(JsonNode file) {
        if (file.isTextual()) {
            return file.textValue();
        }
        return file.isArray() ? String.join("\n", texts(file)) + "\n" : file.toPrettyString() + "\n";
    }

    private static Fault fault(JsonNode node) {
        Duration at = duration(node.get("at"), Duration.ZERO);
        return new Fault(at, deed(node));
    }

    private static Fault.Deed deed(JsonNode node) {
        if (node.has("kill")) {
            return new Fault.Kill(node.get("kill").textValue());
        } else if (node.has("stop")) {
            return new Fault.Stop(node.get("stop").textValue());
        } else if (node.has("start")) {
            return new Fault.Start(node.get("start").textValue());
        } else if (node.has("pause")) {
            return new Fault.Pause(node.get("pause").textValue(), duration(node.get("for"), Duration.ZERO));
        } else if (node.has("call")) {
            JsonNode call = node.get("call");
            return new Fault.Call(
                    call.get("method").textValue(),
                    call.get("url").textValue(),
                    call.path("body").asText(""));
        }
        JsonNode redis = node.get("redis");
        URI url = URI.create(redis.get("url").textValue());
        return new Fault.Redis(url.getHost(), url.getPort(), texts(redis.get("command")));
    }

    private static Duration duration(JsonNode node, Duration absent) {
        if (node.isMissingNode()) {
            return absent;
        }
        String text = node.textValue();
        int unit = text.endsWith("ms") ? text.length() - 2 : text.length() - 1;
        long number = Long.parseLong(text.substring(0, unit));
        return switch (text.substring(unit)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }

    private static Map<String, String> named(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties()
                .forEach(one -> texts.put(one.getKey(), one.getValue().textValue()));
        return texts;
    }

    private static List<String> texts(JsonNode array) {
        return all(array).stream().map(JsonNode::textValue).toList();
    }

    private static List<JsonNode> all(JsonNode array) {
        List<JsonNode> items = new ArrayList<>();
        array.forEach(items::add);
        return items;
    }
}
