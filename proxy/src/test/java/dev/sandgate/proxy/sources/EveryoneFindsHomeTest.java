package dev.sandgate.proxy.sources;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many sessions over many sandboxes, by each source of an id. A sandbox counts by a header that the door does not look
 * at, unless that is the source: so it tells by itself whether all of a session came to it, and nobody else's.
 */
final class EveryoneFindsHomeTest {

    private static final int SANDBOXES = 20;
    private static final int SESSIONS = 200;
    private static final int ROUNDS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How a client brings its id. */
    enum By {
        HEADER(new AffinityConfig.Header("X-Session-Id", false)),
        COOKIE(new AffinityConfig.Cookie("sid", false, List.of())),
        QUERY(new AffinityConfig.Query("sid")),
        PATH(new AffinityConfig.Path("/status/")),
        HOST(new AffinityConfig.Host(false, ".apps.example.com")),
        PRINCIPAL(new AffinityConfig.Principal("X-Forwarded-User"));

        @SuppressWarnings("ImmutableEnumChecker") // records of configuration do not change
        private final AffinityConfig source;

        By(AffinityConfig source) {
            this.source = source;
        }

        String target(String session) {
            return this == QUERY ? "/count?sid=" + session : this == PATH ? "/status/" + session + "/200" : "/count";
        }

        void dress(HttpClientRequest request, String session) {
            if (this == HOST) {
                request.authority(HostAndPort.create(session + ".apps.example.com", 80));
            } else if (this == PRINCIPAL) {
                request.putHeader("X-Forwarded-User", session);
            }
        }
    }

    /** What the door and a sandbox said of one request. */
    private record Said(String session, String home, String instance, long count) {}

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
    private final List<DemoSandbox> sandboxes = new ArrayList<>();
    private final List<TestDoor> doors = new ArrayList<>();
    private final Map<String, String> cookies = new HashMap<>();

    @AfterEach
    void stopTheSandboxes() throws Exception {
        // a sandbox that stops under an open door is a fault, and logged as one
        doors.forEach(TestDoor::awaitRest);
        doors.forEach(TestDoor::close);
        done(vertx.close());
    }

    private TestDoor open(By by) throws Exception {
        for (int i = 0; i < SANDBOXES; i++) {
            sandboxes.add(done(DemoSandbox.start(vertx, "127.0.0.1", 0, "sandbox-" + i)));
        }
        URI[] urls = sandboxes.stream().map(it -> URI.create(it.url())).toArray(URI[]::new);
        TestDoor door = kit.open(DoorPlan.toUrls(urls)
                .debug()
                .trusting("127.0.0.1")
                .main(pool ->
                        pool.perInstance(SESSIONS / SANDBOXES).connect(PATIENCE).firstByte(PATIENCE))
                .waits(PATIENCE, PATIENCE)
                .affinity(by.source));
        doors.add(door);
        return door;
    }

    @ParameterizedTest
    @EnumSource
    void everyRequestOfASessionReachesItsInstanceAndIsCountedOnce(By by) throws Exception {
        TestDoor door = open(by);
        HttpClient http1 = client(HttpVersion.HTTP_1_1);
        HttpClient http2 = client(HttpVersion.HTTP_2);
        Map<String, String> homes = new HashMap<>();
        Map<String, Long> received = new HashMap<>();

        for (int round = 1; round <= ROUNDS; round++) {
            List<Future<Said>> answers = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                // every session changes its protocol, and with it its connection, from round to round
                answers.add(ask((i + round) % 2 == 0 ? http1 : http2, door, by, "s-" + i));
            }
            for (Said said : done(Future.all(answers)).<Said>list()) {
                String home = homes.computeIfAbsent(said.session(), id -> said.home() + " " + said.instance());
                assertThat(said.home() + " " + said.instance()).isEqualTo(home);
                assertThat(said.count()).as(said.session()).isEqualTo(round);
                received.merge(said.instance(), 1L, Long::sum);
            }
        }

        assertThat(homes).hasSize(SESSIONS);
        assertThat(sandboxes).allSatisfy(it -> {
            assertThat(it.highestSessions()).isEqualTo(SESSIONS / SANDBOXES);
            assertThat(it.requests()).isEqualTo(received.get(it.name()));
        });
        assertThat(door.vitals().sessions()).isEqualTo(SESSIONS);
        assertThat(cookies).hasSize(by == By.COOKIE ? SESSIONS : 0);
    }

    private HttpClient client(HttpVersion version) {
        return vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(version).setHttp2ClearTextUpgrade(false),
                new PoolOptions().setHttp1MaxSize(20).setHttp2MaxSize(2));
    }

    private Future<Said> ask(HttpClient client, TestDoor door, By by, String session) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(door.port())
                .setURI(by.target(session))
                .putHeader("X-Session-Id", session);
        String cookie = cookies.get(session);
        if (cookie != null) {
            options.putHeader("Cookie", cookie);
        }
        // in one step on the client's loop: an answer that nobody listens to yet is lost
        return client.request(options).compose(request -> {
            by.dress(request, session);
            return request.send().compose(answer -> said(session, answer));
        });
    }

    private Future<Said> said(String session, HttpClientResponse answer) {
        return answer.body().map(body -> {
            assertThat(answer.statusCode()).as(body.toString()).isEqualTo(200);
            keep(session, answer.headers().getAll("Set-Cookie"));
            JsonObject said = body.toJsonObject();
            assertThat(said.getString("session")).isEqualTo(session);
            String home = String.valueOf(answer.getHeader("X-Sandgate-Instance"));
            return new Said(session, home, said.getString("instance"), said.getLong("count"));
        });
    }

    private void keep(String session, List<String> setCookies) {
        synchronized (cookies) {
            for (String line : setCookies) {
                // a second one would mean a second session
                assertThat(cookies.put(session, line.split(";", -1)[0])).isNull();
            }
        }
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
