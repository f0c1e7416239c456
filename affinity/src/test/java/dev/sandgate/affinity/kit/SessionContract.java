package dev.sandgate.affinity.kit;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.learned;
import static dev.sandgate.affinity.kit.Pools.life;
import static dev.sandgate.affinity.kit.Pools.neverReusing;
import static dev.sandgate.affinity.kit.Pools.opening;
import static dev.sandgate.affinity.kit.Pools.rebinding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Sighting;
import dev.sandgate.affinity.Source;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every table does with sessions, from their opening to their tombstone. */
public abstract class SessionContract extends TableContract {

    @Test
    void keepsASessionWhereItWasOpened() {
        ready("a", 1);
        ready("b", 1);
        Binding opened = fresh("x");
        Binding again = kept(key("x"));
        assertThat(again.instance()).isEqualTo(opened.instance());
        assertThat(again.generation()).isEqualTo(opened.generation());
        assertThat(await(table.find(key("x")))).isInstanceOf(Kept.class);
    }

    @Test
    void asksTheTableForWhatItsMemoryDoesNotKnow() {
        ready("a", 1);
        assertThat(table.peek(key("x"))).isEqualTo(Placement.Ask.TABLE);
        fresh("x");
        kept(key("x"));
        assertThat(table.peek(key("x"))).isInstanceOf(Kept.class).isSameAs(table.peek(key("x")));
    }

    @Test
    void answersTheSameRequestTheSameWithoutASecondSlot() {
        ready("a", 5);
        Opening opening = opening();
        Binding first = fresh(key("x"), opening);
        Binding second = fresh(key("x"), opening);
        assertThat(second.generation()).isEqualTo(first.generation());
        assertThat(used("a")).isEqualTo(1);
    }

    @Test
    void refusesWhenEveryInstanceIsFull() {
        ready("a", 1);
        fresh("x");
        assertThat(refused(table.open(key("y"), opening())))
                .isEqualTo(new Refused(Why.POOL_FULL, Duration.ofSeconds(1)));
    }

    @Test
    void refusesWhereNoInstanceTakesSessions() {
        assertRefused(table.open(key("x"), opening()), Why.NO_INSTANCE);
        Instance a = ready("a", 1);
        await(table.report(new Report.Draining(a)));
        assertRefused(table.open(key("x"), opening()), Why.NO_INSTANCE);
    }

    @Test
    void passesOverExcludedInstances() {
        ready("a", 5);
        Opening wish = opening().without("a");
        assertRefused(table.open(key("x"), wish), Why.NO_INSTANCE);
        Instance b = ready("b", 5);
        assertThat(fresh(key("x"), wish).instance()).isEqualTo(b);
    }

    @Test
    void doesNotKnowWhatNobodyOpened() {
        ready("a", 1);
        assertFind(key("x"), Why.SESSION_UNKNOWN);
    }

    @Test
    void keepsTheSameIdOfTwoPrincipalsApartWhereTheClientChoseIt() {
        ready("a", 5);
        SessionKey alice = new SessionKey(POOL, Source.HEADER, "x", "alice");
        SessionKey bob = new SessionKey(POOL, Source.HEADER, "x", "bob");
        fresh(alice, opening());
        fresh(bob, opening());
        assertThat(used("a")).isEqualTo(2);
    }

    @Test
    void hidesALearnedSessionFromEveryOtherPrincipal() {
        ready("a", 5);
        Binding binding = bound(held(opening()), learned("x", "alice"));
        SessionKey bob = learned("x", "bob");
        assertThat(table.peek(bob)).isEqualTo(Placement.Ask.TABLE);
        assertFind(bob, Why.SESSION_UNKNOWN);
        assertRefused(table.open(bob, opening()), Why.SESSION_UNKNOWN);
        assertThat(await(table.end(bob, binding.generation()))).isFalse();
        await(table.end(learned("x", "alice"), binding.generation()));
        assertFind(bob, Why.SESSION_UNKNOWN);
        assertRefused(table.open(bob, opening()), Why.SESSION_UNKNOWN);
        assertFind(learned("x", "alice"), Why.SESSION_ENDED);
    }

