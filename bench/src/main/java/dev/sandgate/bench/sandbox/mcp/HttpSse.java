package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** HTTP+SSE, MCP 2024-11-05: a GET is the session; what the client says comes by POST, and is answered on the GET. */
final class HttpSse {

    private static final List<String> ID_PARAMS = List.of("sessionId", "session_id", "sessionid");

    private final House house;
    private final Protocol protocol;
    private final Map<String, SseSession> sessions = new HashMap<>();

    HttpSse(House house, Protocol protocol) {
        this.house = house;
        this.protocol = protocol;
    }

    /**
     * Opens a session. {@code ?endpoint=} is what the endpoint event says, with <code>{id}</code> for the id
     * (<code>/messages?sessionId={id}</code> unless said otherwise); {@code ?wait=} milliseconds it comes late.
     */
    void open(HttpServerRequest request) {
        String id = UUID.randomUUID().toString();
        house.open(id);
        Sse sse = Sse.open(request.response(), house.tally());
        SseSession session = new SseSession(id, house, sse);
        sessions.put(id, session);
        sse.onClose(() -> {
            sessions.remove(id);
            house.end(session);
        });
        String shape = Optional.ofNullable(request.getParam("endpoint")).orElse("/messages?sessionId={id}");
        String data = shape.replace("{id}", id);
        Wait.then(house.vertx(), request, () -> sse.event(Optional.of("endpoint"), Optional.empty(), data));
    }

    void post(HttpServerRequest request, Buffer body) {
        SseSession session = session(request);
        Messages messages = Messages.read(body);
        request.response().setStatusCode(202).end("Accepted");
        for (JsonObject message : messages.all()) {
            if (JsonRpc.isRequest(message)) {
                protocol.serve(session, message, session.events());
            } else {
                session.hear(message);
            }
        }
    }

    private SseSession session(HttpServerRequest request) {
        Optional<String> id = ID_PARAMS.stream()
                .map(request::getParam)
                .flatMap(value -> Optional.ofNullable(value).stream())
                .findFirst();
        if (id.isEmpty()) {
            throw Declined.badRequest("sessionId is missing");
        }
        house.tally().asked(id.get());
        SseSession session = sessions.get(id.get());
        if (session == null) {
            house.tally().stray();
            throw Declined.unknownSession();
        }
        return session;
    }
}
