package dev.sandgate.bench.sandbox;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** What a sandbox remembers: the count of a session, and its end. */
final class StateEndpoints {

    private static final String COOKIE = "sandbox";
    private static final String INCARNATION = "X-Incarnation";

    private final Sessions sessions;
    private final String sessionHeader;
    private final String incarnation = UUID.randomUUID().toString();

    StateEndpoints(Sessions sessions, String sessionHeader) {
        this.sessions = sessions;
        this.sessionHeader = sessionHeader;
    }

    void count(Visit visit) {
        visit.json(visit.who());
    }

    /** A count for each browser, which is told by a cookie of the sandbox's own. */
    void visits(Visit visit) {
        Cookie cookie = visit.request().getCookie(COOKIE);
        String id = cookie == null ? "browser-" + UUID.randomUUID() : cookie.getValue();
        if (cookie == null) {
            visit.response().addCookie(Cookie.cookie(COOKIE, id).setPath("/").setHttpOnly(true));
        }
        Sessions.Session session =
                sessions.visit(id).orElseThrow(() -> new Refused(503, visit.instance() + " has no more room"));
        visit.json(new JsonObject().put("instance", visit.instance()).put("visits", session.count()));
    }

    /** 204 where the session ended, 404 where there was none. */
    void end(Visit visit) {
        String id = visit.request().getHeader(sessionHeader);
        if (id == null || !sessions.end(id)) {
            throw new Refused(404, "no such session");
        }
        visit.response().setStatusCode(204).end();
    }

    /** Tells which life of it this is, too: another after each start. */
    void health(Visit visit) {
        visit.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .putHeader(INCARNATION, incarnation)
                .end("ok\n");
    }
}