    @Test
    void countsTheIdleTimeFromTheEndOfTheLastRequest() {
        ready("a", 1);
        Binding binding = fresh("x");
        request(binding);
        assertThat(binding.enter()).isTrue();
        advance(Duration.ofMinutes(5));
        await(table.beat());
        assertThat(await(table.find(key("x")))).isInstanceOf(Kept.class);
        binding.leave();
        advance(Duration.ofSeconds(59));
        await(table.beat());
        request(binding);
        advance(Duration.ofSeconds(60));
        assertThat(binding.enter()).isFalse();
        assertFind(key("x"), Why.SESSION_EXPIRED);
        assertThat(heard.news).contains("EXPIRED x");
    }

    @Test
    void findsOutThatASessionIdledOutWithoutABeat() {
        ready("a", 1);
        fresh("x");
        kept(key("x"));
        advance(Duration.ofSeconds(20));
        assertThat(table.peek(key("x"))).isEqualTo(Placement.Ask.TABLE);
        fresh("y");
        assertThat(heard.news).containsOnlyOnce("EXPIRED x");
    }

    @Test
    void givesASessionThatWasNeverUsedAgainTheShorterTimeOnly() {
        ready("a", 2);
        Binding once = fresh("once");
        Binding twice = fresh("twice");
        request(once);
        request(twice);
        request(twice);
        advance(Duration.ofSeconds(20));
        await(table.beat());
        assertThat(heard.news).contains("EXPIRED once").doesNotContain("EXPIRED twice");
        advance(Duration.ofSeconds(40));
        await(table.beat());
        assertThat(heard.news).contains("EXPIRED twice");
    }

    @Test
    void takesATouchForAUse() {
        ready("a", 1);
        Binding binding = fresh("x");
        advance(Duration.ofSeconds(19));
        table.touch(binding);
        advance(Duration.ofSeconds(59));
        await(table.beat());
        assertThat(binding.enter()).isTrue();
    }

    @Test
    void takesAHitForAUse() {
        ready("a", 1);
        Binding binding = fresh("x");
        advance(Duration.ofSeconds(19));
        kept(key("x"));
        advance(Duration.ofSeconds(19));
        await(table.find(key("x")));
        advance(Duration.ofSeconds(19));
        assertThat(binding.enter()).isTrue();
    }

    @Test
    void endsASessionAtItsMaximumLifetimeEvenWithARequestUnderWay() {
        ready("a", 1);
        Binding binding = fresh("x");
        assertThat(binding.enter()).isTrue();
        advance(Duration.ofMinutes(10).minusNanos(1));
        request(binding);
        advance(Duration.ofNanos(1));
        assertThat(binding.enter()).isFalse();
        await(table.beat());
        assertThat(heard.news).endsWith("EXPIRED x", "freed");
        assertThat(used("a")).isZero();
        binding.leave();
        assertThat(used("a")).isZero();
    }

    @Test
    void endsOnce() {
        ready("a", 1);
        Binding binding = fresh("x");
        assertThat(await(table.end(key("x"), binding.generation()))).isTrue();
        assertThat(await(table.end(key("x"), binding.generation()))).isFalse();
        assertThat(binding.enter()).isFalse();
        assertFind(key("x"), Why.SESSION_ENDED);
        assertThat(heard.news).containsExactly("a READY", "freed", "ENDED x", "freed");
        assertThat(used("a")).isZero();
    }

    @Test
    void doesNotEndALaterLife() {
        ready("a", 1);
        Binding first = fresh("x");
        await(table.end(key("x"), first.generation()));
        Binding second = fresh("x");
        assertThat(second.generation()).isGreaterThan(first.generation());
        assertThat(await(table.end(key("x"), first.generation()))).isFalse();
        assertThat(second.enter()).isTrue();
    }

