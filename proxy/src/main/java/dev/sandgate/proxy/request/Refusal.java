package dev.sandgate.proxy.request;

import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.identify.McpSource;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.Linger;
import dev.sandgate.proxy.mcp.McpRefusal;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Tells a client that its request goes nowhere: problem details (RFC 9457) with a machine-readable reason. */
final class Refusal {

    /** After these the bytes that follow on an HTTP/1 connection cannot be trusted to be a request. */
    private static final Set<Reason> DISTRUST = EnumSet.of(
            Reason.REQUEST_MALFORMED,
            Reason.HOST_INVALID,
            Reason.HEAD_TOO_LARGE,
            Reason.TARGET_TOO_LONG,
            Reason.VERSION_UNSUPPORTED,
            Reason.EXPECTATION_FAILED,
            Reason.METHOD_REFUSED);

    private Refusal() {}

    static void write(Exchange exchange, Fault fault, Context context) {
        HttpServerRequest request = exchange.request;
        HttpServerResponse answer = request.response();
        if (answer.headWritten() || answer.ended()) {
            answer.reset(2);
            return;
        }
        if (answer.closed()) {
            return;
        }
        boolean distrusted = DISTRUST.contains(fault.reason()) || !exchange.hasPassed();
        // an answer that was being made ready for the client is not what it gets
        answer.headers().clear();
        answer.setStatusCode(fault.status());
        boolean mcp = speaksMcp(exchange);
        Optional<FallbackConfig.Answer> instead = mcp ? Optional.empty() : instead(exchange, fault);
        instead.ifPresent(said -> {
            answer.setStatusCode(said.status());
            exchange.status = said.status();
        });
        Buffer body = instead.map(said -> Buffer.buffer(said.body()))
                .orElseGet(() -> mcp ? mcpBody(exchange, fault) : body(exchange, fault));
        answer.putHeader(
                "Content-Type",
                instead.map(FallbackConfig.Answer::contentType)
                        .orElse(mcp ? "application/json" : "application/problem+json"));
        answer.putHeader("Content-Length", Integer.toString(body.length()));
        answer.putHeader("Cache-Control", "no-store");
        answer.putHeader("X-Request-Id", exchange.requestId);
        if (exchange.lostAt != null) {
            exchange.lostAt.forget(exchange.inbound(), answer.headers());
        }
        if (fault.retryAfterSeconds() > 0) {
            answer.putHeader("Retry-After", Long.toString(fault.retryAfterSeconds()));
        }
        Guard.Refused refusal = exchange.refusal();
        if (refusal != null) {
            tell(refusal, answer.headers());
        }
        if (exchange.route != null) {
            exchange.route.rules().tellPage(request, answer.headers());
        }
        end(exchange, body, distrusted, context);
    }

    /** Ends an answer whose head is ready, to a request that nobody reads any further. */
    static void end(Exchange exchange, Buffer body, Context context) {
        end(exchange, body, false, context);
    }

    private static void end(Exchange exchange, Buffer body, boolean distrusted, Context context) {
        HttpServerRequest request = exchange.request;
        HttpServerResponse answer = request.response();
        boolean http2 = request.version() == HttpVersion.HTTP_2;
        boolean unread = exchange.hasPassed() ? hasUnreadBody(exchange.inbound()) : !http2 || !request.isEnded();
        if (!http2 && (unread || distrusted || exchange.connection.isClosing())) {
            exchange.connection.closeAfterThis();
            answer.putHeader("Connection", "close");
        }
        Future<Void> out = HttpMethod.HEAD.equals(request.method()) ? answer.end() : answer.end(body);
        if (distrusted && !http2) {
            request.connection().close();
        } else if (unread) {
            Linger.begin(request, out, context);
        } else if (exchange.connection.isClosing()) {
            request.connection().close();
        }
    }

    /** What the pool answers whom it cannot serve, where it has a fixed answer for that. */
    private static Optional<FallbackConfig.Answer> instead(Exchange exchange, Fault fault) {
        Route route = exchange.route;
        boolean wanting = fault.reason().isWantOfAnInstance() && exchange.chosen != Exchange.Chosen.KEPT;
        return route == null || !wanting
                ? Optional.empty()
                : route.pool()
                        .config()
                        .fallback()
                        .filter(FallbackConfig.Answer.class::isInstance)
                        .map(FallbackConfig.Answer.class::cast);
    }

    /** The fields of draft-ietf-httpapi-ratelimit-headers-10, and the challenge of RFC 9110 section 11.6.1. */
    private static void tell(Guard.Refused refusal, MultiMap fields) {
        refusal.refuse().challenge().ifPresent(challenge -> fields.set("WWW-Authenticate", challenge));
        refusal.refuse().limit().ifPresent(limit -> {
            String name = '"' + refusal.by().name() + '"';
            fields.set("RateLimit-Policy", name + ";q=" + limit.quota() + ";w=" + seconds(limit.window()));
            fields.set("RateLimit", name + ";r=" + limit.remaining() + ";t=" + seconds(limit.reset()));
        });
    }

    /** Whole ones, rounded up, as these fields have them. */
    private static long seconds(Duration duration) {
        return Math.max(1, (duration.toMillis() + 999) / 1000);
    }

    private static boolean speaksMcp(Exchange exchange) {
        return exchange.route != null && exchange.route.identifier().mcp().isPresent();
    }

    private static boolean hasUnreadBody(Inbound inbound) {
        return inbound.hasBody() && !inbound.request().isEnded();
    }

    private static Optional<String> policy(Exchange exchange) {
        return Optional.ofNullable(exchange.refusal())
                .map(refused -> refused.by().name());
    }

    private static Buffer mcpBody(Exchange exchange, Fault fault) {
        return McpRefusal.body(fault, policy(exchange), McpSource.isStateless(exchange.inbound()));
    }

    private static Buffer body(Exchange exchange, Fault fault) {
        JsonObject body = new JsonObject()
                .put("type", "urn:sandgate:reason:" + fault.reason().slug())
                .put("title", fault.reason().title())
                .put("status", fault.status())
                .put("detail", fault.detail())
                .put("reason", fault.reason().slug())
                .put("requestId", exchange.requestId);
        policy(exchange).ifPresent(name -> body.put("policy", name));
        return body.toBuffer();
    }

    /** OPTIONS that may be forwarded no further is ours to answer (RFC 9110 section 7.6.2). */
    static void answerAsFinalRecipient(Exchange exchange) {
        exchange.status = 204;
        HttpServerResponse answer = exchange.request.response();
        answer.setStatusCode(204);
        answer.putHeader("X-Request-Id", exchange.requestId);
        answer.end();
    }
}
