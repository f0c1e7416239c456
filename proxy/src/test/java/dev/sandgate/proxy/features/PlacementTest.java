package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where new sessions go, and what those hear for whom there is no room. */
final class PlacementTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final RecordingInstance[] instances = new RecordingInstance[3];

    @BeforeEach
    void start() {
        for (int at = 0; at < instances.length; at++) {
            instances[at] = kit.instance().answering(Script.ok("instance " + at));
        }
    }

    private TestDoor door(PlacementRule rule, int perInstance) {
        return kit.open(DoorPlan.to(instances)
                .main(pool -> pool.placement(rule).perInstance(perInstance).queue(0, Duration.ofMillis(100))));
    }

    private static Answer open(TestDoor door, String id) {
        try (RawClient client = door.connect()) {
            return client.get("/x", "X-Session-Id: " + id + "\r\n").answer();
        }
    }

    private static List<String> homes(TestDoor door, int count) {
        List<String> homes = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            homes.add(open(door, "session-" + at).body());
        }
        return homes;
    }

    private static Map<String, Integer> counted(List<String> homes) {
        Map<String, Integer> count = new HashMap<>();
        homes.forEach(home -> count.merge(home, 1, Integer::sum));
        return count;
    }

    private static void full(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("pool-full");
        assertThat(Integer.parseInt(answer.fields().first("Retry-After").orElseThrow()))
                .isPositive();
    }

    @Test
    void leastSessionsKeepsAllInstancesEven() {
        List<String> homes = homes(door(PlacementRule.LEAST_SESSIONS, 10), 9);

        for (int round = 3; round <= 9; round += 3) {
            assertThat(counted(homes.subList(0, round)).values()).hasSize(3).containsOnly(round / 3);
        }
    }

    @Test
    void packFillsOneInstanceAfterTheOther() {
        List<String> homes = homes(door(PlacementRule.PACK, 3), 9);

        for (int at = 0; at < 9; at += 3) {
            assertThat(counted(homes.subList(at, at + 3))).hasSize(1);
        }
        assertThat(counted(homes)).hasSize(3);
    }

    @Test
    void hashSendsAnIdToTheSameInstanceAtEveryDoor() {
        List<String> homes = homes(door(PlacementRule.HASH, 100), 30);

        assertThat(homes(door(PlacementRule.HASH, 100), 30)).isEqualTo(homes);
        assertThat(counted(homes)).hasSize(3);
    }

    @Test
    void everyRuleFillsThePoolAndNoMore() {
        for (PlacementRule rule : PlacementRule.values()) {
            TestDoor door = door(rule, 2);
            assertThat(counted(homes(door, 6)).values()).hasSize(3).containsOnly(2);
            full(open(door, "one-too-many"));
            assertThat(open(door, "session-0").status()).isEqualTo(200);
            assertThat(door.vitals().sessions()).isEqualTo(6);
        }
    }

    @Test
    void aSessionThatWaitsGetsTheSlotThatBecomesFree() {
        TestDoor door = kit.open(DoorPlan.to(instances[0])
                .main(pool ->
                        pool.perInstance(1).idleTimeout(Duration.ofMillis(500)).queue(5, Duration.ofSeconds(8))));
        assertThat(open(door, "first").status()).isEqualTo(200);
        RawClient waiting = kit.own(door.connect()).get("/x", "X-Session-Id: second\r\n");

        Await.until(() -> door.vitals().queued() == 1, () -> "nobody waits");
        assertThat(waiting.answer().status()).isEqualTo(200);
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void aSessionThatWaitedLongEnoughIsTold() {
        TestDoor door = kit.open(
                DoorPlan.to(instances[0]).main(pool -> pool.perInstance(1).queue(1, Duration.ofMillis(200))));
        assertThat(open(door, "first").status()).isEqualTo(200);

        full(open(door, "second"));
        assertThat(door.vitals().queued()).isZero();
    }
}
