package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.Condition;
import dev.sandgate.conf.AdminConfig;
import dev.sandgate.conf.LimitsConfig;
import dev.sandgate.proxy.admin.Refused.Why;
import dev.sandgate.proxy.domain.DomainWish;
import dev.sandgate.proxy.inbound.InboundConnection;
import dev.sandgate.proxy.inbound.Linger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * The operator's listener. {@code /livez} (this process answers) and {@code /readyz} (it admits sessions) are open to
 * whoever reaches it; everything else passes the {@link Guard}. Owns its server; close it once.
 */
public final class AdminListener {

    /** What whoever reaches it may take of it. Its connections are none of the clients' listeners'. */
    public static final LimitsConfig LIMITS = new LimitsConfig(
            128, 128, 8 * 1024, 1, OptionalLong.empty(), Duration.ofSeconds(5), Duration.ofSeconds(60));

    private static final String SESSION_SEARCH = "/sessions/find";
    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,6}");
    /** More than the longest id, however it is escaped. */
    private static final int MOST_SEARCH = 32 * 1024;

    private static final Pattern DOMAIN = Pattern.compile("(?:/nodes/[^/]+)?/domains/[^/]+");

    private final HttpServer server;
    private final MetricsEndpoint metrics;
    private final NodeRelay relay;

    private AdminListener(HttpServer server, MetricsEndpoint metrics, NodeRelay relay) {
        this.server = server;
        this.metrics = metrics;
        this.relay = relay;
    }

    /**
     * Opens it.
     *
     * @param backlog that a gate with {@link #LIMITS} stands before
     */
    public static Future<AdminListener> open(Vertx vertx, AdminConfig config, int backlog, Node node) {
        MetricsEndpoint metrics = new MetricsEndpoint(node);
        NodeRelay relay = new NodeRelay(vertx, node.nodes());
        Router router = router(vertx, new Guard(config), new Behind(node, metrics, relay));
        return vertx.createHttpServer(options(backlog))
                .requestHandler(request -> serve(request, router, vertx))
                .exceptionHandler(broken -> {})
                .connectionHandler(connection -> connection.exceptionHandler(broken -> {}))
                .listen(config.port(), config.host())
                .map(server -> new AdminListener(server, metrics, relay))
                .recover(why -> {
                    metrics.close();
                    relay.close();
                    return Future.failedFuture(new IllegalStateException(
                            "admin cannot listen on " + config.host() + ":" + config.port() + ": " + why.getMessage(),
                            why));
                });
    }

    private static HttpServerOptions options(int backlog) {
        return new HttpServerOptions()
                .setAcceptBacklog(backlog)
                .setReuseAddress(true)
                .setHttp2ClearTextEnabled(false)
                .setDecompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setMaxInitialLineLength(LIMITS.headBytes())
                .setMaxHeaderSize(LIMITS.headBytes())
                .setIdleTimeout((int) LIMITS.keepAlive().toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    /** What its paths lead to. */
    private record Behind(Node node, MetricsEndpoint metrics, NodeRelay relay) {}

    private static Router router(Vertx vertx, Guard guard, Behind behind) {
        Node node = behind.node;
        Router router = Router.router(vertx);
        Paths paths = new Paths(router, vertx);
        paths.at("/livez").onLoop().get(ask -> status(200, "alive")).serve();
        paths.at("/readyz").onLoop().get(ask -> readiness(node)).serve();
        router.route().handler(context -> {
            guard.check(context.request());
            context.next();
        });
        InstancesEndpoint instances = new InstancesEndpoint(node);
        SessionsEndpoint sessions = new SessionsEndpoint(node, new SessionWalk(vertx, node.table()));
        paths.at("/metrics").get(behind.metrics::scrape).serve();
        paths.at("/pools").get(new PoolsEndpoint(node)::list).serve();
        paths.at("/instances").get(instances::list).serve();
        paths.at("/instances/:id/drain")
                .on(HttpMethod.POST, instances::drain)
                .on(HttpMethod.DELETE, instances::undrain)
                .serve();
        paths.at("/sessions").on(HttpMethod.GET, sessions::list).serve();
        paths.at(SESSION_SEARCH).withBody().on(HttpMethod.POST, sessions::find).serve();
        paths.at("/sessions/:id")
                .on(HttpMethod.GET, sessions::get)
                .on(HttpMethod.DELETE, sessions::end)
                .serve();
        DomainsEndpoint domains = new DomainsEndpoint(node.domains());
        paths.at("/domains").on(HttpMethod.GET, domains::list).serve();
        paths.at("/domains/:id")
                .withBody()
                .on(HttpMethod.GET, domains::get)
                .on(HttpMethod.PUT, domains::put)
                .on(HttpMethod.DELETE, domains::remove)
                .serve();
        paths.at("/certificates").get(new CertificatesEndpoint(node)::list).serve();
        paths.at("/nodes")
                .on(HttpMethod.GET, new NodesEndpoint(node.nodes())::list)
                .serve();
        behind.relay.serve(router);
        paths.elsewhere();
        return router;
    }

    private static Reply readiness(Node node) {
        if (!node.ready().getAsBoolean()) {
            return status(503, "stopping");
        }
        Condition table = node.table().condition();
        JsonObject told = new JsonObject().put("status", table.admits() ? "ready" : "table-unavailable");
        if (!table.why().isEmpty()) {
            told.put("why", table.why());
        }
        return Reply.json(table.admits() ? 200 : 503, told);
    }

    private static Reply status(int status, String word) {
        return Reply.json(status, new JsonObject().put("status", word));
    }

    private static void serve(HttpServerRequest request, Router router, Vertx vertx) {
        InboundConnection connection = InboundConnection.of(request.connection());
        AtomicBoolean over = new AtomicBoolean();
        connection.requestBegan();
        request.response().closeHandler(closed -> end(connection, over)).endHandler(ended -> end(connection, over));
        if (hasBody(request) && !takesBody(request)) {
            request.response().putHeader("Connection", "close");
            Linger.begin(
                    request,
                    Answers.write(request, Refused.because(Why.BODY_REFUSED).reply()),
                    vertx.getOrCreateContext());
        } else if (request.authority() == null && request.version() != HttpVersion.HTTP_1_0) {
            // the router throws where there is none
            Answers.write(request, Refused.because(Why.HOST_INVALID).reply());
        } else {
            router.handle(request);
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        return request.headers().contains("transfer-encoding")
                || request.headers().getAll("content-length").stream().anyMatch(length -> !length.equals("0"));
    }

    /** Also by way of another node. */
    private static boolean takesBody(HttpServerRequest request) {
        return !request.headers().contains("transfer-encoding")
                && request.headers().getAll("content-length").size() == 1
                && LENGTH.matcher(request.headers().get("content-length")).matches()
                && Integer.parseInt(request.headers().get("content-length")) <= mostBody(request);
    }

    /** Bytes; 0: it has none. */
    private static int mostBody(HttpServerRequest request) {
        String path = request.path();
        if (path == null) {
            return 0;
        }
        if (request.method().equals(HttpMethod.PUT) && DOMAIN.matcher(path).matches()) {
            return DomainWish.MOST_BYTES;
        }
        return request.method().equals(HttpMethod.POST) && path.endsWith(SESSION_SEARCH) ? MOST_SEARCH : 0;
    }

    private static void end(InboundConnection connection, AtomicBoolean over) {
        if (over.compareAndSet(false, true)) {
            connection.requestEnded();
        }
    }

    /** The port on which it really listens. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        metrics.close();
        return server.close().eventually(relay::close);
    }
}