    @Test
    void bringsAnEndedIdBackAtItsOldHomeOrNotAtAllUntilItWouldHaveLapsed() {
        Instance a = ready("a", 1);
        Binding first = fresh("x");
        await(table.end(key("x"), first.generation()));
        ready("b", 1);
        ready("c", 1);
        Binding other = fresh(key("y"), opening().without("b").without("c"));
        advance(Duration.ofSeconds(5));
        assertThat(refused(table.open(key("x"), opening())))
                .isEqualTo(new Refused(Why.SESSION_ENDING, Duration.ofSeconds(15)));
        await(table.end(key("y"), other.generation()));
        assertRefused(table.open(key("x"), opening().without("a")), Why.SESSION_ENDING);
        assertThat(fresh("x").instance()).isEqualTo(a);
    }

    @Test
    void bringsAnEndedIdBackAnywhereOnceItWouldHaveLapsed() {
        ready("a", 1);
        Binding first = fresh("x");
        await(table.end(key("x"), first.generation()));
        Instance b = ready("b", 1);
        advance(Duration.ofSeconds(20));
        assertThat(fresh(key("x"), opening().without("a")).instance()).isEqualTo(b);
    }

    @Test
    void bringsAnEndedIdBackAnywhereOnceItsOldHomeIsGone() {
        Instance a = ready("a", 1);
        Binding first = fresh("x");
        await(table.end(key("x"), first.generation()));
        Instance b = ready("b", 1);
        await(table.report(new Report.Gone(a)));
        assertThat(fresh("x").instance()).isEqualTo(b);
    }

    @Test
    void opensAnExpiredIdAnewWithAGreaterGeneration() {
        ready("a", 1);
        Binding first = fresh("x");
        advance(Duration.ofSeconds(20));
        Instance b = ready("b", 1);
        Binding second = fresh(key("x"), opening().without("a"));
        assertThat(second.instance()).isEqualTo(b);
        assertThat(second.generation()).isGreaterThan(first.generation());
    }

    @Test
    void refusesAnOldIdWhereIdsAreNotUsedAgain() {
        use(neverReusing(SESSIONS));
        ready("a", 5);
        await(table.end(key("x"), fresh("x").generation()));
        fresh("y");
        advance(Duration.ofSeconds(20));
        assertRefused(table.open(key("x"), opening()), Why.SESSION_ENDED);
        assertRefused(table.open(key("y"), opening()), Why.SESSION_EXPIRED);
        advance(Duration.ofMinutes(5));
        assertFind(key("x"), Why.SESSION_UNKNOWN);
        fresh("x");
        fresh("y");
    }

    @Test
    void tellsALostSessionAsLostWhileItIsRemembered() {
        Instance a = ready("a", 1);
        ready("b", 1);
        Binding binding = fresh(key("x"), opening().without("b"));
        await(table.report(new Report.Gone(a)));
        assertThat(binding.enter()).isFalse();
        assertFind(key("x"), Why.SESSION_LOST);
        assertRefused(table.open(key("x"), opening()), Why.SESSION_LOST);
        assertRefused(table.rebind(binding, opening()), Why.SESSION_LOST);
        assertThat(heard.news).containsOnlyOnce("LOST x");
        advance(Duration.ofMinutes(5));
        assertFind(key("x"), Why.SESSION_UNKNOWN);
        fresh("x");
    }

    @Test
    void opensALostIdAnewWhereThePoolSaysSo() {
        use(rebinding(SESSIONS));
        Instance a = ready("a", 2);
        Binding x = fresh("x");
        Binding y = fresh("y");
        Instance b = ready("b", 2);
        await(table.report(new Report.Gone(a)));
        assertFind(key("x"), Why.SESSION_LOST);
        Binding again = fresh("x");
        assertThat(again.instance()).isEqualTo(b);
        assertThat(again.generation()).isGreaterThan(x.generation());
        assertThat(await(table.rebind(y, opening()))).isInstanceOf(Fresh.class);
    }

