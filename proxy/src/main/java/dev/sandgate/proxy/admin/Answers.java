package dev.sandgate.proxy.admin;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/** Writes what is answered. */
final class Answers {

    private Answers() {}

    /** On the request's loop. */
    static Future<Void> write(HttpServerRequest request, Reply reply) {
        HttpServerResponse answer = request.response();
        if (answer.closed() || answer.ended()) {
            return Future.succeededFuture();
        }
        answer.setStatusCode(reply.status());
        answer.putHeader("Cache-Control", "no-store");
        answer.putHeader("X-Content-Type-Options", "nosniff");
        if (!reply.tag().isEmpty()) {
            answer.putHeader("ETag", reply.tag());
        }
        if (reply.status() == 401) {
            answer.putHeader("WWW-Authenticate", "Bearer realm=\"sandgate\"");
        }
        if (reply.status() == 204) {
            return answer.end();
        }
        answer.putHeader("Content-Type", reply.contentType());
        answer.putHeader("Content-Length", Integer.toString(reply.body().length()));
        return HttpMethod.HEAD.equals(request.method()) ? answer.end() : answer.end(reply.body());
    }
}
