package dev.sandgate.proxy.request;

import dev.sandgate.proxy.acme.Challenges;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells an authority that a name leads here (RFC 8555 section 8.3), before any route, so that nobody behind a route can tell
 * it that. One event loop.
 */
final class ChallengeAnswer {

    private final RequestWay way;
    private final Challenges challenges;

    ChallengeAnswer(RequestWay way, Challenges challenges) {
        this.way = way;
        this.challenges = challenges;
    }

    /** Answers a request below that path, and settles it; false: it is for none of that. */
    boolean answers(Exchange exchange) {
        String path = exchange.inbound().path();
        if (!path.startsWith(Challenges.PATH)) {
            return false;
        }
        HttpMethod method = exchange.request.method();
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (!reads || exchange.inbound().hasBody()) {
            throw Fault.of(Reason.ROUTE_UNKNOWN);
        }
        String token = path.substring(Challenges.PATH.length());
        String known = challenges.known(token);
        Optional<Future<Void>> look = known == null ? challenges.look(token) : Optional.empty();
        if (look.isPresent()) {
            look.get().onComplete(looked -> way.onLane(() -> tell(exchange, challenges.known(token))));
        } else {
            tell(exchange, known);
        }
        return true;
    }

    private void tell(Exchange exchange, @Nullable String authorization) {
        if (exchange.settled) {
            // its client left meanwhile
            return;
        }
        if (authorization == null) {
            way.refuse(exchange, Fault.of(Reason.ROUTE_UNKNOWN));
            return;
        }
        exchange.status = 200;
        HttpServerResponse answer = exchange.request.response();
        answer.putHeader("Content-Type", "text/plain");
        answer.putHeader("Content-Length", Integer.toString(authorization.length()));
        answer.putHeader("Cache-Control", "no-store");
        answer.putHeader("X-Request-Id", exchange.requestId);
        if (exchange.request.method().equals(HttpMethod.HEAD)) {
            answer.end();
        } else {
            answer.end(authorization);
        }
        way.settle(exchange);
    }
}