    @Test
    void movesASessionForItsOpenerWhileNobodyElseUsedIt() {
        ready("a", 1);
        Opening opening = opening();
        Binding first = fresh(key("x"), opening);
        Instance b = ready("b", 1);
        assertThat(first.enter()).isTrue();
        Placement moved = await(table.rebind(first, opening.without("a")));
        assertThat(moved).isInstanceOf(Fresh.class);
        Binding second = ((Fresh) moved).binding();
        assertThat(second.instance()).isEqualTo(b);
        assertThat(second.generation()).isGreaterThan(first.generation());
        assertThat(first.enter()).isFalse();
        assertThat(used("a")).isZero();
        assertThat(used("b")).isEqualTo(1);
        assertThat(await(table.rebind(first, opening.without("a")))).isEqualTo(moved);
        assertThat(heard.news).endsWith("freed").doesNotContain("ENDED x", "LOST x");
    }

    @Test
    void countsTheLifetimeOfAMovedSessionFromItsOpening() {
        ready("a", 1);
        ready("b", 1);
        Opening opening = opening();
        Binding first = fresh(key("x"), opening);
        assertThat(first.enter()).isTrue();
        advance(Duration.ofMinutes(9));
        Binding second = ((Fresh) await(table.rebind(first, opening))).binding();
        assertThat(second.enter()).isTrue();
        advance(Duration.ofMinutes(1));
        assertFind(key("x"), Why.SESSION_EXPIRED);
    }

    @Test
    void doesNotMoveASessionThatSomebodyElseHasSeen() {
        ready("a", 5);
        ready("b", 5);
        Opening opening = opening();
        Binding asked = fresh(key("asked"), opening);
        kept(key("asked"));
        assertRefused(table.rebind(asked, opening), Why.SESSION_IN_USE);
        Binding found = fresh(key("found"), opening);
        await(table.find(key("found")));
        assertRefused(table.rebind(found, opening), Why.SESSION_IN_USE);
        Binding peeked = fresh(key("peeked"), opening);
        if (table.peek(key("peeked")) instanceof Kept) {
            assertRefused(table.rebind(peeked, opening), Why.SESSION_IN_USE);
        }
        Binding used = fresh(key("used"), opening);
        request(used);
        request(used);
        assertRefused(table.rebind(used, opening), Why.SESSION_IN_USE);
        assertRefused(table.rebind(fresh("foreign"), opening()), Why.SESSION_IN_USE);
    }

    @Test
    void leavesASessionWhereItIsWhenThereIsNoRoomElsewhere() {
        ready("a", 1);
        Opening opening = opening();
        Binding binding = fresh(key("x"), opening);
        ready("b", 1);
        fresh("y");
        assertRefused(table.rebind(binding, opening), Why.POOL_FULL);
        assertThat(binding.enter()).isTrue();
    }

    @Test
    void movesForItsOpenerASessionWhoseInstanceWentBeforeItWasUsed() {
        Instance a = ready("a", 1);
        Opening opening = opening();
        Binding binding = fresh(key("x"), opening);
        Instance b = ready("b", 1);
        await(table.report(new Report.Gone(a)));
        Placement moved = await(table.rebind(binding, opening));
        assertThat(moved).isInstanceOf(Fresh.class);
        assertThat(((Fresh) moved).binding().instance()).isEqualTo(b);
    }

    @Test
    void abandonsAnOpeningAsIfItNeverWas() {
        ready("a", 1);
        Opening opening = opening();
        Binding binding = fresh(key("x"), opening);
        await(table.abandon(binding, opening.requestId()));
        await(table.abandon(binding, opening.requestId()));
        assertThat(binding.enter()).isFalse();
        assertFind(key("x"), Why.SESSION_UNKNOWN);
        assertThat(used("a")).isZero();
        assertThat(fresh("x").generation()).isGreaterThan(binding.generation());
    }

