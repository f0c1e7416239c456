package dev.sandgate.affinity.kit;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.instance;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.learned;
import static dev.sandgate.affinity.kit.Pools.life;
import static dev.sandgate.affinity.kit.Pools.lostAfter;
import static dev.sandgate.affinity.kit.Pools.neverReusing;
import static dev.sandgate.affinity.kit.Pools.opening;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Member.State;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Reservation;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What every table does with reservations and instances, and what stands on its shelves. */
public abstract class SlotContract extends TableContract {

    @Test
    void countsReservationsAgainstTheCap() {
        ready("a", 2);
        held(opening());
        fresh("x");
        assertRefused(table.reserve(POOL, "", opening()), Why.POOL_FULL);
        assertRefused(table.open(key("y"), opening()), Why.POOL_FULL);
        assertThat(used("a")).isEqualTo(2);
    }

    @Test
    void holdsOneSlotForOneRequest() {
        ready("a", 5);
        Opening opening = opening();
        assertThat(held(opening)).isEqualTo(held(opening));
        assertThat(used("a")).isEqualTo(1);
    }

    @Test
    void movesAReservationWhoseInstanceWasTriedInVain() {
        ready("a", 1);
        Opening opening = opening();
        Reservation first = held(opening);
        Instance b = ready("b", 1);
        Reservation second = held(opening.without("a"));
        assertThat(second.instance()).isEqualTo(b);
        assertThat(used("a")).isZero();
        await(table.release(first));
        assertThat(used("b")).isEqualTo(1);
        assertThat(await(table.extend(first))).isFalse();
    }

    @Test
    void freesAReservationOnce() {
        ready("a", 1);
        Reservation reservation = held(opening());
        await(table.release(reservation));
        held(opening());
        await(table.release(reservation));
        assertThat(used("a")).isEqualTo(1);
        assertThat(heard.news).containsExactly("a READY", "freed", "freed");
    }

    @Test
    void freesAReservationWhenItsLeaseIsOver() {
        ready("a", 1);
        Reservation reservation = held(opening());
        advance(Duration.ofSeconds(15).minusNanos(1));
        assertRefused(table.open(key("x"), opening()), Why.POOL_FULL);
        advance(Duration.ofNanos(1));
        assertThat(await(table.extend(reservation))).isFalse();
        fresh("x");
        assertThat(heard.news).endsWith("freed");
    }

    @Test
    void keepsAReservationThatIsExtended() {
        ready("a", 1);
        Reservation reservation = held(opening());
        for (int i = 0; i < 5; i++) {
            advance(Duration.ofSeconds(14));
            await(table.beat());
            assertThat(await(table.extend(reservation))).isTrue();
        }
        assertRefused(table.open(key("x"), opening()), Why.POOL_FULL);
        bound(reservation, learned("x", ""));
    }

    @Test
    void turnsAReservationIntoASessionInTheSameSlot() {
        ready("a", 1);
        Reservation reservation = held(opening());
        Binding binding = bound(reservation, learned("x", ""));
        assertThat(binding.instance()).isEqualTo(reservation.instance());
        assertThat(used("a")).isEqualTo(1);
        assertThat(table.peek(learned("x", ""))).isInstanceOf(Kept.class);
        assertThat(await(table.extend(reservation))).isFalse();
        await(table.release(reservation));
        assertThat(used("a")).isEqualTo(1);
        assertThat(heard.news).containsExactly("a READY", "freed");
    }

    @Test
    void confirmsTwiceAsOnce() {
        ready("a", 2);
        Reservation reservation = held(opening());
        Binding first = bound(reservation, learned("x", ""));
        assertThat(bound(reservation, learned("x", "")).generation()).isEqualTo(first.generation());
        assertThat(used("a")).isEqualTo(1);
    }

    @Test
    void doesNotLetTheOpenerMoveASessionThatItsInstanceNamed() {
        ready("a", 1);
        ready("b", 1);
        Opening opening = opening();
        Binding binding = bound(held(opening), learned("x", ""));
        assertRefused(table.rebind(binding, opening), Why.SESSION_IN_USE);
        await(table.abandon(binding, opening.requestId()));
        assertThat(binding.enter()).isTrue();
    }

