package dev.sandgate.bench.load;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sandgate.bench.truth.Sight;
import dev.sandgate.bench.wire.Answer;
import dev.sandgate.bench.wire.Ask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What an MCP client says, and how it reads what it is told. */
final class McpWords {

    static final String SESSION = "Mcp-Session-Id";
    static final String VERSION = "MCP-Protocol-Version";
    static final String STREAMABLE = "2025-11-25";
    static final String STATELESS = "2026-07-28";
    static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";

    private static final ObjectMapper JSON = new ObjectMapper();

    private McpWords() {}

    static String initialize(String version) {
        return "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + version
                + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"sandgate-bench\",\"version\":\"1\"}}}";
    }

    static String count(long number) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + number
                + ",\"method\":\"tools/call\",\"params\":{\"name\":\"count\",\"arguments\":{}}}";
    }

    static Ask post(String target, String message) {
        return Ask.of("POST", target, message)
                .with("Content-Type", "application/json")
                .with("Accept", "application/json, text/event-stream");
    }

    /** The response to a request, from a JSON body or the event stream of a {@code POST}. */
    static Said responseTo(long number, Answer answer) {
        if (!Said.success(answer)) {
            return Said.refusal(answer);
        }
        if (!answer.streams()) {
            return response(number, answer.body()).orElseGet(() -> Said.halfOf(answer.body()));
        }
        List<Said> found = new ArrayList<>();
        SseLines.each(answer.body(), (name, id, data) -> response(number, data).ifPresent(found::add));
        return found.isEmpty() ? Said.halfOf(answer.body()) : found.get(found.size() - 1);
    }

    /** What a message says in response to a request; empty: it is none, or none to that. */
    static Optional<Said> response(long number, String message) {
        JsonNode tree;
        try {
            tree = JSON.readTree(message);
        } catch (JacksonException half) {
            return Optional.empty();
        }
        if (!tree.path("id").isNumber() || tree.path("id").longValue() != number) {
            return Optional.empty();
        }
        if (tree.has("error")) {
            return Optional.of(
                    Said.failed("json-rpc" + tree.path("error").path("code").asText("")));
        }
        String text = tree.path("result").path("content").path(0).path("text").asText("");
        return Optional.of(
                text.isEmpty() ? Said.well() : Sight.of(text).map(Said::seen).orElseGet(() -> Said.halfOf(text)));
    }
}
