package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.RetriesConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is sent once more, and what never is. */
final class RetryTest {

    private static final String AWAY = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\naway";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeEach
    void start() {
        instance = kit.instance().answering(Script.ok("well"));
    }

    private TestDoor door(int attempts) {
        return kit.open(DoorPlan.to(instance)
                .main(pool -> pool.retries(new RetriesConfig(Set.of("GET"), Set.of(503), attempts, 20))));
    }

    /** Each five requests earn one. */
    private static void earn(TestDoor door, int retries) {
        for (int at = 0; at < 5 * retries; at++) {
            assertThat(door.ask("a").body()).isEqualTo("well");
        }
    }

    /** Fails the next few requests in this way. */
    private AtomicInteger failing(int times, String answer) {
        AtomicInteger left = new AtomicInteger(times);
        Script bad = Script.raw(answer);
        Script good = Script.ok("well");
        instance.answering((request, line) -> (left.getAndDecrement() > 0 ? bad : good).play(request, line));
        return left;
    }

    @Test
    void anIdempotentRequestThatWasAnsweredAsAwayIsSentOnceMore() {
        TestDoor door = door(1);
        earn(door, 1);
        failing(1, AWAY);

        assertThat(door.ask("a").body()).isEqualTo("well");
        assertThat(instance.requests()).hasSize(7);
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void whatTheBudgetDoesNotCoverIsPassedOn() {
        TestDoor door = door(1);
        failing(1, AWAY);

        assertThat(door.ask("a").status()).isEqualTo(503);
        assertThat(instance.requests()).hasSize(1);
    }

    @Test
    void retriesAddAFifthAtMostWhileEverythingFails() {
        TestDoor door = door(5);
        earn(door, 10);
        int before = instance.requests().size();
        failing(Integer.MAX_VALUE, AWAY);

        for (int at = 0; at < 100; at++) {
            door.ask("a");
        }

        // ten were saved up, twenty are earned meanwhile
        assertThat(instance.requests().size() - before).isBetween(101, 130);
    }

    @Test
    void aRequestThatMayHaveActedIsNeverRepeated() {
        TestDoor door = door(3);
        earn(door, 3);
        int before = instance.requests().size();
        failing(1, AWAY);

        try (RawClient client = door.connect()) {
            Answer answer = client.send("POST / HTTP/1.1\r\nHost: x\r\nX-Session-Id: a\r\nContent-Length: 2\r\n\r\nhi")
                    .answer();
            assertThat(answer.status()).isEqualTo(503);
        }
        assertThat(instance.requests()).hasSize(before + 1);
    }

    @Test
    void aRequestWithABodyIsNeverRepeated() {
        TestDoor door = door(3);
        earn(door, 3);
        int before = instance.requests().size();
        failing(1, AWAY);

        try (RawClient client = door.connect()) {
            Answer answer = client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Session-Id: a\r\nContent-Length: 2\r\n\r\nhi")
                    .answer();
            assertThat(answer.status()).isEqualTo(503);
        }
        assertThat(instance.requests()).hasSize(before + 1);
    }

    @Test
    void anInstanceThatHangsUpWithoutAnAnswerIsAskedOnceMore() {
        TestDoor door = door(1);
        earn(door, 1);
        AtomicInteger left = new AtomicInteger(1);
        Script dies = Script.rawThenClose("");
        Script good = Script.ok("well");
        instance.answering((request, line) -> (left.getAndDecrement() > 0 ? dies : good).play(request, line));

        assertThat(door.ask("a").body()).isEqualTo("well");
    }

    @Test
    void aRequestWithoutASessionIsSentToAnotherInstance() {
        RecordingInstance other = kit.instance().answering(Script.ok("well"));
        TestDoor door = kit.open(DoorPlan.to(instance, other)
                .main(pool -> pool.retries(new RetriesConfig(Set.of("GET"), Set.of(503), 1, 20)))
                .affinity(new AffinityConfig[0]));
        for (int at = 0; at < 50; at++) {
            assertThat(door.get().body()).isEqualTo("well");
        }
        instance.answering(Script.raw(AWAY));

        for (int at = 0; at < 10; at++) {
            assertThat(door.get().body()).isEqualTo("well");
        }
    }
}