    @Test
    void freesTheSlotWhenTheIdLivesElsewhere() {
        ready("a", 1);
        Binding living = bound(held(opening()), learned("x", "alice"));
        ready("b", 1);
        Reservation second = held(opening());
        assertThat(await(table.confirm(second, learned("x", "bob"), Lease.USE)))
                .isEqualTo(new Confirmation.TakenBy(living.instance()));
        assertThat(used("b")).isZero();
        assertThat(heard.news).endsWith("freed");
        assertThat(await(table.extend(second))).isFalse();
    }

    @Test
    void confirmsALapsedReservationOnlyWhereThereIsStillRoom() {
        ready("a", 1);
        Reservation late = held(opening());
        advance(Duration.ofSeconds(15));
        bound(late, learned("x", ""));
        await(table.end(learned("x", ""), Long.MAX_VALUE));
        Reservation tooLate = held(opening());
        advance(Duration.ofSeconds(15));
        fresh("y");
        assertThat(await(table.confirm(tooLate, learned("z", ""), Lease.USE))).isEqualTo(Confirmation.Lost.LAPSED);
        assertThat(used("a")).isEqualTo(1);
    }

    @Test
    void doesNotConfirmOnAnIncarnationThatIsGone() {
        Instance a = ready("a", 1);
        Reservation reservation = held(opening());
        await(table.report(new Report.Gone(a)));
        ready(life("a", "2"), 1);
        assertThat(await(table.extend(reservation))).isFalse();
        assertThat(await(table.confirm(reservation, learned("x", ""), Lease.USE)))
                .isEqualTo(Confirmation.Lost.LAPSED);
        assertThat(used("a")).isZero();
    }

    @Test
    void givesALostIdToAnotherPrincipalOnlyWhenItIsForgotten() {
        Instance a = ready("a", 1);
        bound(held(opening()), learned("1", "alice"));
        await(table.report(new Report.Gone(a)));
        ready("b", 2);
        assertThat(await(table.confirm(held(opening()), learned("1", "bob"), Lease.USE)))
                .isEqualTo(new Confirmation.TakenBy(a));
        assertThat(used("b")).isZero();
        advance(Duration.ofMinutes(5));
        bound(held(opening()), learned("1", "bob"));
    }

    @Test
    void givesALostIdBackToItsOwnPrincipal() {
        Instance a = ready("a", 1);
        bound(held(opening()), learned("1", "alice"));
        await(table.report(new Report.Gone(a)));
        ready("b", 1);
        bound(held(opening()), learned("1", "alice"));
    }

    @Test
    void doesNotConfirmAnEndedIdElsewhereBeforeItWouldHaveLapsed() {
        Instance a = ready("a", 1);
        bound(held(opening()), learned("x", ""));
        await(table.end(learned("x", ""), Long.MAX_VALUE));
        ready("b", 1);
        Reservation elsewhere = held(opening().without("a"));
        assertThat(await(table.confirm(elsewhere, learned("x", ""), Lease.USE))).isEqualTo(new Confirmation.TakenBy(a));
        bound(held(opening().without("b")), learned("x", ""));
    }

    @Test
    void doesNotConfirmAnOldIdWhereIdsAreNotUsedAgain() {
        use(neverReusing(SESSIONS));
        Instance a = ready("a", 1);
        bound(held(opening()), learned("x", ""));
        await(table.end(learned("x", ""), Long.MAX_VALUE));
        assertThat(await(table.confirm(held(opening()), learned("x", ""), Lease.USE)))
                .isEqualTo(new Confirmation.TakenBy(a));
    }

    @Test
    void stopsAdmissionsAloneWhenACapIsLowered() {
        ready("a", 3);
        Binding x = fresh("x");
        Reservation reservation = held(opening());
        ready("a", 1);
        assertThat(x.enter()).isTrue();
        bound(reservation, learned("y", ""));
        assertThat(member("a").used()).isEqualTo(2);
        await(table.end(learned("y", ""), Long.MAX_VALUE));
        assertRefused(table.open(key("z"), opening()), Why.POOL_FULL);
        ready("a", 2);
        assertThat(heard.news).endsWith("a READY", "freed");
        fresh("z");
    }

