package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.bench.sandbox.SandboxOptions;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorFile;
import dev.sandgate.proxy.kit.DoorProcess;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node that is killed while it holds every slot of two pools: of one by event streams that are sessions, of the other
 * by requests whose sessions have no id yet.
 */
final class NodeKilledTest {

    private static final int EACH = 500;
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** At once, so that a node that has just started keeps up with what it holds. */
    private static final int BATCH = 50;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient client =
            vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(10 * EACH));
    private final AtomicInteger refused = new AtomicInteger();
    private DemoSandbox streaming;
    private DemoSandbox opening;
    private DoorProcess doomed;
    private DoorProcess spared;
    private RedisProcess redis;
    private HeldSlots streams;
    private HeldSlots openings;
    private int begun;

    NodeKilledTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void open() throws IOException {
        streaming = Await.finished(DemoSandbox.start(vertx, SandboxOptions.of("127.0.0.1", 0, "streaming")));
        opening = Await.finished(DemoSandbox.start(vertx, SandboxOptions.of("127.0.0.1", 0, "opening")));
        redis = kit.nodes().redis();
        doomed = kit.own(DoorProcess.beginWithLeases(config("doomed"), LEASE));
        spared = kit.own(DoorProcess.beginWithLeases(config("spared"), LEASE));
        doomed.awaitOpen();
        spared.awaitOpen();
    }

    @AfterEach
    void stop() {
        Await.finished(vertx.close());
    }

    private Path config(String node) {
        JsonObject header = new JsonObject().put("header", "X-Session-Id");
        JsonObject cookie = new JsonObject()
                .put("cookie", new JsonObject().put("name", "sandbox").put("learn", true));
        return DoorFile.in(folder, node)
                .redis(redis.url())
                .pool("streams", pool(streaming))
                .pool("openings", pool(opening))
                .route("/sse", "streams", "mcp")
                .route("/count", "streams", header)
                .route("/slow", "openings", cookie)
                .route("/headers", "openings", header)
                .write();
    }

    private static JsonObject pool(DemoSandbox sandbox) {
        return new JsonObject()
                .put(
                        "instances",
                        new JsonObject().put("type", "static").put("urls", new JsonArray().add(sandbox.url())))
                .put("sessions", new JsonObject().put("perInstance", EACH))
                .put("queue", new JsonObject().put("max", 0))
                .put("timeouts", new JsonObject().put("firstByte", "1h"));
    }

    @Test
    void whatItHeldIsFreeOnceItsLeaseIsOverAndNotBefore() {
        Await.within(PATIENCE, this::holdsAll, () -> "held: " + streams.count() + ", " + openings.count());
        doomed.kill();
        // by then Redis has read whatever it had sent before
        IntStream.range(0, 20).forEach(i -> redis.say("PING"));
        Legacy ofStreams = new Legacy("streams", "/count", streams);
        Legacy ofOpenings = new Legacy("openings", "/headers", openings);
        // each in turn, so that the first to be free is asked for on and on, too
        Await.within(
                PATIENCE,
                () -> Stream.of(ofStreams, ofOpenings).filter(Legacy::isFree).count() == 2,
                () -> "left: " + ofStreams + ofOpenings);
        ofStreams.isTakenByOthers();
        ofOpenings.isTakenByOthers();
    }

    /** Opens what is missing; what a slow machine lets lapse meanwhile is missing the next time. */
    private boolean holdsAll() {
        inBatches(EACH - HeldSlots.of("streams", redis).count(), count -> {
            List<Future<Boolean>> open =
                    IntStream.range(0, count).mapToObj(i -> openStream()).toList();
            Await.finished(Future.all(open));
        });
        inBatches(EACH - HeldSlots.of("openings", redis).count(), count -> {
            IntStream.range(0, count).forEach(i -> beginOpening());
            Await.until(
                    () -> opening.requests() + refused.get() == begun,
                    () -> opening.requests() + " of " + begun + " are under way");
        });
        streams = HeldSlots.of("streams", redis);
        openings = HeldSlots.of("openings", redis);
        return streams.count() == EACH && openings.count() == EACH;
    }

    private static void inBatches(int count, IntConsumer open) {
        for (int left = count; left > 0; left -= BATCH) {
            open.accept(Math.min(BATCH, left));
        }
    }

    /** Whether there is one once this is done. */
    private Future<Boolean> openStream() {
        return send(doomed, "/sse", "").compose(answer -> {
            Promise<Boolean> opened = Promise.promise();
            answer.handler(piece -> opened.tryComplete(piece.toString().startsWith("event: endpoint")));
            answer.exceptionHandler(cut -> opened.tryComplete(false));
            return opened.future();
        });
    }

    private void beginOpening() {
        begun++;
        send(doomed, "/slow?head=3600000", "").onComplete(answer -> refused.incrementAndGet());
    }

    private Future<HttpClientResponse> send(DoorProcess door, String target, String session) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(door.port())
                .setURI(target);
        if (!session.isEmpty()) {
            options.putHeader("X-Session-Id", session);
        }
        return client.request(options).compose(HttpClientRequest::send);
    }

    /** The slots of one pool after the death of the node that held them all. */
    private final class Legacy {

        private final String pool;
        private final String path;
        private HeldSlots left;
        private int asked;
        private int admitted;

        /** @param alive what was held a moment before, and may have been renewed once more */
        Legacy(String pool, String path, HeldSlots alive) {
            this.pool = pool;
            this.path = path;
            this.left = HeldSlots.of(pool, redis).only(alive);
            alive.freedBy(left);
            assertThat(left.deadlines().values()).allMatch(until -> until <= left.now() + LEASE.toMillis());
        }

        /** The other node asks for a slot; whatever is not held any more then was over by then, and nothing is renewed. */
        boolean isFree() {
            Answer answer = ask();
            HeldSlots now = HeldSlots.of(pool, redis);
            assertThat(now.count()).isLessThanOrEqualTo(EACH);
            HeldSlots rest = now.only(left);
            left.freedBy(rest);
            assertThat(left.deadlines()).containsAllEntriesOf(rest.deadlines());
            left = rest;
            if (answer.status() == 200) {
                admitted++;
            } else {
                assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("pool-full");
            }
            assertThat(now.count() - rest.count()).isEqualTo(admitted);
            return rest.count() == 0;
        }

        /** The other node has them all now, and no more. */
        void isTakenByOthers() {
            Await.until(() -> used() == admitted, this::toString);
            inBatches(EACH - admitted, count -> {
                List<Future<Integer>> asked = IntStream.range(0, count)
                        .mapToObj(i -> send(spared, path, nextSession()).map(HttpClientResponse::statusCode))
                        .toList();
                assertThat(Await.finished(Future.all(asked)).<Integer>list()).containsOnly(200);
            });
            assertThat(ask().status()).isEqualTo(503);
        }

        private Answer ask() {
            try (RawClient client = RawClient.to(spared.port()).patience(PATIENCE)) {
                return client.get(path, "X-Session-Id: " + nextSession() + "\r\n")
                        .answer();
            }
        }

        private String nextSession() {
            return "heir-" + asked++;
        }

        /** As the other node's operator sees it. */
        private int used() {
            try (RawClient operator = RawClient.to(spared.adminPort())) {
                Answer answer = operator.send("GET /pools HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .answer();
                return new JsonObject(answer.body())
                        .getJsonArray("pools").stream()
                                .map(JsonObject.class::cast)
                                .filter(each -> each.getString("name").equals(pool))
                                .mapToInt(each -> each.getJsonObject("slots").getInteger("used"))
                                .sum();
            }
        }

        @Override
        public String toString() {
            return pool + ": " + left.count() + " left, " + admitted + " taken, " + used() + " told";
        }
    }
}
