package dev.sandgate.policies.auth;

import static dev.sandgate.policies.auth.Front.bearing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Change;
import dev.sandgate.policies.Verdict.Later;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An issuer's keys change, or cannot be read. */
class KeyRotationTest {

    private static final Signer OLD = new Signer("2026-10", "RS256", Signer.RSA);
    private static final Signer NEW = new Signer("2026-11", "RS256", Signer.OTHER_RSA);
    private static final Signer STRANGER = new Signer("nobody's", "ES256", Signer.P256);

    private final Front front = new Front();

    @AfterEach
    void close() {
        front.close();
    }

    private void publish(Signer... keys) {
        String[] jwks = new String[keys.length];
        for (int at = 0; at < keys.length; at++) {
            jwks[at] = keys[at].jwk();
        }
        front.shelf.put(Front.KEYS, Signer.set(jwks));
    }

    private Policy open(Signer... keys) {
        publish(keys);
        return front.open(Front.jwt());
    }

    private static Verdict result(Verdict verdict) {
        Later later = (Later) verdict;
        assertThat(later.verdict().isComplete()).isTrue();
        return later.verdict().result();
    }

    private static Why why(Verdict verdict) {
        return ((Refuse) verdict).why();
    }

    private static boolean waits(Verdict verdict) {
        return verdict instanceof Later later && !later.verdict().isComplete();
    }

    @Test
    void tokensOfANewKeyWaitWhileThoseOfTheOldPass() {
        Policy policy = open(OLD);
        front.advance(Duration.ofSeconds(10));
        String old = front.good(OLD);
        String fresh = front.good(NEW);
        publish(OLD, NEW);
        front.shelf.hold();
        List<Verdict> waiting = new ArrayList<>();
        for (int each = 0; each < 200; each++) {
            assertThat(policy.check(bearing(old))).isInstanceOf(Change.class);
            waiting.add(policy.check(bearing(fresh)));
        }

        front.shelf.release();

        assertThat(waiting).allSatisfy(each -> assertThat(result(each)).isInstanceOf(Change.class));
        assertThat(policy.check(bearing(fresh))).isInstanceOf(Change.class);
        assertThat(front.shelf.reads()).isEqualTo(2);
    }

    @Test
    void aKeyThatIsPublishedWhileARivalsReadIsUnderWayIsFoundByTheNext() {
        Policy policy = open(OLD);
        front.advance(Duration.ofSeconds(10));
        front.shelf.hold();
        Verdict junk = policy.check(bearing(front.good(STRANGER)));
        Verdict good = policy.check(bearing(front.good(NEW)));

        // the answer under way was written before the new key was there
        front.shelf.release();
        publish(OLD, NEW);
        assertThat(why(result(junk))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(waits(good)).isTrue();
        front.advance(Duration.ofSeconds(1));

        assertThat(result(good)).isInstanceOf(Change.class);
    }

    @Test
    void aFloodOfUnknownKeysReadsOnceASecondAndRefusesNoGoodToken() {
        Policy policy = open(OLD);
        front.advance(Duration.ofSeconds(10));
        int before = front.shelf.reads();
        List<Verdict> good = new ArrayList<>();
        for (int tenth = 0; tenth < 100; tenth++) {
            for (int each = 0; each < 20; each++) {
                String junk = Signer.junk(
                        "unknown-" + tenth + "-" + each, front.claims().encode());
                assertThat(policy.check(bearing(junk))).isNotInstanceOf(Change.class);
            }
            if (tenth == 33) {
                publish(NEW, OLD);
            }
            if (tenth > 33) {
                good.add(policy.check(bearing(front.good(NEW))));
            }
            assertThat(policy.check(bearing(front.good(OLD)))).isInstanceOf(Change.class);
            front.advance(Duration.ofMillis(100));
        }
        front.advance(Duration.ofSeconds(2));

        assertThat(front.shelf.reads() - before).isBetween(10, 11);
        assertThat(good).allSatisfy(each -> assertThat(each instanceof Later ? result(each) : each)
                .isInstanceOf(Change.class));
    }

    @Test
    void noMoreThanAThousandWait() {
        Policy policy = open(OLD);
        front.shelf.hold();
        String fresh = front.good(NEW);
        for (int each = 0; each < 1000; each++) {
            assertThat(waits(policy.check(bearing(fresh)))).isTrue();
        }

        Refuse refusal = (Refuse) policy.check(bearing(fresh));

        assertThat(refusal.why()).isEqualTo(Why.POLICY_UNAVAILABLE);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.check(bearing(front.good(OLD)))).isInstanceOf(Change.class);
        front.advance(Duration.ofSeconds(1));
        front.shelf.release();
    }

