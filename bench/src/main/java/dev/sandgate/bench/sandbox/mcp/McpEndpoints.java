package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The paths of all MCP generations. Called on the sandbox's event loop. */
public final class McpEndpoints {

    private final String instance;
    private final Tally tally = new Tally();
    private final HttpSse httpSse;
    private final StreamableHttp streamable;
    private final Stateless stateless;

    /** @param sessionHeader the field that carries a session id where MCP has none */
    public McpEndpoints(Vertx vertx, String instance, Room room, String sessionHeader) {
        this.instance = instance;
        House house = new House(vertx, instance, room, tally);
        Protocol protocol = new Protocol(house);
        this.httpSse = new HttpSse(house, protocol);
        this.streamable = new StreamableHttp(house, protocol);
        this.stateless = new Stateless(house, protocol, sessionHeader);
    }

    /** {@code /mcp}: Streamable HTTP with and without sessions. */
    public void mcp(HttpServerRequest request) {
        if (Stateless.VERSION.equals(request.getHeader(StreamableHttp.VERSION))) {
            answer(request, Map.of("POST", withBody(request, body -> stateless.post(request, body))));
        } else {
            answer(
                    request,
                    Map.of(
                            "POST", withBody(request, body -> streamable.post(request, body)),
                            "GET", () -> streamable.get(request),
                            "DELETE", () -> streamable.delete(request)));
        }
    }

    /** {@code /sse}: the stream of HTTP+SSE; its messages too, for an endpoint event that names the same path. */
    public void sse(HttpServerRequest request) {
        answer(
                request,
                Map.of(
                        "GET",
                        () -> httpSse.open(request),
                        "POST",
                        withBody(request, body -> httpSse.post(request, body))));
    }

    /** {@code /messages}: what the client of an HTTP+SSE session says. */
    public void messages(HttpServerRequest request) {
        answer(request, Map.of("POST", withBody(request, body -> httpSse.post(request, body))));
    }

    /** {@code /mcp/seen}: {@link McpSeen} as JSON. */
    public void seen(HttpServerRequest request) {
        answer(request, Map.of("GET", () -> request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(tally.seen().json().put("instance", instance).toBuffer())));
    }

    /** Any thread. */
    public McpSeen seen() {
        return tally.seen();
    }

    private static void answer(HttpServerRequest request, Map<String, Runnable> methods) {
        Runnable way = methods.get(request.method().name());
        guarded(
                request.response(),
                way != null
                        ? way
                        : () -> {
                            request.response().putHeader("Allow", String.join(", ", new TreeMap<>(methods).keySet()));
                            throw new Declined(405, JsonRpc.REFUSED, "Method not allowed.");
                        });
    }

    private static Runnable withBody(HttpServerRequest request, Consumer<Buffer> step) {
        // a body that breaks gets no answer
        return () -> request.body().onSuccess(body -> guarded(request.response(), () -> step.accept(body)));
    }

    private static void guarded(HttpServerResponse response, Runnable step) {
        try {
            step.run();
        } catch (Declined declined) {
            decline(response, declined);
        } catch (ClassCastException wrongType) {
            decline(response, new Declined(400, JsonRpc.BAD_PARAMS, "a parameter of the wrong type"));
        }
    }

    private static void decline(HttpServerResponse response, Declined declined) {
        if (response.headWritten() || response.closed()) {
            response.reset();
            return;
        }
        response.headers().remove(StreamableHttp.SESSION_ID);
        response.setStatusCode(declined.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(declined.body().toBuffer());
    }
}
