package dev.sandgate.policies.auth;

import static dev.sandgate.policies.auth.Front.bearing;
import static dev.sandgate.policies.auth.Front.caller;
import static dev.sandgate.policies.auth.Front.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.conf.PolicyConfig.Resource;
import dev.sandgate.conf.PolicyConfig.TrustedHeader;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Verdict.Change;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What authenticators come to together: order, what is withheld, and what a client is told. */
class AuthenticationTest {

    private static final Signer RS = Signer.of("RS256");
    private static final ApiKeys KEYS = Front.keys("X-API-Key", key("a-key", caller("bob")));
    private static final TrustedHeader USER =
            new TrustedHeader("X-Forwarded-User", "X-Forwarded-Tenant", "X-Forwarded-Scopes", "X-Forwarded-Class");
    private static final Resource RESOURCE = new Resource(
            URI.create("https://mcp.example.com/mcp"),
            List.of(URI.create("https://id.test")),
            List.of("read", "write"));

    private final Front front = new Front();

    @AfterEach
    void close() {
        front.close();
    }

    private Policy open(PolicyConfig.Authenticator... by) {
        front.shelf.put(Front.KEYS, Signer.set(RS.jwk()));
        return front.open(by);
    }

    private Policy openToAll(PolicyConfig.Authenticator... by) {
        front.shelf.put(Front.KEYS, Signer.set(RS.jwk()));
        return front.open(new Authenticate("who", List.of(by), true, Optional.empty()));
    }

    private Policy openResource() {
        front.shelf.put(Front.KEYS, Signer.set(RS.jwk()));
        return front.open(new Authenticate("who", List.of(KEYS, Front.jwt()), false, Optional.of(RESOURCE)));
    }

    private static Jwt forwarding(Jwt jwt) {
        return new Jwt(
                jwt.issuer(),
                jwt.audiences(),
                jwt.keys(),
                jwt.algorithms(),
                jwt.skew(),
                jwt.refresh(),
                Claims.DEFAULT,
                true);
    }

    private List<String> removed(Policy policy, PlainSeen seen) {
        return ((Change) front.settled(policy, seen)).remove();
    }

    private String challenge(Policy policy, PlainSeen seen) {
        assertThat(front.refusal(policy, seen).why()).isEqualTo(Why.UNAUTHENTICATED);
        return front.refusal(policy, seen).challenge().orElseThrow();
    }

    @Test
    void theFirstWhoseCredentialIsThereDecides() {
        Policy policy = open(KEYS, Front.jwt());
        String token = front.good(RS);

        assertThat(front.principal(policy, bearing(token).with("X-API-Key", "a-key"))
                        .subject())
                .isEqualTo("bob");
        assertThat(front.principal(policy, bearing(token)).subject()).isEqualTo("alice");
        assertThat(front.refusal(policy, bearing(token).with("X-API-Key", "wrong"))
                        .detail())
                .isEqualTo("The API key is not known");
    }

    private static final String OTHER_ISSUER = "https://other.test/";
    private static final URI OTHER_KEYS = URI.create("https://other.test/jwks.json");
    private static final Signer OTHER = new Signer(RS.kid(), "RS256", Signer.OTHER_RSA);

    private String of(String issuer, Signer signer) {
        return signer.token(front.claims().put("iss", issuer).encode());
    }

    @Test
    void eachIssuersTokensAreCheckedWithItsOwnKeys() {
        front.shelf.put(OTHER_KEYS, Signer.set(OTHER.jwk()));
        Policy policy = open(Front.jwt(), Front.jwt(OTHER_ISSUER, OTHER_KEYS));

        for (int time = 0; time < 2; time++) {
            assertThat(front.principal(policy, bearing(of(Front.ISSUER, RS))).name())
                    .isEqualTo("jwt:" + Front.ISSUER + "|alice");
            assertThat(front.principal(policy, bearing(of(OTHER_ISSUER, OTHER))).name())
                    .isEqualTo("jwt:" + OTHER_ISSUER + "|alice");
        }
        assertThat(front.refusal(policy, bearing(of(Front.ISSUER, OTHER))).detail())
                .contains("signature");
        assertThat(front.refusal(policy, bearing(of(OTHER_ISSUER, RS))).detail())
                .contains("signature");
        assertThat(front.refusal(policy, bearing(of("https://third.test/", RS))).detail())
                .contains("issuer");
    }

    @Test
    void aTokenThatIsRememberedDoesNotJumpTheOrder() {
        front.shelf.put(OTHER_KEYS, Signer.set(OTHER.jwk()));
        Policy policy = open(Front.jwt(), KEYS, Front.jwt(OTHER_ISSUER, OTHER_KEYS));
        String token = of(OTHER_ISSUER, OTHER);
        assertThat(front.principal(policy, bearing(token)).subject()).isEqualTo("alice");

        assertThat(front.principal(policy, bearing(token).with("X-API-Key", "a-key"))
                        .subject())
                .isEqualTo("bob");
    }

    @Test
    void noCredentialReachesTheInstanceWhicheverWasTaken() {
        Policy policy = open(KEYS, Front.jwt());

        assertThat(removed(policy, bearing(front.good(RS)))).containsExactlyInAnyOrder("x-api-key", "authorization");
        assertThat(removed(policy, PlainSeen.get("/").with("X-API-Key", "a-key")))
                .containsExactlyInAnyOrder("x-api-key", "authorization");
    }

