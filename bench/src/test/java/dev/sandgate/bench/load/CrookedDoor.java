package dev.sandgate.bench.load;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A small door that pins by header or by MCP id, keeps a cap, and does one thing wrong on purpose. All on one event loop.
 */
final class CrookedDoor implements AutoCloseable {

    /** What it does wrong. */
    enum Crook {
        NOTHING,
        IGNORES_AFFINITY,
        EXCEEDS_THE_CAP_BY_ONE,
        FORGETS_A_SESSION,
        ENDS_A_SESSION_IN_SECRET,
        ANSWERS_HALF_A_BODY,
        TELLS_AN_ID_TOO_EARLY,
        SENDS_TWICE,
        SWAPS_EVENTS,
        MIXES_UP_SESSIONS,
        STALLS
    }

    static final int CAP = 4;
    private static final int WRONG_AT = 9;
    private static final long LATE_MILLIS = 300;
    static final long STALL_MILLIS = 2_000;

    /** A request, with its body; {@code wrong}: it is the one that is served wrongly. */
    private record Guest(HttpServerRequest request, Buffer body, boolean wrong) {

        boolean is(Crook one, Crook mine) {
            return wrong && one == mine;
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client;
    private final HttpServer server;
    private final Crook crook;
    private final List<Integer> instances;
    private final Map<String, Integer> homes = new HashMap<>();
    private final Set<String> untold = new HashSet<>();
    private Future<?> awake = Future.succeededFuture();
    private int requests;
    private int turn;

    CrookedDoor(Crook crook, List<Integer> instances) {
        this.crook = crook;
        this.instances = instances;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost("127.0.0.1"), new PoolOptions().setHttp1MaxSize(200));
        this.server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .listen(0, "127.0.0.1")
                .await();
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            boolean counts = request.path().equals("/count");
            requests += counts ? 1 : 0;
            Guest guest = new Guest(request, body, counts && requests == WRONG_AT);
            String id = request.headers().contains("Mcp-Session-Id")
                    ? request.getHeader("Mcp-Session-Id")
                    : request.getHeader("X-Session-Id");
            Optional<Integer> home = place(guest, id);
            if (home.isEmpty()) {
                refuse(request, id == null || !request.path().equals("/mcp") ? 503 : 404);
            } else {
                if (guest.is(Crook.STALLS, crook)) {
                    awake = vertx.timer(STALL_MILLIS, TimeUnit.MILLISECONDS);
                }
                awake.onComplete(now -> forward(guest, home.get()));
            }
        });
    }

    private static void refuse(HttpServerRequest request, int status) {
        String reason = status == 503 ? "pool-full" : "session-unknown";
        request.response().setStatusCode(status).end("{\"reason\":\"" + reason + "\"}");
    }

    private Optional<Integer> place(Guest guest, String id) {
        turn++;
        int any = instances.get(turn % instances.size());
        if (id == null || crook == Crook.IGNORES_AFFINITY) {
            return Optional.of(any);
        }
        if (guest.request().path().equals("/mcp")) {
            return untold.contains(id) ? Optional.empty() : Optional.ofNullable(homes.get(id));
        }
        if (guest.is(Crook.FORGETS_A_SESSION, crook)) {
            int before = homes.getOrDefault(id, any);
            homes.put(id, instances.get((instances.indexOf(before) + 1) % instances.size()));
        }
        if (!homes.containsKey(id)) {
            room().ifPresent(instance -> homes.put(id, instance));
        }
        return Optional.ofNullable(homes.get(id));
    }

    /** The first instance that has room, so that one is full before the next is used. */
    private Optional<Integer> room() {
        int cap = crook == Crook.EXCEEDS_THE_CAP_BY_ONE ? CAP + 1 : CAP;
        return instances.stream()
                .filter(instance ->
                        homes.values().stream().filter(instance::equals).count() < cap)
                .findFirst();
    }

    private void forward(Guest guest, int instance) {
        send(guest, instance)
                .compose(answer -> answer.body().compose(content -> inSecret(guest, instance, content)
                        .map(last -> relay(guest, answer, last, instance))))
                .onFailure(broken -> guest.request().connection().close());
    }

    private Future<Buffer> inSecret(Guest guest, int instance, Buffer content) {
        if (guest.is(Crook.ENDS_A_SESSION_IN_SECRET, crook)) {
            RequestOptions end = new RequestOptions()
                    .setMethod(HttpMethod.DELETE)
                    .setPort(instance)
                    .setURI("/session");
            return client.request(end)
                    .compose(
                            out -> out.putHeader("X-Session-Id", guest.request().getHeader("X-Session-Id"))
                                    .send())
                    .compose(HttpClientResponse::end)
                    .map(content);
        }
        if (guest.is(Crook.SENDS_TWICE, crook)) {
            return send(guest, instance).compose(HttpClientResponse::end).map(content);
        }
        return Future.succeededFuture(content);
    }

    private Future<HttpClientResponse> send(Guest guest, int instance) {
        HttpServerRequest request = guest.request();
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setPort(instance)
                .setURI(request.uri());
        return client.request(options).compose(out -> {
            request.headers().forEach((name, value) -> {
                if (!name.equalsIgnoreCase("content-length")) {
                    out.putHeader(name, value);
                }
            });
            if (guest.is(Crook.MIXES_UP_SESSIONS, crook)) {
                out.putHeader("X-Session-Id", homes.keySet().iterator().next() + "x");
            }
            return out.send(guest.body());
        });
    }

    private Void relay(Guest guest, HttpClientResponse answer, Buffer content, int instance) {
        HttpServerRequest request = guest.request();
        String learned = answer.getHeader("Mcp-Session-Id");
        if (learned != null) {
            homes.put(learned, instance);
            if (crook == Crook.TELLS_AN_ID_TOO_EARLY) {
                untold.add(learned);
                vertx.setTimer(LATE_MILLIS, late -> untold.remove(learned));
            }
        }
        if (HttpMethod.DELETE.equals(request.method())) {
            homes.remove(request.getHeader("X-Session-Id"));
        }
        answer.headers().forEach((name, value) -> {
            if (!name.equalsIgnoreCase("content-length") && !name.equalsIgnoreCase("transfer-encoding")) {
                request.response().putHeader(name, value);
            }
        });
        boolean half = guest.is(Crook.ANSWERS_HALF_A_BODY, crook);
        Buffer told = half ? content.getBuffer(0, content.length() / 2) : content;
        if (crook == Crook.SWAPS_EVENTS && request.path().equals("/events")) {
            told = swapped(content);
        }
        request.response().setStatusCode(answer.statusCode()).end(told);
        return null;
    }

    private static Buffer swapped(Buffer events) {
        List<String> all = List.of(events.toString().split("\n\n", -1));
        return Buffer.buffer(IntStream.range(0, all.size())
                .mapToObj(n -> n == 1 ? all.get(2) : n == 2 ? all.get(1) : all.get(n))
                .collect(Collectors.joining("\n\n")));
    }
}
