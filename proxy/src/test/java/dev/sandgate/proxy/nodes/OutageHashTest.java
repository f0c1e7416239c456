package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.conf.PoolConfig.Outage;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** New sessions while Redis is away, in a pool that opens them without it. */
final class OutageHashTest {

    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie(
            "sid", false, List.of(new CookieKey("k", "a secret for cookies of these tests only")));
    private static final int CAP = 4;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final RedisProcess redis = RedisProcess.start();
    private RecordingInstance[] instances;

    @BeforeEach
    void announce() {
        instances = new RecordingInstance[] {kit.instance(), kit.instance()};
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

    private TestDoor open(String node) {
        return kit.open(DoorPlan.to(instances)
                        .main(pool -> pool.perInstance(CAP).outage(Outage.HASH))
                        .redis(redis.url())
                        .node(node, "127.0.0.1")
                        .affinity(COOKIE)
                        .debug())
                .awaitReady()
                .awaitInstances(instances.length);
    }

    /** Two nodes that know of each other, as the table tells with each beat. */
    private List<TestDoor> openBoth() {
        List<TestDoor> both = List.of(open("a"), open("b"));
        for (String node : List.of("a", "b")) {
            // when the second beat begins, the first one has its answer
            awaitBeat(node);
            awaitBeat(node);
        }
        return both;
    }

    private void awaitBeat(String node) {
        long last = lastBeat(node);
        Await.until(() -> lastBeat(node) > last, () -> "no beat of " + node);
    }

    private long lastBeat(String node) {
        String script = "return tonumber(redis.call('ZSCORE', 'sg:{main}:nodes', ARGV[1]) or '0')";
        return Long.parseLong(redis.say("EVAL", script, "0", node).substring(1));
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

    private static String reason(Answer answer) {
        return answer.status() == 200 ? "" : new JsonObject(answer.body()).getString("reason");
    }

    /** Sessions that this node opens until it refuses, by their cookies. */
    private static Map<String, String> fill(TestDoor door) {
        Map<String, String> homes = new LinkedHashMap<>();
        Answer answer = ask(door, "");
        while (answer.status() == 200) {
            homes.put(cookie(answer), home(answer));
            answer = ask(door, "");
        }
        assertThat(reason(answer)).isEqualTo("table-unavailable");
        return homes;
    }

    private int slots(RecordingInstance instance) {
        String id = URLEncoder.encode("127.0.0.1:" + instance.port(), StandardCharsets.UTF_8);
        return Integer.parseInt(redis.say("ZCARD", "sg:{main}:i:" + id).substring(1));
    }

    @Test
    void eachNodeAddsItsPartOfEachInstanceAndNothingIsLostThatHasRoom() {
        List<TestDoor> doors = openBoth();
        redis.kill();
        Map<String, String> homes = new LinkedHashMap<>();
        for (TestDoor door : doors) {
            Map<String, String> opened = fill(door);
            Map<String, Integer> perInstance = new HashMap<>();
            opened.values().forEach(home -> perInstance.merge(home, 1, Integer::sum));
            assertThat(perInstance.values()).containsOnly(CAP / 2).hasSize(instances.length);
            homes.putAll(opened);
        }
        homes.forEach((cookie, home) ->
                doors.forEach(door -> assertThat(home(ask(door, cookie))).isEqualTo(home)));

        redis.restart();
        for (RecordingInstance instance : instances) {
            Await.until(() -> slots(instance) == CAP, () -> "slots taken: " + slots(instance));
        }
        homes.forEach((cookie, home) ->
                doors.forEach(door -> assertThat(home(ask(door, cookie))).isEqualTo(home)));
        for (RecordingInstance instance : instances) {
            assertThat(slots(instance)).isEqualTo(CAP);
        }
    }

    @Test
    void whatHasNoRoomAfterwardsIsLostAndToldSo() {
        List<TestDoor> doors = openBoth();
        Map<String, String> before = new LinkedHashMap<>();
        for (int i = 0; i < instances.length * CAP; i++) {
            Answer answer = ask(doors.get(i % 2), "");
            before.put(cookie(answer), home(answer));
        }
        redis.freeze();
        Map<String, String> meanwhile = new LinkedHashMap<>();
        for (TestDoor door : doors) {
            Answer answer = ask(door, "");
            meanwhile.put(cookie(answer), home(answer));
        }
        redis.thaw();

        List<String> told = new ArrayList<>();
        meanwhile.keySet().forEach(cookie -> {
            Answer[] last = new Answer[1];
            Await.until(
                    () -> {
                        last[0] = ask(doors.get(0), cookie);
                        return last[0].status() == 404;
                    },
                    () -> "it goes on without a slot: " + last[0].status());
            told.add(last[0].status() + " " + reason(last[0]));
            assertThat(last[0].fields().first("Set-Cookie").orElse("")).contains("Max-Age=0");
        });
        assertThat(told).containsOnly("404 session-lost");
        before.forEach(
                (cookie, home) -> assertThat(home(ask(doors.get(1), cookie))).isEqualTo(home));
        for (RecordingInstance instance : instances) {
            assertThat(slots(instance)).isEqualTo(CAP);
        }
    }

    @Test
    void aSessionThatOnlyItsCookieTellsOfIsKnownToTheTableFromThenOn() {
        TestDoor a = open("a");
        TestDoor b = open("b");
        redis.kill();
        Answer first = ask(a, "");
        String cookie = cookie(first);
        a.close();
        redis.restart();
        b.awaitReady();
        assertThat(home(ask(b, cookie))).isEqualTo(home(first));
        Await.until(() -> slots(instances[0]) + slots(instances[1]) == 1, () -> "the table was not told of it");
        assertThat(ask(b, cookie).fields().has("Set-Cookie")).isFalse();
    }

    @Test
    void anInstanceThatCannotBeReachedIsPassedOver() {
        TestDoor door = open("a");
        redis.kill();
        RecordingInstance dead = instances[0];
        dead.close();
        List<String> homes = new ArrayList<>();
        for (int i = 0; i < CAP; i++) {
            homes.add(home(ask(door, "")));
        }
        assertThat(homes).containsOnly("127.0.0.1:" + instances[1].port());
    }
}
