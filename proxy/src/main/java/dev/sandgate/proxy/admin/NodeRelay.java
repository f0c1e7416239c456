package dev.sandgate.proxy.admin;

import dev.sandgate.proxy.admin.NodeBook.Entry;
import dev.sandgate.proxy.admin.Refused.Why;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.proxy.handler.ProxyHandler;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.MediaType;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyOptions;
import io.vertx.httpproxy.ProxyResponse;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /nodes/{id}/...}: another node's admin API, as its caller would see it there, the caller's token included. Goes to
 * addresses that the nodes tell of themselves, and one hop far. Owns its connections; close it once.
 */
final class NodeRelay implements ProxyInterceptor {

    /** Stands in a request that came by another node: it goes no further. */
    private static final String HOP = "Sandgate-Hop";

    private static final String PREFIX = "/nodes/";
    private static final int CONNECT_MILLIS = 2_000;
    private static final int SILENCE_SECONDS = 10;

    private final NodeBook nodes;
    private final HttpClient client;
    private final ProxyHandler handler;
    private volatile Map<String, Entry> known = Map.of();

    NodeRelay(Vertx vertx, NodeBook nodes) {
        this.nodes = nodes;
        // a connection for each request: a kept one might have been closed at the other end a moment ago
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setKeepAlive(false)
                        .setConnectTimeout(CONNECT_MILLIS)
                        .setIdleTimeout(SILENCE_SECONDS)
                        .setDecompressionSupported(false))
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                .build();
        HttpProxy proxy = HttpProxy.reverseProxy(new ProxyOptions().setSupportWebSocket(false), client)
                .origin(context -> client.request(to(context)))
                .addInterceptor(this);
        this.handler = ProxyHandler.create(proxy);
    }

    /** Serves its paths. */
    void serve(Router router) {
        router.route(PREFIX + ":id/*").handler(this::find).handler(handler);
    }

    private void find(RoutingContext context) {
        Target target = Target.of(context.request().uri()).orElse(null);
        if (target == null || context.request().headers().contains(HOP)) {
            throw Refused.because(Why.PATH_UNKNOWN);
        }
        context.request().pause();
        nodes.all()
                .onSuccess(all -> {
                    known = all;
                    context.request().resume();
                    Entry entry = all.get(target.node());
                    if (entry == null) {
                        context.fail(Refused.because(Why.NODE_UNKNOWN));
                    } else if (entry.host().isEmpty()) {
                        context.fail(Refused.because(
                                Why.NODE_UNREACHABLE,
                                "Node " + entry.id()
                                        + " advertises no address (expected: node.advertise in its config)"));
                    } else {
                        context.next();
                    }
                })
                .onFailure(why -> {
                    context.request().resume();
                    context.fail(why);
                });
    }

    /** Where a request goes, and for what. */
    private record Target(String node, String uri) {

        static Optional<Target> of(String uri) {
            int slash = uri.startsWith(PREFIX) ? uri.indexOf('/', PREFIX.length()) : -1;
            return slash < 0
                    ? Optional.empty()
                    : Optional.of(new Target(uri.substring(PREFIX.length(), slash), uri.substring(slash)));
        }
    }

    private static Target target(ProxyContext context) {
        return Target.of(context.request().proxiedRequest().uri()).orElseThrow();
    }

    private RequestOptions to(ProxyContext context) {
        Entry entry = Optional.ofNullable(known.get(target(context).node()))
                .orElseThrow(() -> Refused.because(Why.NODE_UNREACHABLE));
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(
                        entry.port(), entry.host().orElseThrow(() -> Refused.because(Why.NODE_UNREACHABLE))));
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        context.request().setURI(target(context).uri()).putHeader(HOP, "1");
        return context.sendRequest().recover(why -> Future.succeededFuture(unreachable(context)));
    }

    private static ProxyResponse unreachable(ProxyContext context) {
        Reply reply = Refused.because(Why.NODE_UNREACHABLE).reply();
        return context.request()
                .release()
                .response()
                .setStatusCode(reply.status())
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .setBody(Body.body(reply.body(), MediaType.parse(reply.contentType())));
    }

    Future<Void> close() {
        return client.close();
    }
}