    @Test
    void doesNotAbandonASessionThatSomebodyJoined() {
        ready("a", 1);
        Opening opening = opening();
        Binding binding = fresh(key("x"), opening);
        await(table.abandon(binding, opening().requestId()));
        kept(key("x"));
        await(table.abandon(binding, opening.requestId()));
        assertThat(binding.enter()).isTrue();
        assertThat(used("a")).isEqualTo(1);
    }

    @Test
    void remembersWhatWasBeforeAnAbandonedOpening() {
        ready("a", 1);
        await(table.end(key("x"), fresh("x").generation()));
        Opening opening = opening();
        await(table.abandon(fresh(key("x"), opening), opening.requestId()));
        assertFind(key("x"), Why.SESSION_ENDED);
    }

    @Test
    void listsLiveSessionsInOrder() {
        ready("a", 10);
        for (int i = 0; i < 5; i++) {
            fresh("s" + i);
        }
        await(table.end(key("s1"), Long.MAX_VALUE));
        List<Binding> first = await(table.list(POOL, 0, 2));
        assertThat(first).extracting(it -> it.key().id()).containsExactly("s0", "s2");
        await(table.end(key("s0"), Long.MAX_VALUE));
        assertThat(await(table.list(POOL, first.get(1).generation(), 1000)))
                .as("what ended on an earlier page moves nobody")
                .extracting(it -> it.key().id())
                .containsExactly("s3", "s4");
        advance(Duration.ofSeconds(20));
        assertThat(await(table.list(POOL, 0, 10))).isEmpty();
        assertThat(table.list(POOL, 0, 1001).failed()).isTrue();
    }

    @Test
    void tellsHowASessionWasUsed() {
        ready("a", 10);
        Binding binding = fresh("x");
        assertThat(binding.enter()).isTrue();
        advance(Duration.ofSeconds(4));
        assertThat(binding.enter()).isTrue();
        assertThat(binding.usage().age()).isEqualTo(Duration.ofSeconds(4));
        assertThat(binding.usage().idle()).isZero();
        assertThat(binding.usage().underWay()).isEqualTo(2);
        binding.leave();
        binding.leave();
        advance(Duration.ofSeconds(3));
        assertThat(binding.usage().age()).isEqualTo(Duration.ofSeconds(7));
        assertThat(binding.usage().idle()).isEqualTo(Duration.ofSeconds(3));
        assertThat(binding.usage().underWay()).isZero();
        assertThat(binding.usage().left()).isEqualTo(SESSIONS.idleTimeout().minusSeconds(3));
        await(table.end(key("x"), binding.generation()));
        assertThat(binding.usage().left()).isZero();
        assertThat(binding.usage().underWay()).isZero();
    }

    @Test
    void losesTheSessionsOfAnOldIncarnationAtOnce() {
        ready("a", 2);
        fresh("x");
        Instance second = ready(life("a", "2"), 2);
        assertThat(heard.news).containsSubsequence("LOST x", "a GONE", "a READY", "freed");
        assertThat(used("a")).isZero();
        assertThat(fresh("y").instance()).isEqualTo(second);
        assertFind(key("x"), Why.SESSION_LOST);
    }

    @Test
    void opensNoLostSessionAnewForItsOpenerOnceItWasUsedAgain() {
        Instance a = ready("a", 1);
        ready("b", 1);
        Opening opening = opening();
        Binding binding = fresh(key("x"), opening.without("b"));
        table.touch(binding);
        await(table.report(new Report.Gone(a)));
        assertRefused(table.rebind(binding, opening), Why.SESSION_LOST);
        assertRefused(table.open(key("x"), opening), Why.SESSION_LOST);
    }

    @Test
    void opensALostSessionAnewForItsOpenerThoughAnEarlierLifeWasUsed() {
        Instance a = ready("a", 1);
        table.touch(fresh("x"));
        await(table.report(new Report.Gone(a)));
        advance(SESSIONS.rememberEnded());
        Instance b = ready("b", 1);
        Opening opening = opening();
        fresh(key("x"), opening);
        ready("c", 1);
        await(table.report(new Report.Gone(b)));
        assertThat(fresh(key("x"), opening).instance()).isEqualTo(Pools.instance("c"));
    }

