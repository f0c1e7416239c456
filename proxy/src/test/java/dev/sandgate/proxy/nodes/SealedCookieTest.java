package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A cookie that comes to a node which has never seen its session, while Redis is away. */
final class SealedCookieTest {

    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie(
            "sid", false, List.of(new CookieKey("k", "a secret for cookies of these tests only")));

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final RedisProcess redis = RedisProcess.start();
    private RecordingInstance[] instances;

    @BeforeEach
    void announce() {
        instances = new RecordingInstance[] {kit.instance(), kit.instance(), kit.instance()};
        for (String line : List.of(
                // an assertion of vertx-redis-client's own, where a connection breaks and ends at once
                "Unhandled exception java.lang.AssertionError",
                "is away",
                "no table:",
                "the table misses beats",
                "the table cannot be reached",
                "the table began anew")) {
            kit.log().expect(line);
        }
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private TestDoor open(UnaryOperator<PoolPlan> pool) {
        return kit.open(DoorPlan.to(instances)
                        .main(pool)
                        .redis(redis.url())
                        .affinity(COOKIE)
                        .debug())
                .awaitReady()
                .awaitInstances(instances.length);
    }

    private TestDoor open() {
        return open(pool -> pool.perInstance(1));
    }

    private static Answer ask(TestDoor door, String cookie) {
        try (RawClient client = door.connect()) {
            return client.get("/x", cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n")
                    .answer();
        }
    }

    private static String cookie(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.fields().first("Set-Cookie").orElseThrow().split(";", -1)[0];
    }

    private static String home(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.fields().first("X-Sandgate-Instance").orElseThrow();
    }

    private static void unavailable(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("table-unavailable");
        assertThat(answer.fields().has("Set-Cookie")).isFalse();
    }

    private String slots(String instance) {
        return redis.say("ZCARD", "sg:{main}:i:" + URLEncoder.encode(instance, StandardCharsets.UTF_8));
    }

    /** Redis admits again: a first request is served. */
    private static String awaitTable(TestDoor door) {
        String[] cookie = {""};
        Await.until(
                () -> {
                    Answer answer = ask(door, "");
                    cookie[0] = answer.status() == 200 ? cookie(answer) : "";
                    return answer.status() == 200;
                },
                () -> "the table never comes back");
        return cookie[0];
    }

    @Test
    void findsItsHomeAndNothingIsDoubledAfterwards() {
        TestDoor a = open();
        TestDoor b = open();
        Answer first = ask(a, "");
        String cookie = cookie(first);
        redis.kill();

        Answer there = ask(b, cookie);
        assertThat(home(there)).isEqualTo(home(first));
        assertThat(there.fields().has("Set-Cookie")).isFalse();
        assertThat(home(ask(a, cookie))).isEqualTo(home(first));
        unavailable(ask(b, ""));

        redis.restart();
        awaitTable(b);
        assertThat(home(ask(b, cookie))).isEqualTo(home(first));
        assertThat(home(ask(a, cookie))).isEqualTo(home(first));
        assertThat(slots(home(first))).isEqualTo(":1");
        Await.until(() -> a.vitals().sessions() == 2, () -> a.vitals().toString());
    }

    @Test
    void findsItsHomeWhereRedisHangsAndHasLostNothing() {
        TestDoor a = open();
        TestDoor b = open();
        Answer first = ask(a, "");
        String cookie = cookie(first);
        redis.freeze();
        assertThat(home(ask(b, cookie))).isEqualTo(home(first));
        redis.thaw();
        awaitTable(b);
        assertThat(home(ask(b, cookie))).isEqualTo(home(first));
        assertThat(slots(home(first))).isEqualTo(":1");
    }

    @Test
    void isAllThatIsLeftOfItsSessionWhereItsNodeIsGoneAndRedisIsEmpty() {
        TestDoor a = open();
        TestDoor b = open();
        Answer before = ask(a, "");
        Answer meanwhile = ask(a, "");
        a.close();
        redis.kill();
        assertThat(home(ask(b, cookie(before)))).isEqualTo(home(before));
        redis.restart();
        // it holds for a second, in which nodes tell what they know
        assertThat(home(ask(b, cookie(meanwhile)))).isEqualTo(home(meanwhile));
        awaitTable(b);
        for (Answer each : List.of(before, meanwhile)) {
            assertThat(home(ask(b, cookie(each)))).isEqualTo(home(each));
            assertThat(slots(home(each))).isEqualTo(":1");
        }
    }

    @Test
    void isNeverServedByAnotherLifeOfItsInstance() {
        for (RecordingInstance instance : instances) {
            tellingLife(instance, "first");
        }
        TestDoor a = open(pool -> pool.incarnationInHeader("X-Life"));
        awaitTable(a);
        String cookie = cookie(ask(a, ""));
        a.close();
        for (RecordingInstance instance : instances) {
            tellingLife(instance, "second");
        }
        TestDoor b = open(pool -> pool.incarnationInHeader("X-Life"));
        awaitTable(b);
        redis.kill();
        for (RecordingInstance instance : instances) {
            instance.forget();
        }
        unavailable(ask(b, cookie));
        for (RecordingInstance instance : instances) {
            assertThat(instance.requests()).noneMatch(seen -> seen.target().equals("/x"));
        }
    }

    private static void tellingLife(RecordingInstance instance, String life) {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nX-Life: " + life + "\r\nContent-Length: 0\r\n\r\n"));
    }

    @Test
    void isAsNoCookieWhereOneBitOfItIsFlipped() {
        TestDoor a = open();
        TestDoor b = open();
        String cookie = cookie(ask(a, ""));
        redis.kill();
        int at = cookie.length() / 2;
        char flipped = cookie.charAt(at) == 'A' ? 'B' : 'A';
        unavailable(ask(b, cookie.substring(0, at) + flipped + cookie.substring(at + 1)));
        assertThat(ask(b, cookie).status()).isEqualTo(200);
    }
}
