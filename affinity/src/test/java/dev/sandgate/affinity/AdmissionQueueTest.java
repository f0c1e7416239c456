package dev.sandgate.affinity;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.instance;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.opening;
import static dev.sandgate.affinity.kit.Pools.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.kit.ManualAlarms;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.kit.SlowTable;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.QueueConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdmissionQueueTest {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ManualClock clock = new ManualClock();
    private final ManualAlarms alarms = new ManualAlarms(clock);
    private final MemoryTable memory =
            new MemoryTable(Map.of(POOL, pool(SESSIONS, PlacementRule.LEAST_SESSIONS)), clock);
    private final SlowTable table = new SlowTable(memory);
    private final AdmissionQueue queue = AdmissionQueue.of(table, POOL, new QueueConfig(3, PATIENCE), alarms);

    @AfterEach
    void leavesNobodyWaitingAndNoAlarmSet() {
        alarms.advance(Duration.ofMinutes(1));
        assertThat(queue.waiting()).isZero();
        assertThat(alarms.set()).isZero();
    }

    @Test
    void grantsAtOnceWhereThereIsRoom() {
        ready("a", 2);
        assertThat(now(queue.open(key("x"), opening()))).isInstanceOf(Fresh.class);
        assertThat(now(queue.reserve("", opening()))).isInstanceOf(Held.class);
        assertThat(queue.waiting()).isZero();
        assertThat(table.asked()).isEqualTo(2);
    }

    @Test
    void letsTheNextInWhenASessionEnds() {
        ready("a", 1);
        now(queue.open(key("x"), opening()));
        Waiting next = queue.open(key("y"), opening());
        assertThat(next.placement().isComplete()).isFalse();
        alarms.advance(Duration.ofSeconds(4));
        memory.end(key("x"), Long.MAX_VALUE);
        assertThat(now(next)).isInstanceOf(Fresh.class);
    }

    @Test
    void refusesWhoWaitedTooLongAndSaysWhenToComeBack() {
        ready("a", 1);
        memory.open(key("x"), opening());
        Waiting next = queue.reserve("", opening());
        alarms.advance(PATIENCE.minusNanos(1));
        assertThat(next.placement().isComplete()).isFalse();
        alarms.advance(Duration.ofNanos(1));
        assertThat(now(next)).isEqualTo(new Refused(Why.POOL_FULL, Duration.ofSeconds(1)));
        assertThat(queue.waiting()).isZero();
    }

    @Test
    void letsInWhoNeedsNoSlotAsSoonAsAnInstanceServesThoughItIsFull() {
        Waiting first = queue.open(key("x"), opening());
        Waiting visitor = queue.visit();
        Waiting another = queue.visit();
        assertThat(queue.slotsWanted()).isEqualTo(1);
        ready("a", 1);
        assertThat(now(first)).isInstanceOf(Fresh.class);
        assertThat(now(visitor)).isEqualTo(Placement.Awake.POOL);
        assertThat(now(another)).isEqualTo(Placement.Awake.POOL);
        assertThat(now(queue.visit())).isEqualTo(Placement.Awake.POOL);
    }

    @Test
    void countsAllWhoNeedNoSlotAsOne() {
        Waiting visitor = queue.visit();
        queue.visit();
        assertThat(queue.waiting()).isEqualTo(2);
        assertThat(queue.slotsWanted()).isEqualTo(1);
        alarms.advance(PATIENCE);
        assertThat(((Refused) now(visitor)).why()).isEqualTo(Why.NO_INSTANCE);
    }

    @Test
    void waitsForAnInstanceToCome() {
        Waiting first = queue.open(key("x"), opening());
        assertThat(queue.waiting()).isEqualTo(1);
        ready("a", 1);
        assertThat(now(first)).isInstanceOf(Fresh.class);
        memory.report(new Report.Gone(instance("a")));
        Waiting second = queue.open(key("y"), opening());
        alarms.advance(PATIENCE);
        assertThat(((Refused) now(second)).why()).isEqualTo(Why.NO_INSTANCE);
    }

    @Test
    void refusesAtOnceWhenTheQueueIsFull() {
        ready("a", 1);
        memory.open(key("x"), opening());
        for (int i = 0; i < 3; i++) {
            queue.reserve("", opening());
        }
        assertThat(now(queue.reserve("", opening()))).isEqualTo(new Refused(Why.POOL_FULL, Duration.ofSeconds(1)));
        assertThat(queue.waiting()).isEqualTo(3);
    }

    @Test
    void letsNobodyWaitWhereThereIsNoQueue() {
        AdmissionQueue none = AdmissionQueue.of(table, POOL, new QueueConfig(0, PATIENCE), alarms);
        AdmissionQueue hurried = AdmissionQueue.of(table, POOL, new QueueConfig(9, Duration.ZERO), alarms);
        assertThat(now(none.reserve("", opening()))).isInstanceOf(Refused.class);
        assertThat(now(hurried.reserve("", opening()))).isInstanceOf(Refused.class);
    }

    @Test
    void passesOtherRefusalsOnWithoutWaiting() {
        ready("a", 1);
        memory.open(key("x"), opening());
        memory.report(new Report.Gone(instance("a")));
        assertThat(((Refused) now(queue.open(key("x"), opening()))).why()).isEqualTo(Why.SESSION_LOST);
    }

    @Test
    void wantsOneSlotForAllWhoWaitForOneSession() {
        queue.open(key("x"), opening());
        queue.open(key("x"), opening());
        queue.reserve("", opening());
        assertThat(queue.waiting()).isEqualTo(3);
        assertThat(queue.slotsWanted()).isEqualTo(2);
    }

    @Test
    void tellsOfEachOneWhoBeginsToWait() {
        AtomicInteger joined = new AtomicInteger();
        queue.onJoin(joined::incrementAndGet);
        ready("a", 1);
        now(queue.open(key("x"), opening()));
        assertThat(joined.get()).isZero();
        queue.open(key("y"), opening());
        queue.reserve("", opening());
        assertThat(joined.get()).isEqualTo(2);
    }

    @Test
    void refusesWhoWaitsAndWhoWouldUntilThereIsHope() {
        Refused failed = new Refused(Why.START_FAILED, Duration.ofSeconds(7));
        Waiting first = queue.open(key("x"), opening());
        Waiting second = queue.reserve("", opening());
        queue.despair(failed);
        assertThat(now(first)).isEqualTo(failed);
        assertThat(now(second)).isEqualTo(failed);
        assertThat(now(queue.reserve("", opening()))).isEqualTo(failed);
        assertThat(queue.waiting()).isZero();
        queue.hope();
        Waiting third = queue.reserve("", opening());
        assertThat(third.placement().isComplete()).isFalse();
        ready("a", 1);
        assertThat(now(third)).isInstanceOf(Held.class);
    }

    @Test
    void grantsWhatThereIsInDespairToo() {
        queue.despair(new Refused(Why.START_FAILED, Duration.ofSeconds(7)));
        ready("a", 1);
        assertThat(now(queue.open(key("x"), opening()))).isInstanceOf(Fresh.class);
    }

    @Test
    void servesFirstWhoCameFirst() {
        ready("a", 3);
        for (int i = 0; i < 3; i++) {
            memory.open(key("old" + i), opening());
        }
        List<Waiting> inLine = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            inLine.add(i == 1 ? queue.reserve("", opening()) : queue.open(key("new" + i), opening()));
        }
        for (int i = 0; i < 3; i++) {
            memory.end(key("old" + i), Long.MAX_VALUE);
            for (int j = 0; j < 3; j++) {
                assertThat(inLine.get(j).placement().isComplete()).isEqualTo(j <= i);
            }
        }
    }

    @Test
    void doesNotLetANewcomerPassThoseInLine() {
        ready("a", 1);
        memory.open(key("x"), opening());
        Waiting first = queue.reserve("", opening());
        table.hold();
        memory.end(key("x"), Long.MAX_VALUE);
        Waiting newcomer = queue.reserve("", opening());
        table.go();
        assertThat(now(first)).isInstanceOf(Held.class);
        assertThat(newcomer.placement().isComplete()).isFalse();
    }

    @Test
    void asksOnlyForAsManyAsThereIsRoom() {
        ready("a", 1);
        memory.open(key("x"), opening());
        for (int i = 0; i < 3; i++) {
            queue.reserve("", opening());
        }
        int before = table.asked();
        assertThat(before).isEqualTo(1);
        memory.end(key("x"), Long.MAX_VALUE);
        assertThat(table.asked() - before).isEqualTo(2);
    }

    @Test
    void withdrawsAtOnceWhoIsGone() {
        ready("a", 1);
        memory.open(key("x"), opening());
        Waiting first = queue.reserve("", opening());
        Waiting second = queue.reserve("", opening());
        assertThat(first.cancel()).isTrue();
        assertThat(first.cancel()).isFalse();
        assertThat(now(first)).isEqualTo(Refused.because(Why.WITHDRAWN));
        assertThat(queue.waiting()).isEqualTo(1);
        memory.end(key("x"), Long.MAX_VALUE);
        assertThat(now(second)).isInstanceOf(Held.class);
    }

    @Test
    void givesBackTheSlotThatWasGrantedToOneWhoIsGone() {
        ready("a", 1);
        memory.open(key("x"), opening());
        Waiting first = queue.reserve("", opening());
        Waiting second = queue.open(key("y"), opening());
        Waiting third = queue.reserve("", opening());
        table.hold();
        memory.end(key("x"), Long.MAX_VALUE);
        assertThat(memory.reservations(POOL)).isEqualTo(1);
        assertThat(first.cancel()).isTrue();
        assertThat(second.cancel()).isTrue();
        table.go();
        assertThat(now(first)).isEqualTo(Refused.because(Why.WITHDRAWN));
        assertThat(now(third)).isInstanceOf(Held.class);
        assertThat(memory.reservations(POOL)).isEqualTo(1);
    }

    @Test
    void givesBackTheSessionThatWasOpenedForOneWhoIsGone() {
        ready("a", 1);
        table.hold();
        Waiting first = queue.open(key("x"), opening());
        assertThat(memory.sessions(POOL)).isEqualTo(1);
        assertThat(first.cancel()).isTrue();
        table.go();
        assertThat(memory.sessions(POOL)).isZero();
    }

    @Test
    void leavesAnAnswerToItsReceiverWhenItIsCancelledTooLate() {
        ready("a", 1);
        Waiting first = queue.open(key("x"), opening());
        assertThat(first.cancel()).isFalse();
        assertThat(now(first)).isInstanceOf(Fresh.class);
        assertThat(memory.sessions(POOL)).isEqualTo(1);
    }

    @Test
    void servesWhoWaitsForASessionThatAnotherOpened() {
        ready("a", 1);
        memory.open(key("x"), opening());
        Waiting first = queue.open(key("same"), opening());
        Waiting second = queue.reserve("", opening());
        Waiting third = queue.open(key("same"), opening());
        memory.end(key("x"), Long.MAX_VALUE);
        assertThat(now(first)).isInstanceOf(Fresh.class);
        assertThat(now(third)).isInstanceOf(Kept.class);
        assertThat(second.placement().isComplete()).isFalse();
    }

    @Test
    void servesAtOnceANewcomerWhoseSessionLives() {
        ready("a", 1);
        memory.open(key("x"), opening());
        Waiting first = queue.reserve("", opening());
        assertThat(now(queue.open(key("x"), opening()))).isInstanceOf(Kept.class);
        assertThat(first.placement().isComplete()).isFalse();
        assertThat(queue.waiting()).isEqualTo(1);
    }

    @Test
    void servesWhoCanBeServedWhenTheFirstHasTriedTheFreeInstanceInVain() {
        ready("a", 1);
        ready("b", 1);
        memory.reserve(POOL, "", opening().without("b"));
        memory.reserve(POOL, "", opening().without("a"));
        Waiting picky = queue.reserve("", opening().without("a"));
        Waiting easy = queue.reserve("", opening());
        memory.report(new Report.Ready(instance("a"), 2));
        assertThat(picky.placement().isComplete()).isFalse();
        assertThat(now(easy)).isInstanceOf(Held.class);
        ready("c", 1);
        assertThat(now(picky)).isInstanceOf(Held.class);
    }

    @Test
    void asksForANewcomerWhoHasMoreToChooseFromThanThoseInLine() {
        ready("a", 1);
        Waiting picky = queue.reserve("", opening().without("a"));
        assertThat(picky.placement().isComplete()).isFalse();
        assertThat(now(queue.reserve("", opening()))).isInstanceOf(Held.class);
    }

    @Test
    void missesNoSlotThatIsFreedBetweenTheRefusalAndTheQueue() {
        ready("a", 1);
        memory.open(key("x"), opening());
        table.hold();
        Waiting next = queue.reserve("", opening());
        memory.end(key("x"), Long.MAX_VALUE);
        table.go();
        assertThat(now(next)).isInstanceOf(Held.class);
    }

    @Test
    void missesNoSlotThatIsFreedWhileTheTableIsRefusing() {
        ready("a", 1);
        memory.open(key("x"), opening());
        Waiting next = queue.reserve("", opening());
        table.hold();
        alarms.advance(Duration.ofMillis(250));
        memory.end(key("x"), Long.MAX_VALUE);
        assertThat(next.placement().isComplete()).isFalse();
        table.go();
        assertThat(now(next)).isInstanceOf(Held.class);
    }

    @Test
    void findsASlotWhoseLeaseIsOverWithoutNews() {
        ready("a", 1);
        memory.reserve(POOL, "", opening());
        alarms.advance(Duration.ofSeconds(14));
        Waiting next = queue.reserve("", opening());
        alarms.advance(Duration.ofMillis(1250));
        assertThat(now(next)).isInstanceOf(Held.class);
    }

    @Test
    void doesNotFeelAReceiverThatThrows() {
        ready("a", 2);
        memory.open(key("x"), opening());
        memory.open(key("y"), opening());
        Waiting first = queue.reserve("", opening());
        Waiting second = queue.reserve("", opening());
        first.placement().onComplete(any -> {
            throw new IllegalStateException("announced by the test");
        });
        memory.report(new Report.Ready(instance("a"), 4));
        assertThat(now(second)).isInstanceOf(Held.class);
    }

    @Test
    void passesTheTablesFailureOn() {
        AdmissionQueue stray = AdmissionQueue.of(table, "nowhere", QueueConfig.DEFAULT, alarms);
        assertThat(stray.reserve("", opening()).placement().cause()).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void grantsThousandsAtOnceWithoutGoingDeep() {
        AdmissionQueue wide = AdmissionQueue.of(table, POOL, new QueueConfig(20_000, PATIENCE), alarms);
        AtomicInteger granted = new AtomicInteger();
        for (int i = 0; i < 20_000; i++) {
            wide.reserve("", opening()).placement().onSuccess(it -> granted.incrementAndGet());
        }
        ready("a", 20_000);
        assertThat(granted).hasValue(20_000);
        assertThat(wide.waiting()).isZero();
    }

    private void ready(String id, int cap) {
        memory.report(new Report.Ready(instance(id), cap));
    }

    private static Placement now(Waiting waiting) {
        assertThat(waiting.placement().isComplete()).isTrue();
        return waiting.placement().result();
    }
}
