package dev.sandgate.bench.sandbox;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;

/** Shows what arrived, or answers just what was asked for: a status, fields, trailers. */
final class MirrorEndpoints {

    /** {@code /status/418}: 200 to 599. A redirect leads to {@code /count}. */
    void status(Visit visit) {
        String path = visit.request().path();
        String code = path.substring(path.lastIndexOf('/') + 1);
        if (!code.matches("[2-5][0-9][0-9]")) {
            throw Refused.badRequest("status: " + code + " (expected: 200 to 599)");
        }
        int status = Integer.parseInt(code);
        HttpServerResponse response = visit.response().setStatusCode(status);
        if (status == 204 || status == 205 || status == 304) {
            response.end();
            return;
        }
        if (status >= 300 && status < 400) {
            response.putHeader(HttpHeaders.LOCATION, "/count");
        }
        visit.json(status, visit.who().put("status", status));
    }

    /** Method, target, version and fields of the request as they arrived: {@code "fields": [["Host", "a"], ...]}. */
    void headers(Visit visit) {
        HttpServerRequest request = visit.request();
        JsonArray fields = new JsonArray();
        request.headers()
                .forEach((name, value) -> fields.add(new JsonArray().add(name).add(value)));
        visit.json(visit.who()
                .put("method", request.method().name())
                .put("target", request.uri())
                .put("version", request.version().alpnName())
                .put("fields", fields));
    }

    /** A chunked body with the trailers {@code X-Instance} and {@code X-Length}. */
    void trailers(Visit visit) {
        String body = "trailers follow\n";
        visit.response()
                .setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
                .putHeader("Trailer", "X-Instance, X-Length")
                .putTrailer("X-Instance", visit.instance())
                .putTrailer("X-Length", Integer.toString(body.length()));
        visit.response().write(body);
        visit.response().end();
    }
}
