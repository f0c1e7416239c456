package dev.sandgate.proxy.request;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;

/**
 * Documents that the door itself gives to anybody, before any route: what OAuth clients are told of a resource (RFC
 * 9728). Any loop.
 *
 * @param documents by host, lower case, and path, one after the other
 */
public record PublicDocuments(Map<String, Buffer> documents) {

    private static final String PREFIX = "/.well-known/oauth-protected-resource";

    /** Answers a request for one of them; false: it is for none. */
    boolean answer(Exchange exchange) {
        String path = exchange.inbound().path();
        if (documents.isEmpty() || !path.startsWith(PREFIX)) {
            return false;
        }
        Buffer document = documents.get(exchange.inbound().host().name() + path);
        HttpMethod method = exchange.request.method();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (document == null || !reads || exchange.inbound().hasBody()) {
            return false;
        }
        exchange.status = 200;
        HttpServerResponse answer = exchange.request.response();
        answer.putHeader("Content-Type", "application/json");
        answer.putHeader("Content-Length", Integer.toString(document.length()));
        answer.putHeader("Cache-Control", "max-age=300");
        // clients in browsers read it from another origin
        answer.putHeader("Access-Control-Allow-Origin", "*");
        answer.putHeader("X-Request-Id", exchange.requestId);
        if (method.equals(HttpMethod.HEAD)) {
            answer.end();
        } else {
            answer.end(document);
        }
        return true;
    }
}
