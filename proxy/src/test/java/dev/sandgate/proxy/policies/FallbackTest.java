package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
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
}