    @Test
    void aCredentialThatIsForwardedStays() {
        ApiKeys keys = new ApiKeys("X-API-Key", KEYS.keys(), Optional.empty(), false);
        Policy policy = open(forwarding(Front.jwt()), keys);

        assertThat(removed(policy, bearing(front.good(RS)))).containsExactly("x-api-key");
    }

    @Test
    void inAFieldOfTwoWhatWasTakenDecidesWhetherItStays() {
        ApiKeys keys = Front.keys("Authorization", key("a-key", caller("bob")));
        Policy policy = open(forwarding(Front.jwt()), keys);

        assertThat(removed(policy, bearing(front.good(RS)))).isEmpty();
        assertThat(removed(policy, bearing("a-key"))).containsExactly("authorization");
    }

    @Test
    void aTrustedProxyIsBelieved() {
        Policy policy = open(USER);
        PlainSeen seen = PlainSeen.get("/")
                .trusting()
                .with("X-Forwarded-User", "alice")
                .with("X-Forwarded-Tenant", "acme")
                .with("X-Forwarded-Scopes", "read write")
                .with("X-Forwarded-Class", "gold");

        assertThat(front.principal(policy, seen))
                .isEqualTo(new Principal("header:|alice", "alice", "acme", Set.of("read", "write"), "gold"));
        assertThat(removed(policy, seen)).isEmpty();
    }

    @Test
    void nobodyElseIsAndWhatTheySayIsTakenOut() {
        Policy policy = openToAll(USER);
        PlainSeen seen = PlainSeen.get("/").with("X-Forwarded-User", "alice").with("X-Forwarded-Scopes", "admin");

        assertThat(front.principal(policy, seen)).isEqualTo(Principal.NOBODY);
        assertThat(removed(policy, seen))
                .containsExactly("x-forwarded-user", "x-forwarded-tenant", "x-forwarded-scopes", "x-forwarded-class");
    }

    @Test
    void whatOthersSayIsTakenOutAlsoBesideAGoodToken() {
        Policy policy = open(USER, Front.jwt());
        PlainSeen seen = bearing(front.good(RS)).with("X-Forwarded-User", "root");

        assertThat(front.principal(policy, seen).name()).isEqualTo("jwt:" + Front.ISSUER + "|alice");
        assertThat(removed(policy, seen)).contains("x-forwarded-user", "x-forwarded-scopes", "authorization");
    }

    @Test
    void aTrustedProxyThatSaysNothingOrTooMuchIsNotBelieved() {
        Policy policy = open(USER);

        assertThat(challenge(policy, PlainSeen.get("/").trusting())).isEqualTo("Proxied");
        assertThat(challenge(policy, PlainSeen.get("/").trusting().with("X-Forwarded-User", " ")))
                .isEqualTo("Proxied");
        PlainSeen alice = PlainSeen.get("/").trusting().with("X-Forwarded-User", "alice");
        assertThat(front.refusal(policy, alice.with("X-Forwarded-User", "bob")).detail())
                .isEqualTo("The credential is there more than once");
        PlainSeen odd = PlainSeen.get("/").trusting().with("X-Forwarded-User", "a\u0007b");
        assertThat(front.refusal(policy, odd).why()).isEqualTo(Why.UNAUTHENTICATED);
        PlainSeen twice = PlainSeen.get("/").trusting().with("X-Forwarded-User", "alice");
        twice.with("X-Forwarded-Scopes", "read").with("X-Forwarded-Scopes", "admin");
        assertThat(front.refusal(policy, twice).why()).isEqualTo(Why.UNAUTHENTICATED);
    }

    @Test
    void whereItIsOptionalNobodyInParticularComesInButABadCredentialDoesNot() {
        Policy policy = openToAll(Front.jwt());

        assertThat(front.principal(policy, PlainSeen.get("/"))).isEqualTo(Principal.NOBODY);
        assertThat(removed(policy, PlainSeen.get("/").with("Authorization", "Basic YTpi")))
                .containsExactly("authorization");
        assertThat(front.refusal(policy, bearing("x.y.z")).why()).isEqualTo(Why.UNAUTHENTICATED);
    }

    @Test
    void whoBroughtNothingHereStaysWhoTheyWere() {
        Policy policy = openToAll(Front.jwt());
        Principal bob = Principal.of("apiKey", "", caller("bob"));

        assertThat(front.principal(policy, PlainSeen.get("/").by(bob))).isEqualTo(bob);
    }

    @Test
    void theChallengeNamesTheSchemesThatAreTaken() {
        assertThat(challenge(open(KEYS), PlainSeen.get("/"))).isEqualTo("ApiKey");
        assertThat(challenge(open(Front.jwt()), PlainSeen.get("/"))).isEqualTo("Bearer");
        front.close();
        assertThat(challenge(open(KEYS, Front.jwt(), USER), PlainSeen.get("/"))).isEqualTo("Bearer, ApiKey");
    }

    @Test
    void theChallengeLeadsToTheResource() {
        Policy policy = openResource();
        String told = "resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\", "
                + "scope=\"read write\", ApiKey";

        assertThat(challenge(policy, PlainSeen.get("/mcp"))).isEqualTo("Bearer " + told);
        assertThat(challenge(policy, bearing("x.y.z"))).isEqualTo("Bearer error=\"invalid_token\", " + told);
        assertThat(challenge(policy, PlainSeen.get("/mcp").with("X-API-Key", "wrong")))
                .isEqualTo("Bearer " + told);
    }
}
