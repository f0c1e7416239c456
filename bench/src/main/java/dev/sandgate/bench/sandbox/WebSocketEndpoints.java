package dev.sandgate.bench.sandbox;

import dev.sandgate.bench.sandbox.Sessions.Session;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;

/** WebSockets, and the refusal of one. The session's id is in the session header, or {@code ?session=}. */
final class WebSocketEndpoints {

    static final List<String> SUB_PROTOCOLS = List.of("chat", "echo");
    static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

    private final Vertx vertx;
    private final Sessions sessions;
    private final SandboxOptions options;

    WebSocketEndpoints(Vertx vertx, Sessions sessions, SandboxOptions options) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.options = options;
    }

    /** Upgrades, and counts the handshake for its session. */
    void open(Visit visit) {
        HttpServerRequest request = visit.request();
        if (!request.headers().contains(HttpHeaders.UPGRADE, "websocket", true)) {
            visit.response().putHeader(HttpHeaders.UPGRADE, "websocket");
            throw new Refused(426, "/ws speaks WebSocket");
        }
        String named = request.getHeader(options.sessionHeader());
        Optional<String> id = Optional.ofNullable(named != null ? named : request.getParam("session"));
        Optional<Session> session = id.map(known -> sessions.visit(known)
                .orElseThrow(() -> new Refused(503, options.name() + " has no more room for sessions")));
        Visit counted = new Visit(request, visit.instance(), session);
        request.toWebSocket().onSuccess(socket -> new Conversation(vertx, socket, sessions, counted).start());
    }

    void refuse(Visit visit) {
        visit.json(403, visit.who().put("error", "this WebSocket is refused"));
    }
}
