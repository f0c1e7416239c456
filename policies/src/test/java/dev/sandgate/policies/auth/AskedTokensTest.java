package dev.sandgate.policies.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.conf.PolicyConfig.Introspection;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Later;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AskedTokensTest {

    private static final String ISSUER = "https://login.test";
    private static final URI URL = URI.create("https://login.test/ask");
    private static final Duration CACHE = Duration.ofSeconds(30);
    private static final PlainSeen VISIT = Front.bearing("opaque-1");

    private Front front;

    @BeforeEach
    void start() {
        front = new Front();
    }

    @AfterEach
    void close() {
        front.close();
    }

    private static Introspection config(Duration cache, String... audiences) {
        return new Introspection(
                ISSUER, URL, "door", "a:b c", List.of(audiences), cache, new Claims("sub", "org", "scope", ""), false);
    }

    private void says(JsonObject answer) {
        front.shelf.put(URL, answer.encode());
    }

    private JsonObject active() {
        return new JsonObject()
                .put("active", true)
                .put("sub", "alice")
                .put("scope", "run read")
                .put("org", "acme");
    }

    private long epoch(int seconds) {
        return front.now().getEpochSecond() + seconds;
    }

    @Test
    void knowsACallerByWhatTheIssuerSays() {
        says(active());
        Policy policy = front.open(config(CACHE));
        Principal alice = front.principal(policy, VISIT);
        assertThat(alice.name()).isEqualTo("introspection:https://login.test|alice");
        assertThat(alice.scopes()).containsExactlyInAnyOrder("run", "read");
        assertThat(alice.tenant()).isEqualTo("acme");
        assertThat(front.shelf.asked().body()).isEqualTo("token=opaque-1");
        String client = "Basic " + Base64.getEncoder().encodeToString("door:a%3Ab+c".getBytes(StandardCharsets.US_ASCII));
        assertThat(front.shelf.asked().authorization()).isEqualTo(client);
        assertThat(front.shelf.asked().toString()).doesNotContain("opaque", "Basic");
    }

    @Test
    void believesAnAnswerForAWhileAndNeverBeyondTheTokensEnd() {
        Policy policy = front.open(config(CACHE));
        says(active().put("exp", epoch(20)));
        front.principal(policy, VISIT);
        front.advance(Duration.ofSeconds(19));
        front.principal(policy, VISIT);
        assertThat(front.shelf.reads()).isEqualTo(1);
        front.advance(Duration.ofSeconds(1));
        assertThat(front.refusal(policy, VISIT).detail()).isEqualTo(Flaw.EXPIRED.detail());
        assertThat(front.shelf.reads()).isEqualTo(2);
        PlainSeen other = Front.bearing("opaque-2");
        says(active());
        front.principal(policy, other);
        front.advance(CACHE.minusNanos(1));
        front.principal(policy, other);
        assertThat(front.shelf.reads()).isEqualTo(3);
        front.advance(Duration.ofNanos(1));
        front.principal(policy, other);
        assertThat(front.shelf.reads()).isEqualTo(4);
    }

    @Test
    void asksSoonerAboutATokenThatWasNotGood() {
        Policy policy = front.open(config(CACHE));
        says(new JsonObject().put("active", false));
        assertThat(front.refusal(policy, VISIT).challenge())
                .hasValueSatisfying(told -> assertThat(told).contains("invalid_token"));
        front.refusal(policy, VISIT);
        assertThat(front.shelf.reads()).isEqualTo(1);
        says(active());
        front.advance(Duration.ofSeconds(5));
        front.principal(policy, VISIT);
    }

    @Test
    void asksEachTimeWhereNothingIsBelieved() {
        says(active());
        Policy policy = front.open(config(Duration.ZERO));
        front.principal(policy, VISIT);
        front.principal(policy, VISIT);
        assertThat(front.shelf.reads()).isEqualTo(2);
    }

    @Test
    void asksOnceForAllWhoComeAtTheSameTime() {
        says(active());
        Policy policy = front.open(config(Duration.ZERO));
        front.shelf.hold();
        Later first = (Later) policy.check(VISIT);
        Later second = (Later) policy.check(Front.bearing("opaque-1"));
        assertThat(front.shelf.reads()).isEqualTo(1);
        front.shelf.release();
        assertThat(first.verdict().result()).isEqualTo(second.verdict().result());
    }

    @Test
    void refusesWhoComesWhileTooManyAreAskedAbout() {
        says(active());
        Policy policy = front.open(config(CACHE));
        front.shelf.hold();
        List<Verdict> waiting = new ArrayList<>();
        for (int token = 0; token < AskedTokens.MOST_UNDER_WAY; token++) {
            waiting.add(policy.check(Front.bearing("t" + token)));
        }
        assertThat(waiting).allMatch(Later.class::isInstance);
        assertThat(((Refuse) policy.check(VISIT)).why()).isEqualTo(Why.POLICY_UNAVAILABLE);
        assertThat(policy.check(Front.bearing("t1"))).isInstanceOf(Later.class);
        front.shelf.release();
        front.principal(policy, VISIT);
    }

    @Test
    void letsNobodyInWhileTheIssuerIsAway() {
        Policy policy = front.open(config(CACHE));
        assertThat(front.refusal(policy, VISIT).why()).isEqualTo(Why.POLICY_UNAVAILABLE);
        for (String unfit : List.of("", "[]", "{}", "{\"active\":\"true\"}", "{\"active\":true,\"active\":true}")) {
            front.shelf.put(URL, unfit);
            assertThat(front.refusal(policy, VISIT).why()).as(unfit).isEqualTo(Why.POLICY_UNAVAILABLE);
        }
        assertThat(front.warnings()).singleElement().asString().contains("login.test cannot be asked");
        says(active());
        front.principal(policy, VISIT);
    }

    @Test
    void takesNoTokenThatIsForOthersOrByOthersOrForAnotherTime() {
        Policy policy = front.open(config(Duration.ZERO, "tools", "agents"));
        says(active().put("aud", List.of("x", "agents")).put("iss", ISSUER).put("nbf", epoch(30)));
        front.principal(policy, VISIT);
        assertFlaw(policy, active(), Flaw.AUDIENCE);
        assertFlaw(policy, active().put("aud", "x"), Flaw.AUDIENCE);
        JsonObject ours = active().put("aud", "tools");
        assertFlaw(policy, ours.copy().put("iss", "https://other.test"), Flaw.ISSUER);
        assertFlaw(policy, ours.copy().put("nbf", epoch(31)), Flaw.EARLY);
        assertFlaw(policy, ours.copy().put("exp", epoch(0)), Flaw.EXPIRED);
        assertFlaw(policy, ours.copy().put("exp", "soon"), Flaw.MALFORMED);
        assertFlaw(policy, ours.copy().put("sub", " "), Flaw.MALFORMED);
        assertFlaw(policy, ours.copy().put("scope", 1), Flaw.MALFORMED);
    }

    private void assertFlaw(Policy policy, JsonObject said, Flaw flaw) {
        says(said);
        assertThat(front.refusal(policy, VISIT).detail()).as(said.encode()).isEqualTo(flaw.detail());
    }

    @Test
    void asksAboutNothingThatIsNoToken() {
        Policy policy = front.open(config(CACHE));
        for (String field : List.of("Bearer", "Bearer a b", "Bearer " + "a".repeat(9000), "Bearer a&b=c")) {
            assertThat(front.refusal(policy, Front.authorized(field)).why()).isEqualTo(Why.UNAUTHENTICATED);
        }
        assertThat(front.refusal(policy, Front.authorized("Basic YTpi")).detail())
                .isEqualTo(Flaw.MISSING.detail());
        assertThat(front.shelf.reads()).isZero();
    }

    @Test
    void leavesSignedTokensOfAKnownIssuerToItsKeysWhateverTheOrder() {
        says(active());
        Signer signer = Signer.of("ES256");
        front.shelf.put(Front.KEYS, Signer.set(signer.jwk()));
        Policy policy = front.open(config(CACHE), Front.jwt());
        assertThat(front.principal(policy, Front.bearing(front.good(signer))).name())
                .startsWith("jwt:");
        assertThat(front.principal(policy, VISIT).name()).startsWith("introspection:");
        ((Authentication) policy).close();
        Policy turned = front.open(Front.jwt(), config(CACHE));
        assertThat(front.principal(turned, Front.bearing(front.good(signer))).name())
                .startsWith("jwt:");
        assertThat(front.principal(turned, VISIT).name()).startsWith("introspection:");
        String others =
                signer.token(front.claims().put("iss", "https://third.test").encode());
        assertThat(front.principal(turned, Front.bearing(others)).name()).startsWith("introspection:");
    }

    @Test
    void leavesKnownApiKeysBehindBearerToTheirOwners() {
        says(active());
        Policy policy = front.open(
                Front.keys("Authorization", Front.key("sesame", new Caller("bob", "", Set.of(), ""))), config(CACHE));
        assertThat(front.principal(policy, Front.bearing("sesame")).name()).startsWith("apiKey:");
        assertThat(front.principal(policy, VISIT).name()).startsWith("introspection:");
        assertThat(front.refusal(policy, Front.authorized("ApiKey other")).detail())
                .isEqualTo(Flaw.API_KEY.detail());
    }
}
