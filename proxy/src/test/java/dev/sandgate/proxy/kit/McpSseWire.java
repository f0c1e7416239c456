package dev.sandgate.proxy.kit;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client of MCP's HTTP+SSE (2024-11-05): a stream, and a POST for each message at the address that the stream's
 * {@code endpoint} event gives. One thread.
 */
public final class McpSseWire implements AutoCloseable {

    public static final String VERSION = "2024-11-05";

    private final int port;
    private final String target;
    private final List<String> lines;
    private final WireStream stream;
    private final AtomicInteger ids = new AtomicInteger();
    private final Deque<JsonObject> unasked = new ArrayDeque<>();
    private int posts;
    private String endpoint = "";

    private McpSseWire(int port, String target, List<String> lines) {
        this.port = port;
        this.posts = port;
        this.target = target;
        this.lines = lines;
        List<String> all = new ArrayList<>(lines);
        all.add("Accept: text/event-stream");
        this.stream = WireStream.send(port, "GET", target, all, "");
    }

    /** Asks for the stream, with these field lines on it and on every POST; waits for nothing. */
    public static McpSseWire ask(int port, String target, String... lines) {
        return new McpSseWire(port, target, List.of(lines));
    }

    /** Posts to this port of 127.0.0.1 from now on: as behind a balancer that has several nodes. */
    public McpSseWire postingTo(int next) {
        posts = next;
        return this;
    }

    /** Opens {@code /sse}, and waits for the endpoint event. */
    public static McpSseWire connect(int port) {
        return ask(port, "/sse").awaitEndpoint();
    }

    /** The stream, its head and whatever else comes on it. */
    public WireStream stream() {
        return stream;
    }

    /** Takes the first event, which must be the endpoint. */
    public McpSseWire awaitEndpoint() {
        if (stream.status() != 200) {
            throw new AssertionError("no stream: " + stream.status() + " " + stream.body());
        }
        SseEvent event = stream.event();
        if (!event.name().equals("endpoint")) {
            throw new AssertionError("not the endpoint: " + event);
        }
        endpoint = event.data();
        return this;
    }

    /** What the endpoint event says, as it came. */
    public String endpoint() {
        return endpoint;
    }

    /** Where a client sends its messages: the endpoint against the stream's address, of the same origin as that. */
    public String messagesTarget() {
        URI base = URI.create("http://127.0.0.1:" + port + target);
        URI resolved = base.resolve(endpoint);
        if (!base.getAuthority().equals(resolved.getAuthority())) {
            throw new AssertionError("a client refuses an endpoint of another origin: " + endpoint);
        }
        String query = resolved.getRawQuery();
        return resolved.getRawPath() + (query == null ? "" : "?" + query);
    }

    /** The handshake; the answer to initialize. */
    public JsonObject open() {
        JsonObject answer = request("initialize", McpMessages.initialize(VERSION));
        post(McpMessages.notification("notifications/initialized", new JsonObject()));
        return answer;
    }

    public Told call(String tool) {
        return Told.in(call(tool, new JsonObject()));
    }

    /** The JSON-RPC answer to a tool's call, from the stream. */
    public JsonObject call(String tool, JsonObject arguments) {
        return request("tools/call", McpMessages.tool(tool, arguments));
    }

    /** The JSON-RPC answer, from the stream; what comes before it waits for {@link #message()}. */
    public JsonObject request(String method, JsonObject params) {
        return await(start(method, params));
    }

    /** Sends a request whose answer is not waited for; its id. */
    public int start(String method, JsonObject params) {
        int id = ids.incrementAndGet();
        McpAnswer posted = post(McpMessages.request(id, method, params));
        if (posted.status() / 100 != 2) {
            throw new AssertionError(method + " was not taken: " + posted.status() + " " + posted.body());
        }
        return id;
    }

    /** The answer to the request of this id. */
    public JsonObject await(int id) {
        while (true) {
            JsonObject message = stream.message();
            if (Integer.valueOf(id).equals(message.getValue("id")) && !message.containsKey("method")) {
                return message;
            }
            unasked.add(message);
        }
    }

    /** The next message of the server that answers nothing. */
    public JsonObject message() {
        return unasked.isEmpty() ? stream.message() : unasked.remove();
    }

    /** Answers a request of the server. */
    public int respond(JsonObject request, JsonObject result) {
        return post(McpMessages.response(request, result)).status();
    }

    /** Posts a message; the answer to the POST itself. */
    public McpAnswer post(JsonObject message) {
        return postTo(posts, messagesTarget(), lines, message.encode());
    }

    /** Posts this body to a messages address, whosever it is. */
    public static McpAnswer postTo(int port, String target, List<String> lines, String body) {
        List<String> all = new ArrayList<>(lines);
        all.add("Content-Type: application/json");
        try (WireStream posted = WireStream.send(port, "POST", target, all, body)) {
            return McpAnswer.of(posted);
        }
    }

    /** Hangs up, which ends the session. */
    @Override
    public void close() {
        stream.close();
    }
}
