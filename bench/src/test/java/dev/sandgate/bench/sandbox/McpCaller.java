package dev.sandgate.bench.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says JSON-RPC to a sandbox under test. */
record McpCaller(SandboxUnderTest under) {

    static final String SESSION = "Mcp-Session-Id";

    /** A stream of events that is read as it comes. Close it to hang up. */
    record Events(HttpResponse<InputStream> response, BufferedReader lines) implements AutoCloseable {

        /** The next event's lines, joined by LF; empty: the stream is over. */
        Optional<String> next() {
            StringBuilder event = new StringBuilder();
            try {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.isEmpty()) {
                        return Optional.of(event.toString());
                    }
                    event.append(line).append('\n');
                }
                return Optional.empty();
            } catch (IOException cut) {
                return Optional.empty();
            }
        }

        /** The value of one field of this event. */
        static String field(String event, String name) {
            return Arrays.stream(event.split("\n", -1))
                    .filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }

        JsonObject message() {
            return new JsonObject(field(next().orElseThrow(), "data"));
        }

        @Override
        public void close() {
            try {
                lines.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }

    static JsonObject request(int id, String method, JsonObject params) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", method)
                .put("params", params);
    }

    static JsonObject initialize() {
        return request(1, "initialize", new JsonObject().put("protocolVersion", "2025-11-25"));
    }

    static JsonObject call(int id, String tool, JsonObject arguments) {
        return request(
                id,
                "tools/call",
                new JsonObject()
                        .put("name", tool)
                        .put("arguments", arguments)
                        .put("_meta", new JsonObject().put("progressToken", "t")));
    }

    static JsonObject notification(String method) {
        return new JsonObject().put("jsonrpc", "2.0").put("method", method);
    }

    /** The client's answer to a question of the server. */
    static JsonObject response(JsonObject question, String text) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", question.getValue("id"))
                .put("result", new JsonObject().put("content", text));
    }

    /** What a tool told, in the text of its result. */
    static JsonObject told(JsonObject answer) {
        return new JsonObject(answer.getJsonObject("result")
                .getJsonArray("content")
                .getJsonObject(0)
                .getString("text"));
    }

    static JsonObject told(HttpResponse<String> answer) {
        return told(new JsonObject(answer.body()));
    }

    String open(String target) throws IOException, InterruptedException {
        return post(target, initialize()).headers().firstValue(SESSION).orElseThrow();
    }

    HttpResponse<String> post(String target, JsonObject message, String... fields)
            throws IOException, InterruptedException {
        return under.send(posting(target, message.encode(), fields), BodyHandlers.ofString());
    }

    Events stream(String target, JsonObject message, String... fields) throws IOException, InterruptedException {
        return events(posting(target, message.encode(), fields));
    }

    HttpRequest.Builder posting(String target, String body, String... fields) {
        return with(under.to(target), fields)
                .header("Accept", "application/json, text/event-stream")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    Events listen(String target, String... fields) throws IOException, InterruptedException {
        return events(with(under.to(target), fields).header("Accept", "text/event-stream"));
    }

    int delete(@Nullable String session) throws IOException, InterruptedException {
        HttpRequest.Builder request = under.to("/mcp").DELETE();
        if (session != null) {
            request.header(SESSION, session);
        }
        return under.send(request, BodyHandlers.discarding()).statusCode();
    }

    private Events events(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = under.send(request, BodyHandlers.ofInputStream());
        return new Events(response, new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
    }

    private static HttpRequest.Builder with(HttpRequest.Builder request, String... fields) {
        return fields.length == 0 ? request : request.headers(fields);
    }
}
