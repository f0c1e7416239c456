package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.aftermath;
import static dev.sandgate.policies.limit.Limits.by;
import static dev.sandgate.policies.limit.Limits.ended;
import static dev.sandgate.policies.limit.Limits.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Outcome;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many bytes a session may move. */
final class ByteBudgetTest {

    private static final SessionKey ALICE = new SessionKey("p", Source.HEADER, "alice", "");
    private static final SessionKey BOB = new SessionKey("p", Source.MCP, "bob", "");

    private final ByteBudget budget = of(by(Part.SESSION));

    private static ByteBudget of(PolicyConfig.Key key) {
        return ByteBudget.of(new PolicyConfig.ByteBudget("bytes", key, OptionalLong.of(100), OptionalLong.of(1000)));
    }

    private static PlainSeen seen(SessionKey key) {
        return PlainSeen.get("/").in(key);
    }

    private Aftermath pass(SessionKey key) {
        return aftermath(budget.check(seen(key)));
    }

    @Test
    void requestsAtTheSameTimeSpendItTogether() {
        Aftermath one = pass(ALICE);
        Aftermath two = pass(ALICE);

        assertThat(one.moved(60, 0)).isTrue();
        assertThat(two.moved(40, 1000)).isTrue();
        assertThat(one.moved(1, 0)).isFalse();

        assertThat(refused(budget.check(seen(ALICE))).why()).isEqualTo(Why.BUDGET_SPENT);
        assertThat(refused(budget.check(seen(ALICE))).retryAfter()).isEqualTo(Duration.ZERO);
        assertThat(pass(BOB).moved(100, 1000)).isTrue();
    }

    @Test
    void whatIsUsedUpToTheLastByteLetsNothingMoreBegin() {
        assertThat(pass(ALICE).moved(0, 1000)).isTrue();
        refused(budget.check(seen(ALICE)));
    }

    @Test
    void aSessionThatIsOverIsForgottenAlsoByWhatIsStillUnderWay() {
        Aftermath last = pass(ALICE);
        last.moved(100, 0);
        refused(budget.check(seen(ALICE)));

        budget.over(ALICE);
        last.moved(5, 0);
        last.done(ended(null));

        assertThat(budget.remembered()).isZero();
        assertThat(pass(ALICE).moved(100, 0)).isTrue();
    }

    @Test
    void aSessionThatEndsInAnotherPoolThanItWasLookedForInIsForgottenToo() {
        pass(ALICE).moved(100, 0);
        refused(budget.check(seen(ALICE)));

        budget.over(new SessionKey("canary", Source.HEADER, "alice", ""));

        assertThat(budget.remembered()).isZero();
    }

    @Test
    void whoMovesNothingIsNotRemembered() {
        for (int id = 0; id < 100; id++) {
            pass(new SessionKey("p", Source.HEADER, "guess" + id, "")).done(ended(null));
        }
        assertThat(budget.remembered()).isZero();
    }

    @Test
    void theRequestThatOpensASessionHasItsBudgetAndTheSessionWhatItLeft() {
        Aftermath first = aftermath(budget.check(PlainSeen.get("/")));
        assertThat(first.moved(50, 0)).isTrue();
        first.done(ended(BOB));

        assertThat(pass(BOB).moved(50, 0)).isTrue();
        refused(budget.check(seen(BOB)));

        Aftermath large = aftermath(budget.check(PlainSeen.get("/")));
        assertThat(large.moved(101, 0)).isFalse();
        large.done(new Outcome(Outcome.End.REFUSED, 101, 0, ALICE));
        assertThat(budget.remembered()).isEqualTo(1);
    }

    @Test
    void anEndOfAnMcpSessionIsNeverRefused() {
        pass(BOB).moved(100, 0);
        PlainSeen end = PlainSeen.of("DELETE", "/mcp")
                .onMcp()
                .with("mcp-session-id", "bob")
                .in(BOB);
        assertThat(budget.check(end)).isEqualTo(Verdict.PASS);
    }

    @Test
    void furtherWordsOfTheKeyHaveBudgetsOfTheirOwnInTheSessionUpToSome() {
        ByteBudget perAddress = of(by(Part.SESSION, Part.IP));
        for (int host = 1; host <= 102; host++) {
            Aftermath each = aftermath(perAddress.check(seen(ALICE).from("192.0.2." + host)));
            // the last two are too many, and share one
            assertThat(each.moved(60, 0)).isEqualTo(host < 102);
        }
        refused(perAddress.check(seen(ALICE).from("192.0.2.103")));
        aftermath(perAddress.check(seen(ALICE).from("192.0.2.100")));
        assertThat(perAddress.remembered()).isEqualTo(1);
        perAddress.over(ALICE);
        assertThat(perAddress.remembered()).isZero();
    }

    @Test
    void noByteIsLostWhereManyThreadsCount() throws Exception {
        ByteBudget large = ByteBudget.of(
                new PolicyConfig.ByteBudget("bytes", by(Part.SESSION), OptionalLong.of(40_000), OptionalLong.empty()));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int thread = 0; thread < 4; thread++) {
            threads.execute(() -> {
                Aftermath mine = aftermath(large.check(seen(ALICE)));
                for (int at = 0; at < 10_000; at++) {
                    mine.moved(1, 0);
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        refused(large.check(seen(ALICE)));
        assertThat(aftermath(large.check(seen(BOB))).moved(40_000, 0)).isTrue();
    }
}
