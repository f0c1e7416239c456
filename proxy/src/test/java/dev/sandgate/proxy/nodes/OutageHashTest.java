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
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    private Nodes nodes;
    private RedisProcess redis;
    private RecordingInstance[] instances;

    @BeforeEach
    void start() {
        nodes = kit.nodes().losingRedis();
        redis = nodes.redis();
        instances = new RecordingInstance[] {kit.instance(), kit.instance()};
    }

    private TestDoor open(String node) {
        return nodes.open(DoorPlan.to(instances)
                        .main(pool -> pool.perInstance(CAP).outage(Outage.HASH))
                        .node(node, "127.0.0.1")
                        .affinity(COOKIE)
                        .debug())
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

    private int slots(RecordingInstance instance) {
        return nodes.slots("127.0.0.1:" + instance.port());
    }

    /** Sessions that this node opens until it refuses, by their cookies. */
    private static Map<String, String> fill(TestDoor door) {
        Map<String, String> homes = new LinkedHashMap<>();
        Answer answer = door.get();
        while (answer.status() == 200) {
            homes.put(answer.cookie(), answer.home());
            answer = door.get();
        }
        assertThat(answer.refusal()).isEqualTo("table-unavailable");
        return homes;
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
                doors.forEach(door -> assertThat(door.browse(cookie).home()).isEqualTo(home)));

        redis.restart();
        for (RecordingInstance instance : instances) {
            Await.until(() -> slots(instance) == CAP, () -> "slots taken: " + slots(instance));
        }
        homes.forEach((cookie, home) ->
                doors.forEach(door -> assertThat(door.browse(cookie).home()).isEqualTo(home)));
        for (RecordingInstance instance : instances) {
            assertThat(slots(instance)).isEqualTo(CAP);
        }
    }

    @Test
    void whatHasNoRoomAfterwardsIsLostAndToldSo() {
        List<TestDoor> doors = openBoth();
        Map<String, String> before = new LinkedHashMap<>();
        for (int i = 0; i < instances.length * CAP; i++) {
            Answer answer = doors.get(i % 2).get();
            before.put(answer.cookie(), answer.home());
        }
        redis.freeze();
        Map<String, String> meanwhile = new LinkedHashMap<>();
        for (TestDoor door : doors) {
            Answer answer = door.get();
            meanwhile.put(answer.cookie(), answer.home());
        }
        redis.thaw();

        List<String> told = new ArrayList<>();
        meanwhile.keySet().forEach(cookie -> {
            Answer[] last = new Answer[1];
            Await.until(
                    () -> {
                        last[0] = doors.get(0).browse(cookie);
                        return last[0].status() == 404;
                    },
                    () -> "it goes on without a slot: " + last[0].status());
            told.add(last[0].status() + " " + last[0].refusal());
            assertThat(last[0].fields().first("Set-Cookie").orElse("")).contains("Max-Age=0");
        });
        assertThat(told).containsOnly("404 session-lost");
        before.forEach(
                (cookie, home) -> assertThat(doors.get(1).browse(cookie).home()).isEqualTo(home));
        for (RecordingInstance instance : instances) {
            assertThat(slots(instance)).isEqualTo(CAP);
        }
    }

    @Test
    void aSessionThatOnlyItsCookieTellsOfIsKnownToTheTableFromThenOn() {
        TestDoor a = open("a");
        TestDoor b = open("b");
        redis.kill();
        Answer first = a.get();
        String cookie = first.cookie();
        a.close();
        redis.restart();
        b.awaitReady();
        assertThat(b.browse(cookie).home()).isEqualTo(first.home());
        Await.until(() -> slots(instances[0]) + slots(instances[1]) == 1, () -> "the table was not told of it");
        assertThat(b.browse(cookie).fields().has("Set-Cookie")).isFalse();
    }

    @Test
    void anInstanceThatCannotBeReachedIsPassedOver() {
        TestDoor door = open("a");
        redis.kill();
        RecordingInstance dead = instances[0];
        dead.close();
        List<String> homes = new ArrayList<>();
        for (int i = 0; i < CAP; i++) {
            homes.add(door.get().home());
        }
        assertThat(homes).containsOnly("127.0.0.1:" + instances[1].port());
    }
}
