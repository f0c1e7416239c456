package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.BreakersConfig;
import dev.sandgate.conf.BreakersConfig.Breaker;
import dev.sandgate.conf.RetriesConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An instance that fails is left alone, and tried again; its sessions stay its own. */
final class BreakerTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final String BROKEN = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 6\r\n\r\nbroken";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance one;
    private RecordingInstance two;

    @BeforeEach
    void start() {
        one = kit.instance().answering(Script.ok("one"));
        two = kit.instance().answering(Script.ok("two"));
    }

    private static Breaker rule(Duration open) {
        return new Breaker(50, 100, Duration.ZERO, 4, 4, open, 1);
    }

    private TestDoor door(BreakersConfig breakers) {
        return kit.open(
                DoorPlan.to(one, two).main(pool -> pool.breakers(breakers)).debug());
    }

    private TestDoor door(Duration open) {
        return door(new BreakersConfig(Optional.of(rule(open)), Optional.empty()));
    }

    /** A session on the instance that says this. */
    private static String sessionAt(String home, TestDoor door) {
        for (int at = 0; at < 50; at++) {
            String id = home + at;
            if (door.ask(id).body().equals(home)) {
                return id;
            }
        }
        throw new AssertionError("no session came to " + home);
    }

    private static void breakOpen(TestDoor door, String session) {
        for (int at = 0; at < 4; at++) {
            door.ask(session);
        }
    }

    @Test
    void aSessionOfAnInstanceThatFailsIsToldToComeBackAndStaysWhereItIs() {
        TestDoor door = door(LONG);
        String session = sessionAt("one", door);
        one.answering(Script.raw(BROKEN));
        breakOpen(door, session);
        int heard = one.requests().size();

        Answer refused = door.ask(session);

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.refusal()).isEqualTo("breaker-open");
        assertThat(Integer.parseInt(refused.fields().all("Retry-After").get(0))).isBetween(1, 300);
        assertThat(one.requests()).hasSize(heard);
        assertThat(door.vitals().sessions()).isPositive();
        assertThat(door.admin("GET", "/metrics").body())
                .contains("sandgate_breaker_instances{pool=\"main\",state=\"open\"} 1");
    }

    @Test
    void newSessionsAndRequestsWithoutOneAvoidIt() {
        TestDoor door = door(LONG);
        String session = sessionAt("one", door);
        one.answering(Script.raw(BROKEN));
        breakOpen(door, session);
        int heard = one.requests().size();

        for (int at = 0; at < 5; at++) {
            assertThat(door.ask("new" + at).body()).isEqualTo("two");
        }

        assertThat(one.requests()).hasSize(heard);
    }

    @Test
    void itIsTriedAgainWithFewRequestsAndTakenBackWhenItIsWell() {
        TestDoor door = door(SHORT);
        String session = sessionAt("one", door);
        one.answering(Script.raw(BROKEN));
        breakOpen(door, session);
        assertThat(door.ask(session).status()).isEqualTo(503);
        one.answering(Script.ok("one"));

        Await.until(() -> door.ask(session).body().equals("one"), () -> "the instance was never tried again");

        assertThat(door.ask(session).body()).isEqualTo("one");
    }

    @Test
    void aTrialThatFailsShutsItForAnotherWhile() {
        TestDoor door = door(SHORT);
        String session = sessionAt("one", door);
        one.answering(Script.raw(BROKEN));
        breakOpen(door, session);

        for (int trial = 0; trial < 3; trial++) {
            Await.until(() -> door.ask(session).status() == 500, () -> "the instance was never tried again");
            assertThat(door.ask(session).refusal()).isEqualTo("breaker-open");
        }
    }

    @Test
    void whatAClientDoesWrongNeverCounts() {
        one.answering(Script.raw("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"));
        two.answering(Script.raw("HTTP/1.1 422 No\r\nContent-Length: 2\r\n\r\nno"));
        TestDoor door = door(LONG);

        for (int at = 0; at < 20; at++) {
            assertThat(door.ask("s").status()).isBetween(400, 422);
        }
    }

    @Test
    void aTrialWhoseClientLeavesIsGivenToAnother() {
        TestDoor door = door(SHORT);
        String session = sessionAt("one", door);
        one.answering(Script.raw(BROKEN));
        breakOpen(door, session);
        CountDownLatch never = new CountDownLatch(1);
        one.answering(Script.after(never, Script.ok("late")));
        int heard = one.requests().size();
        Await.until(
                () -> {
                    leaveSoon(door, session);
                    return one.requests().size() > heard;
                },
                () -> "the instance was never tried again");
        one.answering(Script.ok("one"));

        Await.until(() -> door.ask(session).body().equals("one"), () -> "the trial was never given back");
        never.countDown();
    }

    /** Asks, and leaves unless it is refused at once. */
    private static void leaveSoon(TestDoor door, String session) {
        try (RawClient leaving = door.connect().patience(Duration.ofMillis(300))) {
            leaving.get("/", "X-Session-Id: " + session + "\r\n").answer();
        } catch (AssertionError tried) {
            assertThat(tried).hasMessageContaining("no answer");
        }
    }

    @Test
    void anInstanceThatIsTooSlowIsLeftAloneToo() {
        TestDoor door = door(new BreakersConfig(
                Optional.of(new Breaker(100, 50, Duration.ofNanos(1), 4, 4, LONG, 1)), Optional.empty()));
        String session = sessionAt("one", door);
        breakOpen(door, session);

        assertThat(door.ask(session).refusal()).isEqualTo("breaker-open");
    }

    @Test
    void aPoolWhoseInstancesAllFailTakesNobodyIn() {
        one.answering(Script.raw(BROKEN));
        two.answering(Script.raw(BROKEN));
        TestDoor door = door(new BreakersConfig(Optional.empty(), Optional.of(rule(LONG))));
        breakOpen(door, "s");

        assertThat(door.ask("s").refusal()).isEqualTo("breaker-open");
        assertThat(door.ask("another").refusal()).isEqualTo("breaker-open");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void whereEveryInstanceIsLeftAloneNobodyWaitsForASlot() {
        one.answering(Script.raw(BROKEN));
        two.answering(Script.raw(BROKEN));
        TestDoor door = door(LONG);
        for (int at = 0; at < 20; at++) {
            door.ask("s" + at);
        }

        Answer refused = door.ask("new");

        assertThat(refused.refusal()).isEqualTo("breaker-open");
        assertThat(refused.status()).isEqualTo(503);
    }

    @Test
    void whoComesWithoutASessionWhileItIsTriedIsToldToComeAgain() {
        TestDoor door = kit.open(DoorPlan.to(one)
                .main(pool -> pool.breakers(new BreakersConfig(Optional.of(rule(SHORT)), Optional.empty())))
                .affinity(new AffinityConfig[0]));
        one.answering(Script.raw(BROKEN));
        for (int at = 0; at < 4; at++) {
            door.get();
        }
        assertThat(door.get().refusal()).isEqualTo("breaker-open");
        CountDownLatch event = new CountDownLatch(1);
        one.answering(Script.after(event, Script.ok("one")));
        int heard = one.requests().size();
        try (RawClient trial = door.connect().patience(Duration.ofSeconds(20))) {
            Await.until(
                    () -> {
                        trial.get("/");
                        return one.requests().size() > heard;
                    },
                    () -> "the instance was never tried again");

            Answer refused = door.get();

            assertThat(refused.refusal()).isEqualTo("breaker-open");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.fields().has("Retry-After")).isTrue();
            event.countDown();
        }
    }

    @Test
    void aSessionThatAnInstanceHeardOfIsNotBegunAtAnother() {
        Breaker rule = new Breaker(1, 100, Duration.ZERO, 10, 6, LONG, 1);
        TestDoor door = kit.open(DoorPlan.to(one, two)
                .main(pool -> pool.breakers(new BreakersConfig(Optional.of(rule), Optional.empty()))
                        .retries(new RetriesConfig(Set.of("GET"), Set.of(503), 1, 20)))
                .debug());
        for (String home : List.of("one", "two")) {
            String session = sessionAt(home, door);
            for (int at = 0; at < 5; at++) {
                door.ask(session);
            }
        }
        String away = "HTTP/1.1 503 Away\r\nContent-Length: 4\r\n\r\naway";
        one.answering(Script.raw(away));
        two.answering(Script.raw(away));
        int heard = one.requests().size() + two.requests().size();

        assertThat(door.ask("new").refusal()).isEqualTo("breaker-open");

        assertThat(one.requests().size() + two.requests().size()).isEqualTo(heard + 1);
        assertThat(door.ask("new").refusal()).isEqualTo("breaker-open");
    }
}
