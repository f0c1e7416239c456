package dev.sandgate.affinity.memory;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.instance;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.opening;
import static dev.sandgate.affinity.kit.Pools.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Placement.Ask;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.affinity.kit.Heard;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the memory table promises beyond the contract: bounds, and quiet under bad listeners. */
final class MemoryTableTest {

    private final ManualClock clock = new ManualClock();
    private final MemoryTable table = table(SESSIONS);

    @Test
    void remembersAtMostAHundredThousandEndedSessionsTheLatest() {
        table.report(new Report.Ready(instance("a"), 1));
        for (int i = 0; i <= Tombstones.MOST; i++) {
            table.open(key("x" + i), opening());
            table.end(key("x" + i), Long.MAX_VALUE);
        }
        assertThat(why("x0")).isEqualTo(Why.SESSION_UNKNOWN);
        assertThat(why("x1")).isEqualTo(Why.SESSION_ENDED);
        assertThat(why("x" + Tombstones.MOST)).isEqualTo(Why.SESSION_ENDED);
    }

    @Test
    void remembersAnEndedSessionNoShorterThanItMightHaveLived() {
        SessionsConfig forgetful = new SessionsConfig(
                1,
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                Duration.ofSeconds(20),
                OnLost.REJECT,
                true,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                false);
        MemoryTable forgetting = table(forgetful);
        forgetting.report(new Report.Ready(instance("a"), 1));
        forgetting.open(key("x"), opening());
        forgetting.end(key("x"), Long.MAX_VALUE);
        forgetting.report(new Report.Ready(instance("b"), 1));
        clock.advance(Duration.ofSeconds(19));
        assertThat(forgetting.open(key("x"), opening().without("a")).result())
                .isEqualTo(new Refused(Why.SESSION_ENDING, Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(forgetting.open(key("x"), opening().without("a")).result()).isInstanceOf(Fresh.class);
    }

    @Test
    void sweepsManyThatLapseAtOnceAndTellsEachOnce() {
        int many = 15_000;
        table.report(new Report.Ready(instance("a"), many));
        for (int i = 0; i < many; i++) {
            table.open(key("x" + i), opening());
        }
        AtomicInteger ended = new AtomicInteger();
        table.subscribe(new TableListener() {
            @Override
            public void ended(Binding binding, Ended why) {
                ended.incrementAndGet();
            }
        });
        clock.advance(Duration.ofSeconds(20));
        assertThat(table.open(key("y"), opening()).result()).isInstanceOf(Fresh.class);
        assertThat(ended.get()).isBetween(1, many - 1);
        table.beat();
        table.beat();
        assertThat(ended).hasValue(many);
        assertThat(table.sessions(POOL)).isEqualTo(1);
    }

    @Test
    void goesOnWhenAListenerThrows() {
        Heard heard = new Heard();
        table.subscribe(new TableListener() {
            @Override
            public void freed(String pool) {
                throw new IllegalStateException("announced by the test");
            }
        });
        table.subscribe(heard);
        table.report(new Report.Ready(instance("a"), 1));
        assertThat(heard.news).containsExactly("a READY", "freed");
    }

    @Test
    void callsListenersOutsideItsLock() {
        table.report(new Report.Ready(instance("a"), 1));
        table.open(key("x"), opening());
        AtomicInteger asked = new AtomicInteger();
        table.subscribe(new TableListener() {
            @Override
            public void ended(Binding binding, Ended why) {
                // Another thread gets the lock while this one is being told.
                Thread other = new Thread(
                        () -> asked.set(table.instances(POOL).members().size()));
                other.start();
                try {
                    other.join(5_000);
                } catch (InterruptedException failure) {
                    throw new AssertionError(failure);
                }
            }
        });
        table.end(key("x"), Long.MAX_VALUE);
        assertThat(asked).hasValue(1);
    }

    @Test
    void countsSessionsAndReservations() {
        table.report(new Report.Ready(instance("a"), 5));
        table.open(key("x"), opening());
        table.reserve(POOL, "", opening());
        table.reserve(POOL, "", opening());
        assertThat(table.sessions(POOL)).isEqualTo(1);
        assertThat(table.reservations(POOL)).isEqualTo(2);
        clock.advance(Duration.ofSeconds(15));
        assertThat(table.reservations(POOL)).isZero();
        clock.advance(Duration.ofSeconds(5));
        assertThat(table.sessions(POOL)).isZero();
    }

    @Test
    void refusesToLeaveMoreOftenThanEntered() {
        table.report(new Report.Ready(instance("a"), 1));
        Binding binding = ((Fresh) table.open(key("x"), opening()).result()).binding();
        assertThatThrownBy(binding::leave).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takesAPoolThatNobodyConfiguredForAMistake() {
        MemoryTable none = new MemoryTable(Map.of(), clock);
        assertThatThrownBy(() -> none.peek(key("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"python\"");
        assertThat(table.peek(key("x"))).isEqualTo(Ask.TABLE);
    }

    private Why why(String id) {
        return ((Refused) table.find(key(id)).result()).why();
    }

    private MemoryTable table(SessionsConfig sessions) {
        return new MemoryTable(Map.of(POOL, pool(sessions, PlacementRule.LEAST_SESSIONS)), clock);
    }
}