    private List<Sighting> search(SessionKey... named) {
        return await(table.search(POOL, Set.of(named)));
    }

    @Test
    void findsALiveSessionByItsIdWhoeversItIs() {
        ready("a", 9);
        fresh(new SessionKey(POOL, Source.HEADER, "x", "ann"), opening());
        fresh(new SessionKey(POOL, Source.HEADER, "x", "bob"), opening());
        fresh(new SessionKey(POOL, Source.QUERY, "x", "bob"), opening());
        fresh(new SessionKey(POOL, Source.HEADER, "xy", "ann"), opening());
        Binding learnt = bound(held(opening()), learned("x", "ann"));
        assertThat(search(key("x"))).hasSize(2).allSatisfy(seen -> assertThat(
                        ((Sighting.Live) seen).binding().instance())
                .isEqualTo(Pools.instance("a")));
        List<String> names = search(key("x"), new SessionKey(POOL, Source.QUERY, "x", "")).stream()
                .map(seen -> ((Sighting.Live) seen).binding().alias())
                .toList();
        assertThat(names).hasSize(3);
        if (!names.contains("")) {
            assertThat(names).doesNotHaveDuplicates();
        }
        assertThat(search(new SessionKey(POOL, Source.HEADER, "x", "bob"))).hasSize(1);
        assertThat(search(new SessionKey(POOL, Source.HEADER, "x", "eve"))).isEmpty();
        assertThat(search(learned("x", ""))).hasSize(1).allSatisfy(seen -> assertThat(
                        ((Sighting.Live) seen).binding().generation())
                .isEqualTo(learnt.generation()));
        assertThat(search(key("y"))).isEmpty();
    }

    @Test
    void tellsWhatBecameOfASessionByItsId() {
        Instance a = ready("a", 9);
        Binding ended = fresh("ended");
        fresh("expired");
        Instance b = ready("b", 9);
        Binding lost = fresh(key("lost"), opening().without("a"));
        assertThat(await(table.end(key("ended"), ended.generation()))).isTrue();
        await(table.report(new Report.Gone(b)));
        assertThat(search(key("ended")))
                .containsExactly(over(key("ended"), ended, Ended.ENDED, Duration.ofSeconds(20)));
        assertThat(search(key("lost"))).containsExactly(over(key("lost"), lost, Ended.LOST, Duration.ofSeconds(20)));
        advance(Duration.ofSeconds(20));
        assertThat(search(key("expired"))).hasSize(1).allSatisfy(seen -> {
            Sighting.Over over = (Sighting.Over) seen;
            assertThat(over.why()).isEqualTo(Ended.EXPIRED);
            assertThat(over.home()).isEqualTo(a);
            assertThat(over.left()).isZero();
            assertThat(over.remembered()).isEqualTo(SESSIONS.rememberEnded());
        });
        fresh("ended");
        assertThat(search(key("ended"))).hasSize(1).allMatch(Sighting.Live.class::isInstance);
        advance(SESSIONS.rememberEnded());
        assertThat(search(key("lost"))).isEmpty();
    }

    private Sighting over(SessionKey key, Binding last, Ended why, Duration left) {
        SessionKey shown = last.alias().isEmpty() ? key : new SessionKey(POOL, key.source(), "#" + last.alias(), "");
        return new Sighting.Over(
                shown, last.alias(), why, last.instance(), last.generation(), left, SESSIONS.rememberEnded());
    }

    @Test
    void lookingForASessionIsNoUseOfIt() {
        ready("a", 9);
        fresh("x");
        advance(Duration.ofSeconds(15));
        assertThat(search(key("x"))).hasSize(1);
        advance(Duration.ofSeconds(5));
        assertFind(key("x"), Why.SESSION_EXPIRED);
    }
}
