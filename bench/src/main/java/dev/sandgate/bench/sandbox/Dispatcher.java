package dev.sandgate.bench.sandbox;

import dev.sandgate.bench.sandbox.Sessions.Session;
import dev.sandgate.bench.sandbox.mcp.McpEndpoints;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Gives each request to its endpoint, and counts it for its session on the way. The one list of what is served. */
final class Dispatcher implements Handler<HttpServerRequest> {

    private static final Logger log = System.getLogger(Dispatcher.class.getName());
    private static final String STATUS = "/status/";

    /**
     * How one path is served.
     *
     * @param methods that it answers; empty: all
     * @param counted whether a request with an id opens its session and adds to its count
     */
    private record Served(Set<HttpMethod> methods, boolean counted, Endpoint endpoint) {

        boolean answers(HttpMethod method) {
            return methods.isEmpty()
                    || methods.contains(method)
                    || (HttpMethod.HEAD.equals(method) && methods.contains(HttpMethod.GET));
        }
    }

    private final Map<String, Served> paths = new HashMap<>();
    private final SandboxOptions options;
    private final Sessions sessions;
    private final AtomicLong requests = new AtomicLong();
    private final Trouble trouble;

    Dispatcher(Vertx vertx, SandboxOptions options, Sessions sessions, McpEndpoints mcp) {
        this.options = options;
        this.sessions = sessions;
        this.trouble = new Trouble(vertx);
        StateEndpoints state = new StateEndpoints(sessions, options.sessionHeader());
        BodyEndpoints bodies = new BodyEndpoints(vertx);
        TimedEndpoints timed = new TimedEndpoints(vertx);
        MirrorEndpoints mirror = new MirrorEndpoints();
        BrokenEndpoints broken = new BrokenEndpoints();
        WebSocketEndpoints sockets = new WebSocketEndpoints(vertx, sessions, options);
        serve("/", HttpMethod.GET, state::count);
        paths.put("/count", new Served(Set.of(HttpMethod.GET, HttpMethod.POST), true, state::count));
        serveItsOwn("/visits", visit -> state.visits(visit));
        serve("/echo", HttpMethod.POST, bodies::echo);
        serve("/bytes", HttpMethod.GET, bodies::bytes);
        serve("/sink", HttpMethod.PUT, bodies::sink);
        serve("/events", HttpMethod.GET, timed::events);
        serve("/slow", HttpMethod.GET, timed::slow);
        serve("/trailers", HttpMethod.GET, mirror::trailers);
        serve("/broken", HttpMethod.GET, broken::answer);
        serveItsOwn("/ws", visit -> sockets.open(visit));
        serveItsOwn("/ws/refuse", visit -> sockets.refuse(visit));
        serveItsOwn("/mcp", visit -> mcp.mcp(visit.request()));
        serveItsOwn("/mcp/seen", visit -> mcp.seen(visit.request()));
        serveItsOwn("/sse", visit -> mcp.sse(visit.request()));
        serveItsOwn("/messages", visit -> mcp.messages(visit.request()));
        paths.put("/headers", new Served(Set.of(), true, mirror::headers));
        paths.put(STATUS, new Served(Set.of(), true, mirror::status));
        paths.put("/session", new Served(Set.of(HttpMethod.DELETE), false, state::end));
        paths.put(Trouble.PATH, new Served(Set.of(HttpMethod.PUT), false, trouble::begin));
        paths.put("/healthz", new Served(Set.of(HttpMethod.GET), false, state::health));
    }

    /** For a protocol with methods and sessions of its own. */
    private void serveItsOwn(String path, Endpoint endpoint) {
        paths.put(path, new Served(Set.of(), false, endpoint));
    }

    private void serve(String path, HttpMethod method, Endpoint endpoint) {
        paths.put(path, new Served(Set.of(method), true, endpoint));
    }

    /** Requests seen, health checks aside. Any thread. */
    long requests() {
        return requests.get();
    }

    @Override
    public void handle(HttpServerRequest request) {
        guarded(request, () -> {
            Served served = find(request);
            trouble.befall(
                    request, String.valueOf(request.path()), () -> guarded(request, () -> serve(request, served)));
        });
    }

    private void serve(HttpServerRequest request, Served served) {
        Visit visit = new Visit(request, options.name(), served.counted() ? session(request) : Optional.empty());
        served.endpoint().answer(visit);
    }

    private void guarded(HttpServerRequest request, Runnable step) {
        try {
            step.run();
        } catch (Refused refused) {
            new Visit(request, options.name(), Optional.empty())
                    .json(refused.status(), new JsonObject().put("error", refused.why()));
        } catch (RuntimeException bug) {
            log.log(Level.ERROR, request.method() + " " + request.uri() + " failed", bug);
            request.connection().close();
        }
    }

    private Served find(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        if (!path.equals("/healthz")) {
            requests.incrementAndGet();
        }
        Served served = paths.get(path.startsWith(STATUS) ? STATUS : path);
        if (served == null) {
            throw new Refused(404, path + " is not served here");
        }
        if (!served.answers(request.method())) {
            String allowed = served.methods().stream().map(HttpMethod::name).collect(Collectors.joining(", "));
            request.response().putHeader("Allow", allowed);
            throw new Refused(405, path + " answers " + allowed);
        }
        return served;
    }

    private Optional<Session> session(HttpServerRequest request) {
        String id = request.getHeader(options.sessionHeader());
        if (id == null) {
            return Optional.empty();
        }
        Optional<Session> session = sessions.visit(id);
        if (session.isEmpty()) {
            throw new Refused(
                    503, options.name() + " holds " + options.maxSessions() + " sessions and has no more room");
        }
        return session;
    }
}