    @Test
    void leavesAnInstanceDrainingThatSomebodyCameUpon() {
        Instance a = ready("a", 5);
        await(table.report(new Report.Draining(a)));
        await(table.report(new Report.Found(a, 7, false)));
        assertThat(table.instances(POOL).members().get(0).state())
                .isEqualTo(dev.sandgate.affinity.Member.State.DRAINING);
        assertThat(table.instances(POOL).members().get(0).cap()).isEqualTo(7);
        await(table.report(new Report.Found(instance("b"), 5, false)));
        assertThat(table.instances(POOL).members().get(1).open()).isTrue();
    }

    @Test
    void sendsNoNewSessionsToADrainingInstance() {
        Instance a = ready("a", 5);
        Binding binding = fresh("x");
        await(table.report(new Report.Draining(a)));
        assertThat(member("a").state()).isEqualTo(State.DRAINING);
        assertRefused(table.open(key("y"), opening()), Why.NO_INSTANCE);
        request(binding);
        kept(key("x"));
        ready("a", 5);
        fresh("y");
    }

    @Test
    void coolsAnInstanceTwiceAsLongEachTimeUpToHalfAMinute() {
        use(lostAfter(SESSIONS, Duration.ofHours(1)));
        Instance a = ready("a", 5);
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            await(table.report(new Report.Unreachable(a)));
            await(table.report(new Report.Unreachable(a)));
            assertThat(member("a").state()).isEqualTo(State.COOLING);
            advance(Duration.ofSeconds(seconds).minusNanos(1));
            assertRefused(table.open(key("x"), opening()), Why.NO_INSTANCE);
            advance(Duration.ofNanos(1));
            await(table.beat());
            assertThat(heard.news).endsWith("a COOLING", "a READY", "freed");
        }
        await(table.report(new Report.Reachable(a)));
        await(table.report(new Report.Unreachable(a)));
        advance(Duration.ofSeconds(1));
        fresh("x");
    }

    @Test
    void keepsKnownSessionsOnACoolingInstance() {
        Instance a = ready("a", 5);
        Binding binding = fresh("x");
        await(table.report(new Report.Unreachable(a)));
        request(binding);
        kept(key("x"));
        await(table.report(new Report.Reachable(a)));
        assertThat(member("a").state()).isEqualTo(State.READY);
        fresh("y");
    }

    @Test
    void losesTheSessionsOfAnInstanceThatNobodyReachesForLong() {
        Instance a = ready("a", 5);
        Binding binding = fresh("x");
        request(binding);
        request(binding);
        await(table.report(new Report.Unreachable(a)));
        advance(Duration.ofSeconds(29));
        await(table.report(new Report.Unreachable(a)));
        assertThat(binding.enter()).isTrue();
        advance(Duration.ofSeconds(1));
        await(table.beat());
        assertThat(binding.enter()).isFalse();
        assertFind(key("x"), Why.SESSION_LOST);
        assertThat(heard.news).containsOnlyOnce("LOST x", "a GONE");
        assertThat(table.instances(POOL).members()).isEmpty();
    }

    @Test
    void keepsTheSessionsOfAnInstanceThatSomebodyReachedMeanwhile() {
        Instance a = ready("a", 5);
        Binding binding = fresh("x");
        request(binding);
        request(binding);
        await(table.report(new Report.Unreachable(a)));
        advance(Duration.ofSeconds(20));
        await(table.report(new Report.Reachable(a)));
        await(table.report(new Report.Unreachable(a)));
        advance(Duration.ofSeconds(20));
        await(table.beat());
        assertThat(binding.enter()).isTrue();
    }

    @Test
    void losesSessionsWithTheFirstReportWhereThePoolDoesNotWait() {
        use(lostAfter(SESSIONS, Duration.ZERO));
        Instance a = ready("a", 5);
        fresh("x");
        await(table.report(new Report.Unreachable(a)));
        assertFind(key("x"), Why.SESSION_LOST);
        assertThat(heard.news).containsOnlyOnce("LOST x", "a GONE").doesNotContain("a COOLING");
    }

    @Test
    void takesAnInstanceBackEmptyThatWasGivenUp() {
        use(lostAfter(SESSIONS, Duration.ZERO));
        Instance a = ready("a", 1);
        fresh("x");
        await(table.report(new Report.Unreachable(a)));
        await(table.report(new Report.Reachable(a)));
        assertThat(table.instances(POOL).members()).isEmpty();
        ready("a", 1);
        assertThat(used("a")).isZero();
        assertFind(key("x"), Why.SESSION_LOST);
        fresh("y");
    }

    @Test
    void ignoresReportsOnIncarnationsThatAreNotCurrent() {
        Instance first = ready("a", 1);
        Instance second = ready(life("a", "2"), 1);
        Binding binding = fresh("x");
        ready(first, 9);
        await(table.report(new Report.Gone(first)));
        await(table.report(new Report.Unreachable(first)));
        await(table.report(new Report.Draining(first)));
        assertThat(member("a").instance()).isEqualTo(second);
        assertThat(member("a").state()).isEqualTo(State.READY);
        assertThat(member("a").cap()).isEqualTo(1);
        assertThat(binding.enter()).isTrue();
        await(table.report(new Report.Gone(second)));
        ready(second, 1);
        assertThat(table.instances(POOL).members()).isEmpty();
    }

    @Test
    void namesInstancesInTheOrderInWhichTheyCame() {
        ready("b", 1);
        ready("a", 1);
        ready("c", 1);
        ready(life("b", "2"), 1);
        assertThat(table.instances(POOL).members())
                .extracting(member -> member.instance().id())
                .containsExactly("b", "a", "c");
        await(table.report(new Report.Gone(instance("a"))));
        assertThat(table.instances(POOL).members())
                .extracting(member -> member.instance().id())
                .containsExactly("b", "c");
    }

    @Test
    void saysNothingWhenAReportChangesNothing() {
        Instance a = ready("a", 1);
        heard.news.clear();
        ready("a", 1);
        await(table.report(new Report.Reachable(a)));
        assertThat(heard.news).isEmpty();
    }

    @Test
    void writesToAShelfOnlyOverTheExpectedVersion() {
        ShelfContract.assertHolds(table::shelf);
    }

    @Test
    void givesEachSlotOfASingleUseInstanceOnce() {
        await(table.report(new Report.Ready(instance("a"), 2, true)));
        Binding first = fresh("x");
        Reservation second = held(opening());
        assertThat(member("a").state()).isEqualTo(State.DRAINING);
        assertThat(await(table.end(first.key(), first.generation()))).isTrue();
        await(table.release(second));
        assertThat(used("a")).isZero();
        assertRefused(table.open(key("y"), opening()), Why.NO_INSTANCE);
        assertRefused(table.reserve(POOL, "", opening()), Why.NO_INSTANCE);
        await(table.report(new Report.Ready(instance("a"), 2, true)));
        assertRefused(table.open(key("y"), opening()), Why.NO_INSTANCE);
    }

    @Test
    void letsTheSessionOfASingleUseSlotGoOn() {
        await(table.report(new Report.Ready(instance("a"), 1, true)));
        Reservation reservation = held(opening());
        Binding binding = bound(reservation, learned("x", ""));
        assertThat(table.peek(learned("x", ""))).isInstanceOf(Kept.class);
        assertThat(used("a")).isEqualTo(1);
        // it ends some day, and a fresh one comes
        assertRefused(table.reserve(POOL, "", opening()), Why.POOL_FULL);
        assertThat(await(table.end(binding.key(), binding.generation()))).isTrue();
        assertRefused(table.reserve(POOL, "", opening()), Why.NO_INSTANCE);
    }

    @Test
    void bringsNoEndedSessionBackToASingleUseInstance() {
        await(table.report(new Report.Ready(instance("a"), 1, true)));
        Binding binding = fresh("x");
        assertThat(await(table.end(binding.key(), binding.generation()))).isTrue();
        assertRefused(table.open(key("x"), opening()), Why.SESSION_ENDING);
        await(table.report(new Report.Gone(instance("a"))));
        await(table.report(new Report.Ready(life("a", "2"), 1, true)));
        assertThat(fresh("x").instance()).isEqualTo(life("a", "2"));
    }
}
