package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An instance that no node reaches any more. */
final class LostInstanceTest {

    private static final int SESSIONS = 20;
    private static RedisProcess redis;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final List<RecordingInstance> instances = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.say("FLUSHALL");
        IntStream.range(0, 3).forEach(i -> instances.add(kit.instance()));
    }

    private TestDoor open() {
        return kit.open(DoorPlan.to(instances.toArray(RecordingInstance[]::new))
                        .main(pool -> pool.onLost(SessionsConfig.OnLost.REBIND)
                                .lostAfter(Duration.ofSeconds(1))
                                .perInstance(2 * SESSIONS))
                        .redis(redis.url())
                        .debug())
                .awaitReady();
    }

    private static Answer ask(TestDoor door, String session) {
        try (RawClient client = door.connect()) {
            return client.get("/x", "X-Session-Id: " + session + "\r\n").answer();
        }
    }

    private static String home(Answer answer) {
        return answer.status() == 200
                ? answer.fields().first("X-Sandgate-Instance").orElseThrow()
                : "none: " + answer.status() + " " + answer.body();
    }

    @Test
    void itsSessionsHaveOneNewHomeEachWhicheverNodeIsAskedFirst() {
        TestDoor a = open();
        TestDoor b = open();
        Map<String, String> homes = new HashMap<>();
        IntStream.range(0, SESSIONS).forEach(i -> homes.put("s" + i, home(ask(i % 2 == 0 ? a : b, "s" + i))));
        RecordingInstance dead = instances.get(0);
        String lost = "127.0.0.1:" + dead.port();
        assertThat(homes).containsValue(lost);
        dead.close();

        homes.forEach((session, home) -> {
            TestDoor first = session.hashCode() % 2 == 0 ? a : b;
            TestDoor second = first == a ? b : a;
            if (!home.equals(lost)) {
                assertThat(home(ask(first, session))).isEqualTo(home);
                return;
            }
            Await.until(() -> ask(first, session).status() == 200, () -> session + " has no new home");
            String found = home(ask(first, session));
            assertThat(found).isNotEqualTo(lost);
            assertThat(home(ask(second, session))).isEqualTo(found);
            assertThat(home(ask(first, session))).isEqualTo(found);
        });
    }

    @Test
    void comesBackEmptyWhenItAnswersAgain() {
        TestDoor a = open();
        TestDoor b = open();
        RecordingInstance dead = instances.get(0);
        String lost = "127.0.0.1:" + dead.port();
        List<String> there = new ArrayList<>();
        for (int i = 0; there.size() < 2; i++) {
            if (home(ask(i % 2 == 0 ? a : b, "s" + i)).equals(lost)) {
                there.add("s" + i);
            }
        }
        dead.close();
        Await.until(() -> ask(a, there.get(0)).status() == 200, () -> "no new home");

        RecordingInstance back = kit.own(RecordingInstance.startAt(dead.port()));
        int[] number = {0};
        Await.until(() -> home(ask(a, "late-" + number[0]++)).equals(lost), () -> "it does not come back by one node");
        Await.until(() -> home(ask(b, "late-" + number[0]++)).equals(lost), () -> "it does not come back by the other");
        assertThat(home(ask(b, there.get(0)))).isNotEqualTo(lost);
        assertThat(back.requests())
                .noneMatch(seen -> seen.fields().all("X-Session-Id").contains(there.get(0)));
    }
}
