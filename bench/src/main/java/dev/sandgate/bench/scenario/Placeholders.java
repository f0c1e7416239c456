package dev.sandgate.bench.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands for something that is known at the start only: {@code ${port:NAME}} for a free port, the same wherever the
 * name stands; {@code ${dir}} for the run's folder; {@code ${here}} for the scenario's; {@code ${env:NAME}} for a variable
 * of the environment; {@code ${sandgate}} for the launcher. {@code $${port}} is {@code ${port}}, for the file of a program
 * that has placeholders of its own.
 *
 * <p>The ports are kept taken until {@link #free} is called, so that no two names get the same.
 */
public final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$?\\$\\{([a-z]+)(?::([^}]*))?\\}");

    private static final Pattern PORT = Pattern.compile("\\$\\{port:[^}]+\\}");

    private final Path dir;
    private final Path here;
    private final Map<String, ServerSocket> ports = new HashMap<>();
    private final List<String> unknown = new ArrayList<>();

    /**
     * For one run.
     *
     * @param dir its folder
     * @param here the folder of its scenario
     */
    public Placeholders(Path dir, Path here) {
        this.dir = dir;
        this.here = here;
    }

    /**
     * The same tree with every text filled in; field names stay as they are. Within {@code files}, what is a port and nothing
     * else is a number, as programs expect it in their JSON.
     */
    JsonNode filled(JsonNode tree) {
        return filled(tree, false, true);
    }

    /** The same for the record of a run: what the environment says stays a placeholder, since it may be a secret. */
    JsonNode recorded(JsonNode tree) {
        return filled(tree, false, false);
    }

    private JsonNode filled(JsonNode node, boolean inFiles, boolean secrets) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.properties()
                    .forEach(field -> copy.set(
                            field.getKey(),
                            filled(field.getValue(), inFiles || field.getKey().equals("files"), secrets)));
            return copy;
        } else if (node instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(item -> copy.add(filled(item, inFiles, secrets)));
            return copy;
        } else if (!node.isTextual()) {
            return node;
        }
        String filled = filled(node.textValue(), secrets);
        return inFiles && PORT.matcher(node.textValue()).matches()
                ? IntNode.valueOf(Integer.parseInt(filled))
                : TextNode.valueOf(filled);
    }

    /** What no value was found for, as it stands in the file. */
    List<String> unknown() {
        return List.copyOf(unknown);
    }

    /** The port that a name stands for. */
    public int port(String name) {
        return ports.computeIfAbsent(name, first -> taken()).getLocalPort();
    }

    /** Gives the ports to those who are to listen there. */
    public void free() {
        ports.values().forEach(Placeholders::close);
    }

    /** The same text, filled in. */
    public String filled(String text) {
        return filled(text, true);
    }

    private String filled(String text, boolean secrets) {
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        secrets || !found.group(1).equals("env") ? value(found) : found.group()));
    }

    private String value(MatchResult found) {
        if (found.group().startsWith("$$")) {
            return found.group().substring(1);
        }
        String name = found.group(2);
        String value =
                switch (found.group(1)) {
                    case "port" -> name == null || name.isEmpty() ? null : Integer.toString(port(name));
                    case "dir" -> dir.toString();
                    case "here" -> here.toString();
                    case "env" -> name == null ? null : System.getenv(name);
                    case "sandgate" -> System.getenv("SANDGATE_LAUNCHER");
                    default -> null;
                };
        if (value == null) {
            unknown.add(found.group());
            return found.group();
        }
        return value;
    }

    private static ServerSocket taken() {
        try {
            return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException none) {
            throw new UncheckedIOException("no free port to be had", none);
        }
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException goneAnyway) {
            throw new UncheckedIOException(goneAnyway);
        }
    }
}
