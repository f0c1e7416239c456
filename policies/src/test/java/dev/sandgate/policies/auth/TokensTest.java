package dev.sandgate.policies.auth;

import static dev.sandgate.policies.auth.Front.bearing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Verdict.Change;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What good tokens come to, and how long they are good. */
class TokensTest {

    private static final Signer RS = Signer.of("RS256");
    private static final Signer ES = Signer.of("ES256");

    private final Front front = new Front();

    @AfterEach
    void close() {
        front.close();
    }

    private Policy open() {
        front.shelf.put(Front.KEYS, Signer.set(RS.jwk(), ES.jwk()));
        return front.open(Front.jwt());
    }

    private String detail(Policy policy, String token) {
        return front.refusal(policy, bearing(token)).detail();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
    void takesEachAlgorithm(String algorithm) {
        Signer signer = Signer.of(algorithm);
        front.shelf.put(Front.KEYS, Signer.set(signer.jwk(",\"use\":\"sig\",\"alg\":\"" + algorithm + "\"")));
        Policy policy = front.open(Front.jwt());

        assertThat(front.principal(policy, bearing(front.good(signer))).name())
                .isEqualTo("jwt:" + Front.ISSUER + "|alice");
    }

    @Test
    void tellsTheCallerByTheClaimsThatTheConfigNames() {
        front.shelf.put(Front.KEYS, Signer.set(RS.jwk()));
        Policy policy = front.open(Front.jwt(new Claims("email", "org", "scp", "plan")));
        JsonObject claims = front.claims()
                .put("email", "alice@example.com")
                .put("org", "acme")
                .put("scp", List.of("read", "write"))
                .put("plan", "gold");

        Principal principal = front.principal(policy, bearing(RS.token(claims.encode())));

        assertThat(principal)
                .isEqualTo(new Principal(
                        "jwt:" + Front.ISSUER + "|alice@example.com",
                        "alice@example.com",
                        "acme",
                        Set.of("read", "write"),
                        "gold"));
    }

    @Test
    void readsScopesFromATextWithBlanks() {
        Policy policy = open();

        String token = RS.token(front.claims().put("scope", "read  write").encode());

        assertThat(front.principal(policy, bearing(token)).scopes()).containsExactlyInAnyOrder("read", "write");
    }

    @Test
    void aRefreshedTokenIsTheSamePrincipal() {
        Policy policy = open();
        Principal first = front.principal(policy, bearing(front.good(RS)));
        front.advance(Duration.ofMinutes(50));

        assertThat(front.principal(policy, bearing(front.good(ES)))).isEqualTo(first);
    }

    @Test
    void takesWhatManyIssuersWrite() {
        Policy policy = open();
        String several = front.claims().put("aud", List.of("other", "tools")).encode();
        String fraction = front.claims()
                .put("exp", front.now().getEpochSecond() + 10.5)
                .put("nbf", 0)
                .encode();
        String kid = ",\"kid\":\"" + RS.kid() + "\"}";

        for (String token : List.of(
                RS.token(several),
                RS.token(fraction),
                RS.token("{\"alg\":\"RS256\",\"typ\":\"at+jwt\"" + kid, several),
                RS.token("{\"alg\":\"RS256\",\"typ\":\"application/AT+JWT\"" + kid, several),
                RS.token("{\"alg\":\"RS256\",\"x5t\":\"dGh1bWI\"" + kid, several),
                RS.token("{\"alg\":\"RS256\"}", several))) {
            assertThat(front.principal(policy, bearing(token)).subject()).isEqualTo("alice");
        }
    }

    @Test
    void theSchemeIsReadInAnyCaseAndOthersAreNone() {
        Policy policy = open();
        String token = front.good(RS);

        assertThat(front.principal(policy, PlainSeen.get("/").with("Authorization", "bEARER   " + token)))
                .extracting(Principal::subject)
                .isEqualTo("alice");
        for (String other : List.of("Basic YTpi", "Bearer" + token, token, "")) {
            assertThat(front.refusal(policy, PlainSeen.get("/").with("Authorization", other))
                            .challenge())
                    .as(other)
                    .hasValue("Bearer");
        }
    }

    @Test
    void saysWhatABearerCanMend() {
        Policy policy = open();
        long now = front.now().getEpochSecond();

        assertThat(detail(policy, RS.token(front.claims().put("exp", now - 60).encode())))
                .isEqualTo("The token has expired");
        assertThat(detail(policy, RS.token(front.claims().put("nbf", now + 60).encode())))
                .isEqualTo("The token is not yet valid");
        assertThat(detail(
                        policy,
                        RS.token(
                                front.claims().put("iss", "https://other.test/").encode())))
                .isEqualTo("The token is not from an issuer that is trusted here");
        assertThat(detail(policy, RS.token(front.claims().put("aud", "other").encode())))
                .isEqualTo("The token is not for this audience");
        assertThat(detail(
                        policy,
                        new Signer(RS.kid(), "RS256", Signer.OTHER_RSA)
                                .token(front.claims().encode())))
                .isEqualTo("The token's signature is not by a key that is trusted here");
    }

    @Test
    void clocksMayDifferByTheSkewAndNoMore() {
        Policy policy = open();
        long now = front.now().getEpochSecond();
        long skew = Front.SKEW.toSeconds();
        JsonObject early = front.claims().put("iat", now + skew).put("nbf", now + skew);
        String late = RS.token(front.claims().put("exp", now - skew + 1).encode());

        assertThat(policy.check(bearing(RS.token(early.encode())))).isInstanceOf(Change.class);
        assertThat(policy.check(bearing(late))).isInstanceOf(Change.class);
        front.advance(Duration.ofSeconds(1));
        assertThat(detail(policy, late)).isEqualTo("The token has expired");
    }

    @Test
    void aRememberedTokenIsOverWhenItExpires() {
        Policy policy = open();
        String token = RS.token(
                front.claims().put("exp", front.now().getEpochSecond() + 60).encode());
        assertThat(policy.check(bearing(token))).isSameAs(policy.check(bearing(token)));

        front.advance(Duration.ofSeconds(89));
        assertThat(policy.check(bearing(token))).isInstanceOf(Change.class);
        front.advance(Duration.ofSeconds(1));
        assertThat(detail(policy, token)).isEqualTo("The token has expired");
    }

    @Test
    void theFieldTwiceIsRefused() {
        Policy policy = open();
        String token = front.good(RS);

        Refuse refusal = front.refusal(policy, bearing(token).with("authorization", "Bearer " + token));

        assertThat(refusal.why()).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(refusal.challenge()).hasValue("Bearer");
    }

    @Test
    void withOneCharacterChangedNoTokenIsTaken() {
        Policy policy = open();
        AtomicInteger tried = new AtomicInteger();

        Seeds.each(2, random -> {
            String token = front.good(random.nextBoolean() ? RS : ES);
            for (int round = 0; round < 400; round++) {
                int at = random.nextInt(token.length());
                char other = (char) (' ' + random.nextInt(95));
                String changed = token.substring(0, at) + other + token.substring(at + 1);
                if (!changed.equals(token)) {
                    tried.incrementAndGet();
                    assertThat(front.settled(policy, bearing(changed)))
                            .as("character %d made %s", at, other)
                            .isInstanceOf(Refuse.class);
                }
            }
        });

        assertThat(tried).hasValueGreaterThan(300);
    }
}
