package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many sessions over many sandboxes: each sandbox tells which instance it is, and how often it saw the session. */
final class HeaderSessionsTest {

    private static final int SANDBOXES = 20;
    private static final int SESSIONS = 200;
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What a sandbox said of one request. */
    private record Said(String session, String instance, long count) {}

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Vertx vertx = Vertx.vertx();
    private final List<DemoSandbox> sandboxes = new ArrayList<>();
    private TestDoor door;

    @BeforeEach
    void openTheDoor() throws Exception {
        for (int i = 0; i < SANDBOXES; i++) {
            sandboxes.add(done(DemoSandbox.start(vertx, "127.0.0.1", 0, "sandbox-" + i)));
        }
        URI[] urls = sandboxes.stream().map(it -> URI.create(it.url())).toArray(URI[]::new);
        door = kit.open(DoorPlan.toUrls(urls)
                .main(pool -> pool.perInstance(SESSIONS / SANDBOXES))
                .waits(PATIENCE, PATIENCE));
    }

    @AfterEach
    void stopTheSandboxes() throws Exception {
        // a sandbox that stops under an open door is a fault, and logged as one
        door.awaitRest();
        door.close();
        done(vertx.close());
    }

    @Test
    void everyRequestOfASessionReachesItsInstanceAndIsCountedOnce() throws Exception {
        HttpClient http1 = client(HttpVersion.HTTP_1_1);
        HttpClient http2 = client(HttpVersion.HTTP_2);
        Map<String, String> homes = new HashMap<>();

        for (int round = 1; round <= ROUNDS; round++) {
            List<Future<Said>> answers = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                // every session changes its protocol, and with it its connection, from round to round
                answers.add(ask((i + round) % 2 == 0 ? http1 : http2, "session-" + i));
            }
            for (Said said : done(Future.all(answers)).<Said>list()) {
                assertThat(said.instance()).isEqualTo(homes.computeIfAbsent(said.session(), id -> said.instance()));
                assertThat(said.count()).as(said.session()).isEqualTo(round);
            }
        }

        assertThat(homes).hasSize(SESSIONS);
        assertThat(sandboxes).allSatisfy(it -> {
            assertThat(it.highestSessions()).isEqualTo(SESSIONS / SANDBOXES);
            assertThat(it.requests()).isEqualTo((long) ROUNDS * SESSIONS / SANDBOXES);
        });
        assertThat(door.vitals().sessions()).isEqualTo(SESSIONS);
    }

    @Test
    void requestsOfOneSessionAtOnceAreAllCountedByOneInstance() throws Exception {
        HttpClient http1 = client(HttpVersion.HTTP_1_1);
        HttpClient http2 = client(HttpVersion.HTTP_2);
        List<Future<Said>> answers = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            // the first of them open the session, all at the same time
            for (int round = 0; round < ROUNDS; round++) {
                answers.add(ask(round % 2 == 0 ? http1 : http2, "session-" + i));
            }
        }
        Map<String, Set<String>> homes = new HashMap<>();
        Map<String, Set<Long>> counts = new HashMap<>();
        for (Said said : done(Future.all(answers)).<Said>list()) {
            homes.computeIfAbsent(said.session(), id -> new HashSet<>()).add(said.instance());
            counts.computeIfAbsent(said.session(), id -> new HashSet<>()).add(said.count());
        }

        assertThat(homes).hasSize(SESSIONS);
        assertThat(homes.values()).allSatisfy(instances -> assertThat(instances).hasSize(1));
        assertThat(counts.values()).allSatisfy(seen -> assertThat(seen).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L));
        assertThat(sandboxes)
                .allSatisfy(it -> assertThat(it.highestSessions()).isLessThanOrEqualTo(SESSIONS / SANDBOXES));
    }

    private HttpClient client(HttpVersion version) {
        return vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp1MaxSize(40).setHttp2MaxSize(2));
    }

    private Future<Said> ask(HttpClient client, String session) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(door.port())
                .setURI("/count")
                .putHeader("X-Session-Id", session);
        // in one step on the client's loop: an answer that nobody listens to yet is lost
        return client.request(options).compose(request -> request.send().compose(HeaderSessionsTest::said));
    }

    private static Future<Said> said(HttpClientResponse answer) {
        return answer.body().map(body -> {
            assertThat(answer.statusCode()).as(body.toString()).isEqualTo(200);
            JsonObject said = body.toJsonObject();
            return new Said(said.getString("session"), said.getString("instance"), said.getLong("count"));
        });
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
