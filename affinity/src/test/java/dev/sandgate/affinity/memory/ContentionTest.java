package dev.sandgate.affinity.memory;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.instance;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.opening;
import static dev.sandgate.affinity.kit.Pools.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.AdmissionQueue;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Waiting;
import dev.sandgate.affinity.kit.Crowd;
import dev.sandgate.affinity.kit.Guests;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.kit.Visitor;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.QueueConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads at one table. What an instance holds is counted by the test, not by the table. */
final class ContentionTest {

    private static final int THREADS = 8;

    private final ManualClock clock = new ManualClock();

    @ParameterizedTest
    @EnumSource
    void neverExceedsACapAndLosesNoSlotUnderEverythingAtOnce(PlacementRule rule) {
        MemoryTable table = table(rule);
        Guests guests = new Guests(5);
        for (int i = 0; i < 6; i++) {
            table.report(new Report.Ready(instance("i" + i), 5));
        }
        Crowd.run(THREADS, thread -> new Visitor(table, guests, thread).visit(10_000));
        for (Binding binding : table.list(POOL, 0, 1_000).result()) {
            guests.leaves(binding, binding.instance());
            table.end(binding.key(), binding.generation());
        }
        assertThat(guests.peak()).isEqualTo(5);
        assertThat(table.sessions(POOL)).isZero();
        assertThat(table.reservations(POOL)).isZero();
        assertThat(table.instances(POOL).members()).hasSize(6).allMatch(it -> it.used() == 0);
        assertThat(table.instances(POOL).members()).allMatch(it -> guests.holding(it.instance()) == 0);
        for (int i = 0; i < 30; i++) {
            assertThat(table.open(key("after" + i), opening()).result()).isInstanceOf(Fresh.class);
        }
        assertThat(table.open(key("one more"), opening()).result()).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @EnumSource
    void placesExactlyAThousandOnFiftyTimesTwentyAgainAndAgain(PlacementRule rule) {
        MemoryTable table = table(rule);
        for (int i = 0; i < 50; i++) {
            table.report(new Report.Ready(instance("i" + i), 20));
        }
        for (int round = 0; round < 5; round++) {
            Guests guests = new Guests(20);
            AtomicInteger placed = new AtomicInteger();
            String names = "round" + round + "-";
            Crowd.run(THREADS, thread -> {
                for (int i = thread; i < 1_100; i += THREADS) {
                    if (table.open(key(names + i), opening()).result() instanceof Fresh fresh) {
                        placed.incrementAndGet();
                        guests.came(fresh.binding(), fresh.binding().instance());
                    }
                }
            });
            assertThat(placed).hasValue(1_000);
            assertThat(table.instances(POOL).members()).allMatch(it -> it.used() == 20);
            Crowd.run(THREADS, thread -> {
                for (int i = thread; i < 1_100; i += THREADS) {
                    table.end(key(names + i), Long.MAX_VALUE);
                }
            });
            assertThat(table.instances(POOL).members()).allMatch(it -> it.used() == 0);
        }
    }

    @Test
    void givesTwoFirstRequestsOfOneIdOneHome() {
        MemoryTable table = table(PlacementRule.LEAST_SESSIONS);
        table.report(new Report.Ready(instance("a"), 20_000));
        table.report(new Report.Ready(instance("b"), 20_000));
        int rounds = 10_000;
        CyclicBarrier barrier = new CyclicBarrier(2);
        AtomicReferenceArray<Placement> answers = new AtomicReferenceArray<>(2 * rounds);
        Crowd.run(2, thread -> {
            for (int round = 0; round < rounds; round++) {
                SessionKey key = key("x" + round);
                meet(barrier);
                answers.set(2 * round + thread, table.open(key, opening()).result());
            }
        });
        for (int round = 0; round < rounds; round++) {
            Placement one = answers.get(2 * round);
            Placement other = answers.get(2 * round + 1);
            assertThat(one instanceof Fresh).isNotEqualTo(other instanceof Fresh);
            assertThat(binding(one)).isSameAs(binding(other));
        }
        assertThat(table.sessions(POOL)).isEqualTo(rounds);
    }

    @Test
    void doesNotMoveForItsOpenerWhatAnotherThreadHasJoined() {
        MemoryTable table = table(PlacementRule.LEAST_SESSIONS);
        table.report(new Report.Ready(instance("a"), 20_000));
        table.report(new Report.Ready(instance("b"), 20_000));
        int rounds = 20_000;
        AtomicInteger arrivals = new AtomicInteger();
        AtomicReferenceArray<Binding> joined = new AtomicReferenceArray<>(rounds);
        Crowd.run(2, thread -> {
            Random random = new Random(thread);
            for (int round = 0; round < rounds; round++) {
                SessionKey key = key("x" + round);
                Opening opening = opening();
                Binding opened = thread == 0 ? binding(table.open(key, opening).result()) : null;
                spin(arrivals, 4 * round + 2, random.nextInt(100));
                if (opened != null) {
                    table.rebind(opened, opening);
                } else if (table.peek(key) instanceof Kept kept
                        && kept.binding().enter()) {
                    joined.set(round, kept.binding());
                }
                spin(arrivals, 4 * round + 4, 0);
                Binding guest = joined.get(round);
                if (opened != null && guest != null) {
                    // Whoever came in is at its only home.
                    assertThat(((Kept) table.find(key).result()).binding()).isSameAs(guest);
                }
            }
        });
    }

    @Test
    void countsEveryRequestUnderWay() {
        MemoryTable table = table(PlacementRule.LEAST_SESSIONS);
        table.report(new Report.Ready(instance("a"), 1));
        Binding binding = binding(table.open(key("x"), opening()).result());
        binding.enter();
        Crowd.run(THREADS, thread -> {
            for (int i = 0; i < 20_000; i++) {
                assertThat(binding.enter()).isTrue();
                binding.leave();
            }
        });
        clock.advance(Duration.ofMinutes(5));
        table.beat();
        assertThat(binding.enter()).isTrue();
        binding.leave();
        binding.leave();
        clock.advance(Duration.ofMinutes(1));
        assertThat(binding.enter()).isFalse();
    }

    @Test
    void wakesEveryWaiterWithoutAnAlarm() throws InterruptedException {
        MemoryTable table = table(PlacementRule.LEAST_SESSIONS);
        table.report(new Report.Ready(instance("a"), 3));
        AdmissionQueue queue = AdmissionQueue.of(
                table, POOL, new QueueConfig(1_000_000, Duration.ofHours(1)), (delay, ring) -> () -> {});
        int each = 5_000;
        CountDownLatch settled = new CountDownLatch(THREADS * each);
        Crowd.run(THREADS, thread -> {
            for (int i = 0; i < each; i++) {
                Waiting waiting = i % 3 == 0 ? queue.open(key("k" + i % 20), opening()) : queue.reserve("", opening());
                waiting.placement().onSuccess(placement -> {
                    if (placement instanceof Held held) {
                        table.release(held.reservation());
                    } else if (placement instanceof Fresh fresh) {
                        table.end(fresh.binding().key(), fresh.binding().generation());
                    }
                    settled.countDown();
                });
                if (i % 7 == 0) {
                    waiting.cancel();
                }
            }
        });
        assertThat(settled.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(queue.waiting()).isZero();
        assertThat(table.reservations(POOL)).isZero();
        assertThat(table.sessions(POOL)).isZero();
    }

    private MemoryTable table(PlacementRule rule) {
        return new MemoryTable(Map.of(POOL, pool(SESSIONS, rule)), clock);
    }

    private static Binding binding(Placement placement) {
        return placement instanceof Fresh fresh ? fresh.binding() : ((Kept) placement).binding();
    }

    /** Meets the other without going to sleep, so that both go on within less than a microsecond. */
    private static void spin(AtomicInteger arrivals, int all, int delay) {
        arrivals.incrementAndGet();
        for (int turn = 0; arrivals.get() < all; turn++) {
            if (turn > 1_000) {
                LockSupport.parkNanos(1);
            } else {
                Thread.onSpinWait();
            }
        }
        for (int turn = 0; turn < delay; turn++) {
            Thread.onSpinWait();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException failure) {
            throw new AssertionError(failure);
        }
    }
}
