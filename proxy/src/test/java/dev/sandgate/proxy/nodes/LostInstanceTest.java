package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An instance that no node reaches any more. */
final class LostInstanceTest {

    private static final int SESSIONS = 20;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final List<RecordingInstance> instances = new ArrayList<>();
    private Nodes nodes;

    @BeforeEach
    void start() {
        nodes = kit.nodes();
        IntStream.range(0, 3).forEach(i -> instances.add(kit.instance()));
    }

    private TestDoor open() {
        return nodes.open(DoorPlan.to(instances.toArray(RecordingInstance[]::new))
                .main(pool -> pool.onLost(SessionsConfig.OnLost.REBIND)
                        .lostAfter(Duration.ofSeconds(1))
                        .perInstance(2 * SESSIONS))
                .debug());
    }

    @Test
    void itsSessionsHaveOneNewHomeEachWhicheverNodeIsAskedFirst() {
        TestDoor a = open();
        TestDoor b = open();
        Map<String, String> homes = new HashMap<>();
        IntStream.range(0, SESSIONS)
                .forEach(i ->
                        homes.put("s" + i, (i % 2 == 0 ? a : b).ask("s" + i).outcome()));
        RecordingInstance dead = instances.get(0);
        String lost = "127.0.0.1:" + dead.port();
        assertThat(homes).containsValue(lost);
        dead.close();

        homes.forEach((session, home) -> {
            TestDoor first = session.hashCode() % 2 == 0 ? a : b;
            TestDoor second = first == a ? b : a;
            if (!home.equals(lost)) {
                assertThat(first.ask(session).outcome()).isEqualTo(home);
                return;
            }
            Await.until(() -> first.ask(session).status() == 200, () -> session + " has no new home");
            String found = first.ask(session).home();
            assertThat(found).isNotEqualTo(lost);
            assertThat(second.ask(session).outcome()).isEqualTo(found);
            assertThat(first.ask(session).outcome()).isEqualTo(found);
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
            if ((i % 2 == 0 ? a : b).ask("s" + i).outcome().equals(lost)) {
                there.add("s" + i);
            }
        }
        dead.close();
        Await.until(() -> a.ask(there.get(0)).status() == 200, () -> "no new home");

        RecordingInstance back = kit.own(RecordingInstance.startAt(dead.port()));
        int[] number = {0};
        Await.until(
                () -> a.ask("late-" + number[0]++).outcome().equals(lost), () -> "it does not come back by one node");
        Await.until(
                () -> b.ask("late-" + number[0]++).outcome().equals(lost), () -> "it does not come back by the other");
        assertThat(b.ask(there.get(0)).outcome()).isNotEqualTo(lost);
        assertThat(back.requests())
                .noneMatch(seen -> seen.fields().all("X-Session-Id").contains(there.get(0)));
    }
}
