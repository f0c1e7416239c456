package dev.sandgate.policies.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.conf.BreakersConfig;
import dev.sandgate.conf.BreakersConfig.Breaker;
import dev.sandgate.policies.Outcome;
import dev.sandgate.policies.Outcome.End;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.breaker.Breakers.Count;
import dev.sandgate.policies.breaker.Decision.Go;
import dev.sandgate.policies.breaker.Decision.NotThere;
import dev.sandgate.policies.breaker.Decision.Nowhere;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When instances are left alone, and when they are tried again. */
final class BreakersTest {

    private static final Duration OPEN = Duration.ofSeconds(10);
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final int TRIALS = 3;

    /** Half of the last 10 and no fewer than 4; or half of them slow. */
    private static final Breaker RULE = new Breaker(50, 50, SLOW, 10, 4, OPEN, TRIALS);

    private static final int MOST_BYTES = 200;
    private static final int TIMES = 20_000;

    private final ManualClock clock = new ManualClock();
    private final Breakers breakers = of(Optional.of(RULE), Optional.empty());

    @Test
    void opensAtTheRateAndNotBeforeThereAreEnough() {
        fails("a", 3);
        assertThat(breakers.avoided()).isEmpty();
        succeeds("a", 1);
        assertThat(breakers.avoided()).containsExactly("a");
        NotThere refused = refused("a");
        assertThat(refused.refusal().why()).isEqualTo(Why.BREAKER_OPEN);
        assertThat(refused.refusal().retryAfter()).isEqualTo(OPEN);
    }

    @Test
    void staysClosedBelowTheRateAndForgetsWhatIsLongAgo() {
        succeeds("a", 3);
        fails("a", 2);
        succeeds("a", 3);
        fails("a", 2);
        assertThat(breakers.avoided()).isEmpty();
        succeeds("a", 5);
        // the first two failures have left the window
        fails("a", 2);
        assertThat(breakers.avoided()).isEmpty();
        succeeds("a", 1);
        fails("a", 2);
        assertThat(breakers.avoided()).isEmpty();
        fails("a", 1);
        assertThat(breakers.avoided()).containsExactly("a");
    }

