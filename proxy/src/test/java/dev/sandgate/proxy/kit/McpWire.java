package dev.sandgate.proxy.kit;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of MCP's Streamable HTTP, with a session and without, each request on a connection of its own. Shows what
 * came and judges nothing. One thread at a time; its streams belong to the caller.
 */
public final class McpWire {

    public static final String NEWEST = "2025-11-25";
    public static final String STATELESS = "2026-07-28";

    private int port;
    private final AtomicInteger ids = new AtomicInteger();
    private final List<String> lines = new ArrayList<>();
    private String target = "/mcp";
    private String version = NEWEST;
    private Optional<String> session = Optional.empty();
    private boolean initialized;

    private McpWire(int port) {
        this.port = port;
    }

    /** Speaks to {@code /mcp} at this port of 127.0.0.1, in {@value #NEWEST}. */
    public static McpWire to(int port) {
        return new McpWire(port);
    }

    /** Speaks to this port from now on: as behind a balancer that has several nodes. */
    public McpWire at(int next) {
        port = next;
        return this;
    }

    /** Path and query of every later request. */
    public McpWire target(String next) {
        target = next;
        return this;
    }

    /** {@value #STATELESS} mirrors method and name into header fields; others ask for a session. */
    public McpWire version(String next) {
        version = next;
        return this;
    }

    /** One more field on every later request. */
    public McpWire with(String name, String value) {
        lines.add(name + ": " + value);
        return this;
    }

    /** Takes over a session as another client would that learned its id. */
    public McpWire session(String id) {
        session = Optional.of(id);
        initialized = true;
        return this;
    }

    /** Fails where no answer gave one. */
    public String session() {
        return session.orElseThrow(() -> new AssertionError("no answer gave a session id"));
    }

    public boolean hasSession() {
        return session.isPresent();
    }

    /** Asks for a session and keeps the id that the answer gives, if any. */
    public McpAnswer initialize() {
        session = Optional.empty();
        initialized = false;
        McpAnswer answer = request("initialize", McpMessages.initialize(version));
        session = answer.fields().first("Mcp-Session-Id");
        initialized = answer.status() == 200;
        return answer;
    }

    /** The whole handshake; fails where it does. */
    public McpWire open() {
        McpAnswer answer = initialize();
        int status = answer.status() == 200 ? notify("notifications/initialized", new JsonObject()) : 0;
        if (status != 202) {
            throw new AssertionError("no session: " + answer.status() + " " + answer.body() + ", then " + status);
        }
        return this;
    }

    /** Calls a tool of the server and waits for the whole answer. */
    public McpAnswer call(String tool) {
        return call(tool, new JsonObject());
    }

    public McpAnswer call(String tool, JsonObject arguments) {
        return request("tools/call", McpMessages.tool(tool, arguments));
    }

    public McpAnswer request(String method, JsonObject params) {
        return finish(start(method, params));
    }

    /** Sends a request and leaves its answer to be read as it comes. */
    public WireStream start(String method, JsonObject params) {
        return post(McpMessages.request(ids.incrementAndGet(), method, params));
    }

    /** Sends a tool's call and leaves its answer to be read as it comes. */
    public WireStream startCall(String tool, JsonObject arguments) {
        return start("tools/call", McpMessages.tool(tool, arguments));
    }

    /** The status of the answer. */
    public int notify(String method, JsonObject params) {
        return finish(post(McpMessages.notification(method, params))).status();
    }

    /** Answers a request of the server by a POST of its own; the status of the answer. */
    public int respond(JsonObject request, JsonObject result) {
        return finish(post(McpMessages.response(request, result))).status();
    }

    /** Sends this body, whatever it is, and waits for the whole answer. */
    public McpAnswer post(String body) {
        return finish(send("POST", List.of(), body));
    }

    private WireStream post(JsonObject message) {
        List<String> more = new ArrayList<>();
        if (version.equals(STATELESS) && message.containsKey("method")) {
            more.add("Mcp-Method: " + message.getString("method"));
            JsonObject params = message.getJsonObject("params");
            if (params.containsKey("name")) {
                more.add("Mcp-Name: " + params.getString("name"));
            }
        }
        return send("POST", more, message.encode());
    }

    /** The GET stream, as soon as it is asked for; its head may be a refusal. */
    public WireStream events() {
        return send("GET", List.of(), "");
    }

    /** Goes on with a stream after this event. */
    public WireStream resume(String lastEventId) {
        return send("GET", List.of("Last-Event-ID: " + lastEventId), "");
    }

    public McpAnswer delete() {
        return finish(send("DELETE", List.of(), ""));
    }

    private WireStream send(String method, List<String> more, String body) {
        List<String> all = new ArrayList<>(lines);
        all.add("Accept: " + (method.equals("GET") ? "text/event-stream" : "application/json, text/event-stream"));
        if (!body.isEmpty()) {
            all.add("Content-Type: application/json");
        }
        session.ifPresent(id -> all.add("Mcp-Session-Id: " + id));
        if (version.equals(STATELESS) || (initialized && version.compareTo("2025-06-18") >= 0)) {
            all.add("MCP-Protocol-Version: " + version);
        }
        all.addAll(more);
        return WireStream.send(port, method, target, all, body);
    }

    private static McpAnswer finish(WireStream stream) {
        try (stream) {
            return McpAnswer.of(stream);
        }
    }
}
