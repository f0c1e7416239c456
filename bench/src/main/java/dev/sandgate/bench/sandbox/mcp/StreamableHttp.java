package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Streamable HTTP with sessions, MCP 2025-03-26 to 2025-11-25. What a server may choose is chosen by the query:
 * {@code answer=sse} streams every answer, {@code prime=true} begins each stream with an event id, {@code id=} is the
 * session's id, {@code wait=} delays the answer to initialize by milliseconds, {@code stateless=true} gives no session.
 */
final class StreamableHttp {

    static final String SESSION_ID = "Mcp-Session-Id";
    static final String VERSION = "MCP-Protocol-Version";

    private static final String JSON = "application/json";
    private static final String EVENTS = "text/event-stream";

    private final House house;
    private final Protocol protocol;
    private final Map<String, StreamSession> sessions = new HashMap<>();

    StreamableHttp(House house, Protocol protocol) {
        this.house = house;
        this.protocol = protocol;
    }

    void post(HttpServerRequest request, Buffer body) {
        accepts(request, JSON);
        accepts(request, EVENTS);
        if (!String.valueOf(request.getHeader(HttpHeaders.CONTENT_TYPE)).startsWith(JSON)) {
            throw new Declined(415, JsonRpc.REFUSED, "Content-Type must be " + JSON);
        }
        checkVersion(request);
        Messages messages = Messages.read(body);
        Optional<JsonObject> initialize = messages.initialize();
        if (Boolean.parseBoolean(request.getParam("stateless"))) {
            answer(request, messages, Optional.empty());
        } else if (initialize.isPresent()) {
            initialize(request, messages);
        } else {
            StreamSession session = session(request);
            messages.all().stream()
                    .filter(message -> !JsonRpc.isRequest(message))
                    .forEach(session::hear);
            answer(request, messages, Optional.of(session));
        }
    }

    private void initialize(HttpServerRequest request, Messages messages) {
        if (request.headers().contains(SESSION_ID)) {
            session(request);
            throw Declined.badRequest("the session is initialized already");
        }
        String id = Optional.ofNullable(request.getParam("id"))
                .orElseGet(() -> UUID.randomUUID().toString());
        house.open(id);
        StreamSession session = new StreamSession(id, house);
        sessions.put(id, session);
        house.tally().asked(id);
        request.response().putHeader(SESSION_ID, id);
        // as with any server, the session is there whether the client waits for its id or not
        Wait.then(house.vertx(), request, () -> answer(request, messages, Optional.of(session)));
    }

    private void answer(HttpServerRequest request, Messages messages, Optional<StreamSession> session) {
        HttpServerResponse response = request.response();
        List<JsonObject> requests = messages.requests();
        if (response.closed()) {
            return;
        }
        if (requests.isEmpty()) {
            response.setStatusCode(202).end();
            return;
        }
        boolean stream =
                "sse".equals(request.getParam("answer")) || requests.stream().anyMatch(Tools::streams);
        Outlet out = stream
                ? new TrackAnswers(track(request, session), requests.size())
                : new JsonAnswers(response, messages.batch(), requests.size());
        Caller caller = session.isPresent() ? session.get() : new Passerby(null, 0, out);
        requests.forEach(message -> protocol.serve(caller, message, out));
    }

    private Track track(HttpServerRequest request, Optional<StreamSession> session) {
        Track track = session.map(StreamSession::post).orElseGet(() -> new Track("post"));
        session.ifPresent(known -> request.response().putHeader(SESSION_ID, known.id()));
        track.attach(Sse.open(request.response(), house.tally()));
        if (Boolean.parseBoolean(request.getParam("prime"))) {
            track.prime();
        }
        return track;
    }

    void get(HttpServerRequest request) {
        accepts(request, EVENTS);
        checkVersion(request);
        StreamSession session = session(request);
        String last = request.getHeader("Last-Event-ID");
        Track track = last == null ? session.news() : session.after(last).track();
        if (track == session.news() && track.attached()) {
            throw new Declined(409, JsonRpc.REFUSED, "the session has its stream already");
        }
        request.response().putHeader(SESSION_ID, session.id());
        Sse sse = Sse.open(request.response(), house.tally());
        if (last == null) {
            track.attach(sse);
        } else {
            track.attach(sse, session.after(last).number());
        }
    }

    void delete(HttpServerRequest request) {
        house.tally().delete();
        StreamSession session = session(request);
        sessions.remove(session.id());
        house.end(session);
        request.response().end();
    }

    private StreamSession session(HttpServerRequest request) {
        String id = request.getHeader(SESSION_ID);
        if (id == null) {
            throw Declined.badRequest(SESSION_ID + " is missing");
        }
        house.tally().asked(id);
        StreamSession session = sessions.get(id);
        if (session == null) {
            house.tally().stray();
            throw Declined.unknownSession();
        }
        return session;
    }

    private static void checkVersion(HttpServerRequest request) {
        String version = request.getHeader(VERSION);
        if (version != null && !Protocol.speaks(version)) {
            throw new Declined(400, JsonRpc.NO_SUCH_VERSION, VERSION + ": " + version + " is not spoken here");
        }
    }

    private static void accepts(HttpServerRequest request, String type) {
        String accept = String.valueOf(request.getHeader(HttpHeaders.ACCEPT));
        if (!accept.contains(type) && !accept.contains("*/*")) {
            throw new Declined(406, JsonRpc.REFUSED, "the client must accept " + type);
        }
    }
}
