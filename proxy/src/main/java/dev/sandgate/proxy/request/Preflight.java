package dev.sandgate.proxy.request;

import dev.sandgate.proxy.inbound.Linger;
import dev.sandgate.proxy.rewrite.Cors;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * What a browser asks before a page of another origin may send a request (Fetch standard, CORS-preflight request): ours
 * to answer, before any policy, since it never brings a credential. No session, no instance.
 */
final class Preflight {

    private Preflight() {}

    static boolean is(HttpServerRequest request) {
        MultiMap fields = request.headers();
        return HttpMethod.OPTIONS.equals(request.method())
                && fields.contains("Origin")
                && fields.contains("Access-Control-Request-Method");
    }

    static void answer(Exchange exchange, Cors cors, Context context) {
        HttpServerRequest request = exchange.request;
        HttpServerResponse answer = request.response();
        exchange.status = 204;
        answer.setStatusCode(204);
        answer.putHeader("X-Request-Id", exchange.requestId);
        cors.preflight(request.headers(), answer.headers());
        boolean unread = exchange.inbound().hasBody() && !request.isEnded();
        boolean closes = request.version() != HttpVersion.HTTP_2 && (unread || exchange.connection.isClosing());
        if (closes) {
            exchange.connection.closeAfterThis();
            answer.putHeader("Connection", "close");
        }
        Future<Void> out = answer.end();
        if (unread) {
            Linger.begin(request, out, context);
        } else if (closes) {
            request.connection().close();
        }
    }
}
