package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.BreakersConfig;
import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.conf.RetriesConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a client gets whom the pool cannot serve: another pool's instance, or a fixed answer. */
final class FallbackTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance first;
    private RecordingInstance second;

    @BeforeEach
    void start() {
        first = kit.instance().answering(Script.ok("first"));
        second = kit.instance().answering(Script.ok("second"));
    }

    private DoorPlan plan(AffinityConfig... affinity) {
        return DoorPlan.to(first)
                .main(pool ->
                        pool.perInstance(1).queue(0, Duration.ofSeconds(1)).fallback(new FallbackConfig.Pool("spare")))
                .pool(PoolPlan.of("spare", second).queue(0, Duration.ofSeconds(1)))
                .affinity(affinity)
                .debug();
    }

    @Test
    void aNewSessionGoesToTheOtherPoolWhenThisOneIsFullAndStaysThere() {
        TestDoor door = kit.open(plan(new AffinityConfig.Header("X-Session-Id", false)));

        assertThat(door.ask("a").body()).isEqualTo("first");
        assertThat(door.ask("b").body()).isEqualTo("second");
        for (int at = 0; at < 3; at++) {
            Answer again = door.ask("b");
            assertThat(again.body()).isEqualTo("second");
            assertThat(again.fields().all("X-Sandgate-Reason")).containsExactly("kept");
            assertThat(door.ask("a").body()).isEqualTo("first");
        }
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }

    @Test
    void aCookieOfTheOtherPoolLeadsThereAgain() {
        TestDoor door = kit.open(plan(new AffinityConfig.Cookie("sandgate", false, List.of())));

        Answer home = door.get();
        Answer other = door.get();
        assertThat(home.body()).isEqualTo("first");
        assertThat(other.body()).isEqualTo("second");
        for (int at = 0; at < 3; at++) {
            assertThat(door.browse(other.cookie()).body()).isEqualTo("second");
            assertThat(door.browse(home.cookie()).body()).isEqualTo("first");
        }
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }

    @Test
    void bothFullIsToldAsFull() {
        TestDoor door = kit.open(plan(new AffinityConfig.Header("X-Session-Id", false))
                .pool(PoolPlan.of("spare", second).perInstance(1).queue(0, Duration.ofSeconds(1))));
        door.ask("a");
        door.ask("b");

        Answer refused = door.ask("c");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.refusal()).isEqualTo("pool-full");
    }

    @Test
    void instancesThatCannotBeReachedAreStoodInForToo() {
        DeadInstance dead = kit.own(DeadInstance.refusing());
        TestDoor door = kit.open(DoorPlan.toUrls(dead.url())
                .main(pool -> pool.fallback(new FallbackConfig.Pool("spare")))
                .pool(PoolPlan.of("spare", second)));

        assertThat(door.ask("a").body()).isEqualTo("second");
        assertThat(door.ask("a").body()).isEqualTo("second");
    }

    @Test
    void aFixedAnswerStandsInForTheRefusalOfAFullPool() {
        TestDoor door = kit.open(DoorPlan.to(first).main(pool -> pool.perInstance(1)
                .queue(0, Duration.ofSeconds(1))
                .fallback(new FallbackConfig.Answer(200, "text/html; charset=utf-8", "<p>We are busy.</p>"))));
        door.ask("a");

        Answer instead = door.ask("b");

        assertThat(instead.status()).isEqualTo(200);
        assertThat(instead.body()).isEqualTo("<p>We are busy.</p>");
        assertThat(instead.fields().all("Content-Type")).containsExactly("text/html; charset=utf-8");
        assertThat(instead.fields().all("Cache-Control")).containsExactly("no-store");
        assertThat(door.ask("a").body()).isEqualTo("first");
    }

    @Test
    void aCookieOfTheOtherPoolLeadsThereAlsoOnceThereIsRoomHere() {
        AffinityConfig cookie = new AffinityConfig.Cookie("sandgate", false, List.of());
        TestDoor door = kit.open(plan(cookie).main(pool -> pool.idleTimeout(Duration.ofMillis(200))));
        door.get();
        Answer other = door.get();
        assertThat(other.body()).isEqualTo("second");

        Await.until(() -> door.vitals().sessions() == 1, () -> "the session here is not over");

        assertThat(door.browse(other.cookie()).body()).isEqualTo("second");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void aSessionThatIsLostThereIsToldAsLost() {
        TestDoor door = kit.open(DoorPlan.to(first)
                .main(pool ->
                        pool.perInstance(1).queue(0, Duration.ofSeconds(1)).fallback(new FallbackConfig.Pool("spare")))
                .pool(PoolPlan.of("spare", second).lostAfter(Duration.ZERO))
                .main(pool -> pool.idleTimeout(Duration.ofMillis(200))));
        door.ask("a");
        assertThat(door.ask("b").body()).isEqualTo("second");
        Await.until(() -> door.vitals().sessions() == 1, () -> "the session here is not over");
        second.close();

        Await.until(() -> door.ask("b").status() != 503, () -> "it is never told");

        assertThat(door.ask("b").refusal()).isEqualTo("session-lost");
    }

    @Test
    void aSessionThatIsLostHereIsToldAsLostAlsoWhileThePoolIsLeftAlone() {
        BreakersConfig.Breaker rule =
                new BreakersConfig.Breaker(50, 100, Duration.ZERO, 1, 1, Duration.ofMinutes(5), 1);
        TestDoor door = kit.open(DoorPlan.to(first)
                .main(pool -> pool.breakers(new BreakersConfig(Optional.empty(), Optional.of(rule)))
                        .lostAfter(Duration.ZERO)
                        .fallback(new FallbackConfig.Pool("spare")))
                .pool(PoolPlan.of("spare", second)));
        assertThat(door.ask("a").body()).isEqualTo("first");
        first.close();

        Await.until(() -> door.ask("a").status() < 500, () -> "it is never told");

        assertThat(door.ask("a").refusal()).isEqualTo("session-lost");
        assertThat(door.ask("b").body()).isEqualTo("second");
    }

    @Test
    void aSessionThatAnInstanceHeardOfIsBegunInNoOtherPool() {
        BreakersConfig.Breaker rule =
                new BreakersConfig.Breaker(1, 100, Duration.ZERO, 10, 6, Duration.ofMinutes(5), 1);
        TestDoor door = kit.open(DoorPlan.to(first)
                .main(pool -> pool.breakers(new BreakersConfig(Optional.empty(), Optional.of(rule)))
                        .retries(new RetriesConfig(Set.of("GET"), Set.of(503), 1, 20))
                        .fallback(new FallbackConfig.Pool("spare")))
                .pool(PoolPlan.of("spare", second)));
        for (int at = 0; at < 5; at++) {
            assertThat(door.ask("a").body()).isEqualTo("first");
        }
        first.answering(Script.raw("HTTP/1.1 503 Away\r\nContent-Length: 4\r\n\r\naway"));

        Answer refused = door.ask("b");

        assertThat(refused.refusal()).isEqualTo("breaker-open");
        assertThat(refused.fields().has("Retry-After")).isTrue();
        assertThat(second.requests()).isEmpty();
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }
}
