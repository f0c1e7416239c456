package dev.sandgate.bench.sandbox;

import dev.sandgate.bench.sandbox.Sessions.Session;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * One request, with what is known of it before an endpoint answers.
 *
 * @param instance the sandbox's name
 * @param session empty: the request carried no id, or asked for a path that opens no session
 */
record Visit(HttpServerRequest request, String instance, Optional<Session> session) {

    HttpServerResponse response() {
        return request.response();
    }

    /** Whether only the head of the answer is asked for. */
    boolean headOnly() {
        return HttpMethod.HEAD.equals(request.method());
    }

    /** {@code {"instance": "a", "session": "s1", "count": 3}}; null and 0 without a session. */
    JsonObject who() {
        JsonObject who = new JsonObject()
                .put("instance", instance)
                .put("session", session.map(Session::id).orElse(null))
                .put("count", session.map(Session::count).orElse(0L));
        session.flatMap(Session::incarnation).ifPresent(told -> who.put("incarnation", told));
        return who;
    }

    void json(JsonObject body) {
        json(200, body);
    }

    void json(int status, JsonObject body) {
        response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.toBuffer());
    }

    /**
     * A whole number from the query.
     *
     * @throws Refused with 400 where it is not a number, or outside 0 to {@code max}
     */
    long number(String name, long absent, long max) {
        String text = request.getParam(name);
        if (text == null) {
            return absent;
        }
        try {
            long value = Long.parseLong(text);
            if (value >= 0 && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the range
        }
        throw Refused.badRequest(name + ": " + text + " (expected: 0 to " + max + ")");
    }
}
