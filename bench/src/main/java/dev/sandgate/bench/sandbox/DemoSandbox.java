package dev.sandgate.bench.sandbox;

import dev.sandgate.bench.sandbox.mcp.McpEndpoints;
import dev.sandgate.bench.sandbox.mcp.McpSeen;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A sandbox with state per session, of the kind that a pool is made of: over HTTP it counts, echoes, streams, waits and
 * breaks as asked, by one request or, after {@code PUT /trouble}, by all; it speaks WebSocket and every generation of
 * MCP. One process is one instance; tests run several side by side. Its counters may be read from any
 * thread. Close it once.
 */
public final class DemoSandbox {

    private final HttpServer server;
    private final SandboxOptions options;
    private final Sessions sessions;
    private final Dispatcher dispatcher;
    private final McpEndpoints mcp;

    private DemoSandbox(
            HttpServer server, SandboxOptions options, Sessions sessions, Dispatcher dispatcher, McpEndpoints mcp) {
        this.server = server;
        this.options = options;
        this.sessions = sessions;
        this.dispatcher = dispatcher;
        this.mcp = mcp;
    }

    /** Starts one without a bound on sessions; port 0 takes a free one. */
    public static Future<DemoSandbox> start(Vertx vertx, String host, int port, String instanceName) {
        return start(vertx, SandboxOptions.of(host, port, instanceName));
    }

    /** Starts one; fails where its address cannot be had. */
    public static Future<DemoSandbox> start(Vertx vertx, SandboxOptions options) {
        String incarnation = Long.toHexString(ThreadLocalRandom.current().nextLong());
        Sessions sessions = new Sessions(options.maxSessions(), SandboxLog.open(incarnation, options.log()));
        McpEndpoints mcp = new McpEndpoints(vertx, options.name(), sessions, options.sessionHeader());
        Dispatcher dispatcher = new Dispatcher(vertx, options, sessions, mcp);
        HttpServerOptions http = new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setHandle100ContinueAutomatically(true)
                .setWebSocketSubProtocols(WebSocketEndpoints.SUB_PROTOCOLS)
                .setMaxWebSocketFrameSize(WebSocketEndpoints.LARGEST_MESSAGE)
                .setMaxWebSocketMessageSize(WebSocketEndpoints.LARGEST_MESSAGE)
                .setMaxInitialLineLength(64 * 1024)
                .setMaxHeaderSize(256 * 1024); // a sandbox accepts what the door lets through
        return vertx.createHttpServer(http)
                // clients come and go as they like: without a handler Vert.x logs each as an error
                .connectionHandler(connection -> connection.exceptionHandler(cut -> {}))
                .requestHandler(dispatcher)
                .listen()
                .map(server -> new DemoSandbox(server, options, sessions, dispatcher, mcp))
                .onFailure(refused -> sessions.close());
    }

    /** The port on which it really listens. */
    public int port() {
        return server.actualPort();
    }

    /** {@code http://127.0.0.1:9001}. */
    public String url() {
        String host = options.host().contains(":") ? "[" + options.host() + "]" : options.host();
        return "http://" + host + ":" + port();
    }

    /** What it calls itself in every answer. */
    public String name() {
        return options.name();
    }

    /** How many sessions it holds now. */
    public int sessions() {
        return sessions.held();
    }

    /** The most sessions that it ever held at a time. */
    public int highestSessions() {
        return sessions.highest();
    }

    /** The ids of the sessions that it holds now. */
    public Set<String> sessionIds() {
        return sessions.ids();
    }

    /** What it has seen of MCP; its sessions count among the others too. */
    public McpSeen mcp() {
        return mcp.seen();
    }

    /** Requests seen, health checks aside. */
    public long requests() {
        return dispatcher.requests();
    }

    /** Stops listening and cuts every connection. */
    public Future<Void> close() {
        return server.close().andThen(closed -> sessions.close());
    }
}