    @Test
    void aTokenThatNoKeyWouldMakeGoodCausesNoRead() {
        Policy policy = open(OLD);
        front.advance(Duration.ofSeconds(10));

        String stale = STRANGER.token(
                front.claims().put("exp", front.now().getEpochSecond() - 60).encode());

        assertThat(why(policy.check(bearing(stale)))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(front.shelf.reads()).isEqualTo(1);
    }

    @Test
    void untilTheyWereReadEachTokenWaits() {
        publish(OLD);
        front.shelf.hold();
        Policy policy = front.open(Front.jwt());

        Verdict good = policy.check(bearing(front.good(OLD)));
        Verdict forged = policy.check(bearing(new Signer(OLD.kid(), "RS256", Signer.OTHER_RSA)
                .token(front.claims().encode())));
        assertThat(waits(good)).isTrue();
        assertThat(waits(forged)).isTrue();
        front.shelf.release();

        assertThat(result(good)).isInstanceOf(Change.class);
        assertThat(why(result(forged))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(front.shelf.reads()).isEqualTo(1);
    }

    @Test
    void whileTheyWereNeverReadNobodyIsToldThatATokenIsBad() {
        Policy policy = front.open(Front.jwt());
        Verdict first = policy.check(bearing(front.good(OLD)));
        assertThat(waits(first)).isTrue();
        front.advance(Duration.ofSeconds(1));

        assertThat(why(result(first))).isEqualTo(Why.POLICY_UNAVAILABLE);
        assertThat(((Refuse) result(first)).challenge()).isEmpty();
        publish(OLD);
        assertThat(front.principal(policy, bearing(front.good(OLD))).subject()).isEqualTo("alice");
        assertThat(front.warnings()).hasSize(1).allMatch(line -> line.contains("https://id.test/jwks.json"));
    }

    @Test
    void aRefreshThatFailsKeepsTheKeysAndWarnsOnceAMinute() {
        Policy policy = open(OLD);
        front.shelf.remove(Front.KEYS);
        for (int minute = 0; minute < 11; minute++) {
            front.settled(policy, bearing(front.good(STRANGER)));
            front.settled(policy, bearing(front.good(STRANGER)));
            assertThat(policy.check(bearing(front.good(OLD)))).isInstanceOf(Change.class);
            front.advance(Duration.ofSeconds(59));
        }

        assertThat(front.warnings()).hasSize(11);
        assertThat(why(front.settled(policy, bearing(front.good(NEW))))).isEqualTo(Why.POLICY_UNAVAILABLE);
    }

    @Test
    void aDocumentThatIsNoSetOfKeysLeavesTheOldOnes() {
        Policy policy = open(OLD);
        String crowded = "{\"keys\":[" + "{},".repeat(256) + OLD.jwk() + "]}";
        for (String broken : List.of("", "[]", "{\"keys\":{}}", "<html>", "{\"keys\":[],\"keys\":[]}", crowded)) {
            front.shelf.put(Front.KEYS, broken);
            front.advance(Front.REFRESH);

            assertThat(policy.check(bearing(front.good(OLD)))).as(broken).isInstanceOf(Change.class);
        }
        assertThat(front.warnings()).hasSize(6);
    }

    @Test
    void aKeyThatIsGoneSignsNothingAnyMore() {
        Policy policy = open(OLD, NEW);
        publish(NEW);
        front.advance(Front.REFRESH.minusSeconds(1));
        String old = front.good(OLD);
        String kept = front.good(NEW);
        assertThat(policy.check(bearing(old))).isSameAs(policy.check(bearing(old)));
        Verdict remembered = policy.check(bearing(kept));

        front.advance(Duration.ofSeconds(1));

        assertThat(why(front.settled(policy, bearing(old)))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(policy.check(bearing(kept))).isSameAs(remembered);
    }

    @Test
    void aKeyThatChangedUnderItsIdSignsNothingAnyMore() {
        Policy policy = open(OLD);
        Signer changed = new Signer(OLD.kid(), "RS256", Signer.OTHER_RSA);
        publish(changed);
        front.advance(Front.REFRESH.minusSeconds(1));
        String old = front.good(OLD);
        assertThat(policy.check(bearing(old))).isInstanceOf(Change.class);

        front.advance(Duration.ofSeconds(1));

        assertThat(front.refusal(policy, bearing(old)).detail()).contains("signature");
        assertThat(policy.check(bearing(front.good(changed)))).isInstanceOf(Change.class);
    }

    @Test
    void aTokenIsRememberedForFiveMinutesAtMost() {
        Policy policy = open(OLD);
        String token = front.good(OLD);
        Verdict remembered = policy.check(bearing(token));
        front.advance(Duration.ofSeconds(299));
        assertThat(policy.check(bearing(token))).isSameAs(remembered);

        front.advance(Duration.ofSeconds(1));

        assertThat(policy.check(bearing(token))).isNotSameAs(remembered).isEqualTo(remembered);
    }

    @Test
    void aKeyThatIsThereStillKeepsItsTokensRemembered() {
        Policy policy = open(OLD);
        front.advance(Front.REFRESH.minusSeconds(1));
        String token = front.good(OLD);
        Verdict remembered = policy.check(bearing(token));
        publish(NEW, OLD);

        front.advance(Duration.ofSeconds(1));

        assertThat(policy.check(bearing(token))).isSameAs(remembered);
    }

    @Test
    void keysThatAreWeakOrOddAreLeftOutAndTold() {
        Signer weak = new Signer("weak", "RS256", Signer.SHORT_RSA);
        front.shelf.put(
                Front.KEYS,
                Signer.set(
                        weak.jwk(),
                        "{\"kty\":\"new\",\"kid\":\"odd\"}",
                        "1",
                        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"off\",\"x\":\"AA\",\"y\":\"AA\"}",
                        OLD.jwk()));
        Policy policy = front.open(Front.jwt());

        assertThat(policy.check(bearing(front.good(OLD)))).isInstanceOf(Change.class);
        assertThat(why(policy.check(bearing(front.good(weak))))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(front.warnings())
                .hasSize(3)
                .anyMatch(line -> line.contains("fewer than 2,048 bits"))
                .allMatch(line -> line.contains("https://id.test/jwks.json"));
    }

    @Test
    void keysThatTheLibraryTripsOverAreNoReasonToDoWithoutTheOthers() {
        List<String> odd = List.of(
                "null",
                "[]",
                "{}",
                "{\"kty\":null}",
                "{\"kty\":\"RSA\"}",
                "{\"kty\":\"RSA\",\"n\":5,\"e\":\"AQAB\"}",
                "{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}",
                "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AA\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":null,\"y\":\"AA\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-999\",\"x\":\"AA\",\"y\":\"AA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
                "{\"kty\":\"oct\",\"k\":\"AA\"}",
                OLD.jwk(",\"x5c\":[1]"),
                OLD.jwk(",\"key_ops\":\"verify\""),
                OLD.jwk(",\"use\":7"));
        for (String each : odd) {
            front.shelf.put(Front.KEYS, Signer.set(each, NEW.jwk()));
            Policy policy = front.open(Front.jwt());

            assertThat(policy.check(bearing(front.good(NEW)))).as(each).isInstanceOf(Change.class);
            publish(OLD);
            front.advance(Front.REFRESH);
            assertThat(policy.check(bearing(front.good(OLD)))).as(each).isInstanceOf(Change.class);
            ((Authentication) policy).close();
        }
    }

    @Test
    void whoWaitsWhenItIsClosedIsTold() {
        Policy policy = open(OLD);
        front.shelf.hold();
        Verdict waiting = policy.check(bearing(front.good(NEW)));

        ((Authentication) policy).close();

        assertThat(why(result(waiting))).isEqualTo(Why.POLICY_UNAVAILABLE);
        assertThat(why(policy.check(bearing(front.good(NEW))))).isEqualTo(Why.POLICY_UNAVAILABLE);
        assertThat(policy.check(bearing(front.good(OLD)))).isInstanceOf(Change.class);
        front.shelf.release();
    }
}