    @Test
    void leavesAloneForItsTimeAndThenLetsExactlyTheTrialsThrough() {
        fails("a", 4);
        clock.advance(OPEN.minusNanos(1));
        assertThat(refused("a").refusal().retryAfter()).isEqualTo(Duration.ofNanos(1));
        assertThat(breakers.avoided()).containsExactly("a");
        clock.advance(Duration.ofNanos(2));
        assertThat(breakers.avoided()).isEmpty();
        List<Go> trials = trials("a");
        assertThat(refused("a").refusal().retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(breakers.count()).isEqualTo(new Count(0, 1));
        trials.forEach(BreakersTest::answer);
        assertThat(breakers.count()).isEqualTo(new Count(0, 0));
        succeeds("a", 5);
    }

    @Test
    void opensAnewWhereItsTrialsFail() {
        fails("a", 4);
        clock.advance(OPEN.plusNanos(1));
        List<Go> trials = trials("a");
        answer(trials.get(0));
        trials.get(1).head(503);
        trials.get(2).done(ended(End.INSTANCE_FAILED));
        assertThat(breakers.avoided()).containsExactly("a");
        assertThat(refused("a").refusal().retryAfter()).isEqualTo(OPEN);
    }

    @Test
    void givesATrialBackThatWasToldNothing() {
        fails("a", 4);
        clock.advance(OPEN.plusNanos(1));
        List<Go> trials = trials("a");
        trials.get(0).done(ended(End.CLIENT_GONE));
        trials.get(1).done(ended(End.REFUSED));
        answer(trials.get(2));
        Go first = passes("a");
        Go second = passes("a");
        refused("a");
        answer(first);
        answer(second);
        assertThat(breakers.count()).isEqualTo(new Count(0, 0));
    }

    @Test
    void takesNothingForATrialThatBeganBefore() {
        List<Go> early = List.of(passes("a"), passes("a"), passes("a"), passes("a"));
        fails("a", 4);
        clock.advance(OPEN.plusNanos(1));
        List<Go> trials = trials("a");
        early.get(0).done(ended(End.CLIENT_GONE));
        refused("a");
        early.subList(1, 4).forEach(late -> late.head(500));
        assertThat(breakers.count()).isEqualTo(new Count(0, 1));
        trials.forEach(BreakersTest::answer);
        assertThat(breakers.count()).isEqualTo(new Count(0, 0));
    }

    @Test
    void countsNeitherRefusalsNorClientsThatLeaveNorWhatStreamsComeTo() {
        for (int n = 0; n < 20; n++) {
            Go wrong = passes("a");
            wrong.head(404);
            wrong.done(ended(End.ANSWERED));
            passes("a").done(ended(End.CLIENT_GONE));
            Go stream = passes("a");
            stream.head(200);
            clock.advance(Duration.ofSeconds(10));
            stream.done(ended(End.INSTANCE_FAILED));
        }
        assertThat(breakers.avoided()).isEmpty();
        assertThat(breakers.count()).isEqualTo(new Count(0, 0));
    }

    @Test
    void opensWhereTooManyHeadsComeLate() {
        for (int n = 0; n < 2; n++) {
            Go slow = passes("a");
            slow.sent();
            clock.advance(SLOW.plusMillis(1));
            slow.head(200);
        }
        succeeds("a", 1);
        assertThat(breakers.avoided()).isEmpty();
        succeeds("a", 1);
        assertThat(breakers.avoided()).containsExactly("a");
    }

    @Test
    void doesNotTakeASlowClientForASlowInstance() {
        for (int n = 0; n < 20; n++) {
            Go upload = passes("a");
            clock.advance(SLOW.multipliedBy(2));
            upload.sent();
            clock.advance(SLOW);
            upload.head(200);
            Go unfinished = passes("a");
            clock.advance(SLOW.multipliedBy(2));
            unfinished.head(413);
        }
        assertThat(breakers.avoided()).isEmpty();
    }

    @Test
    void judgesEachInstanceByItself() {
        fails("a", 4);
        succeeds("b", 20);
        refused("a");
        assertThat(breakers.avoided()).containsExactly("a");
        assertThat(breakers.count()).isEqualTo(new Count(1, 0));
        assertThat(breakers.poolIsOpen()).isFalse();
    }

    @Test
    void givesThePoolsTrialBackWhereTheInstanceIsNotToBeAsked() {
        Breaker patient = new Breaker(50, 100, Duration.ZERO, 10, 4, OPEN.multipliedBy(2), 1);
        Breaker hasty = new Breaker(50, 100, Duration.ZERO, 10, 4, OPEN, 1);
        Breakers both = of(Optional.of(patient), Optional.of(hasty));
        for (int n = 0; n < 4; n++) {
            passes(both, "a").head(500);
        }
        assertThat(both.poolIsOpen()).isTrue();
        assertThat(both.check("b")).isInstanceOf(Nowhere.class);
        clock.advance(OPEN.plusNanos(1));
        // the pool lets one through
        assertThat(both.check("a")).isInstanceOf(NotThere.class);
        Go trial = passes(both, "b");
        assertThat(both.check("b")).isInstanceOf(Nowhere.class);
        answer(trial);
        answer(passes(both, "b"));
        assertThat(both.check("a")).isInstanceOf(NotThere.class);
    }

    @Test
    void startsAnewWithAnInstanceThatWasForgotten() {
        fails("a", 4);
        refused("a");
        breakers.forget("a");
        assertThat(breakers.avoided()).isEmpty();
        fails("a", 3);
        passes("a").done(ended(End.CLIENT_GONE));
        assertThat(breakers.count()).isEqualTo(new Count(0, 0));
    }

    @Test
    void asksNothingWhereNothingIsConfigured() {
        Breakers none = of(Optional.empty(), Optional.empty());
        assertThat(none.none()).isTrue();
        for (int n = 0; n < 20; n++) {
            passes(none, "a").head(500);
        }
        assertThat(none.avoided()).isEmpty();
    }

    @Test
    void goesOnWhereTheClockWrapsAround() {
        clock.advance(Duration.ofMinutes(10).minusSeconds(5));
        fails("a", 4);
        clock.advance(OPEN.minusSeconds(1));
        refused("a");
        clock.advance(Duration.ofSeconds(1).plusNanos(1));
        trials("a").forEach(BreakersTest::answer);
        assertThat(breakers.count()).isEqualTo(new Count(0, 0));
    }

    @Test
    void allocatesLittleForWhatPasses() {
        Breakers both = of(Optional.of(RULE), Optional.of(RULE));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int n = 0; n < 2 * TIMES; n++) {
            if (n == TIMES) {
                before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            }
            answer(passes(both, "a"));
        }
        long bytes = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
        assertThat(bytes / (double) TIMES).isLessThanOrEqualTo(MOST_BYTES);
    }

    private Breakers of(Optional<Breaker> instance, Optional<Breaker> pool) {
        return new Breakers(new BreakersConfig(instance, pool), clock);
    }

    private void fails(String id, int times) {
        for (int n = 0; n < times; n++) {
            passes(id).head(500);
        }
    }

    private void succeeds(String id, int times) {
        for (int n = 0; n < times; n++) {
            answer(passes(id));
        }
    }

    private List<Go> trials(String id) {
        List<Go> trials = new ArrayList<>();
        for (int n = 0; n < TRIALS; n++) {
            trials.add(passes(id));
        }
        return trials;
    }

    private Go passes(String id) {
        return passes(breakers, id);
    }

    private static Go passes(Breakers by, String id) {
        Decision decision = by.check(id);
        if (decision instanceof Go go) {
            return go;
        }
        throw new AssertionError("it was refused: " + decision);
    }

    private NotThere refused(String id) {
        Decision decision = breakers.check(id);
        assertThat(decision).isInstanceOf(NotThere.class);
        return (NotThere) decision;
    }

    private static void answer(Go trial) {
        trial.sent();
        trial.head(200);
        trial.done(ENDED);
    }

    private static final Outcome ENDED = ended(End.ANSWERED);

    private static Outcome ended(End end) {
        return new Outcome(end, 0, 0, null);
    }
}
