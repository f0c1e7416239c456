package dev.sandgate.bench.sandbox;

import io.vertx.core.http.HttpHeaders;

/** What a sandbox remembers: the count of a session, and its end. */
final class StateEndpoints {

    private final Sessions sessions;
    private final String sessionHeader;

    StateEndpoints(Sessions sessions, String sessionHeader) {
        this.sessions = sessions;
        this.sessionHeader = sessionHeader;
    }

    void count(Visit visit) {
        visit.json(visit.who());
    }

    /** 204 where the session ended, 404 where there was none. */
    void end(Visit visit) {
        String id = visit.request().getHeader(sessionHeader);
        if (id == null || !sessions.end(id)) {
            throw new Refused(404, "no such session");
        }
        visit.response().setStatusCode(204).end();
    }

    void health(Visit visit) {
        visit.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain").end("ok\n");
    }
}
