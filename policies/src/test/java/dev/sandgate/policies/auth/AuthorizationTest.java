package dev.sandgate.policies.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig.Authorize;
import dev.sandgate.conf.PolicyConfig.Rule;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may do what. */
class AuthorizationTest {

    private static final Principal ALICE =
            new Principal("jwt:https://id.test/|alice", "alice", "acme", Set.of("read", "write"), "gold");
    private static final Principal BOB = new Principal("apiKey:|bob", "bob", "", Set.of(), "");
    private static final Rule ANY = new Rule(true, Set.of(), List.of(), Set.of(), Set.of(), Set.of(), List.of());

    private static Policy of(boolean otherwise, Rule... rules) {
        return Authorization.of(new Authorize("may", Set.of(), List.of(rules), otherwise));
    }

    private static Rule methods(boolean allow, String... methods) {
        return new Rule(
                allow, Set.of(methods), ANY.paths(), ANY.principals(), ANY.tenants(), ANY.scopes(), ANY.ranges());
    }

    private static Rule paths(String... paths) {
        return new Rule(
                true, ANY.methods(), List.of(paths), ANY.principals(), ANY.tenants(), ANY.scopes(), ANY.ranges());
    }

    private static Rule principals(String... principals) {
        return new Rule(
                true, ANY.methods(), ANY.paths(), Set.of(principals), ANY.tenants(), ANY.scopes(), ANY.ranges());
    }

    private static Rule ranges(boolean allow, String... ranges) {
        List<IPAddress> read = Stream.of(ranges)
                .map(each -> new IPAddressString(each).getAddress())
                .toList();
        return new Rule(allow, ANY.methods(), ANY.paths(), ANY.principals(), ANY.tenants(), ANY.scopes(), read);
    }

    private static boolean passes(Policy policy, PlainSeen seen) {
        Verdict verdict = policy.check(seen);
        if (verdict instanceof Refuse refuse) {
            assertThat(refuse.why()).isEqualTo(Why.FORBIDDEN);
            return false;
        }
        assertThat(verdict).isSameAs(Verdict.PASS);
        return true;
    }

    @Test
    void theFirstRuleThatTakesTheRequestDecides() {
        Policy policy = of(true, methods(true, "GET"), methods(false, "GET", "DELETE"));

        assertThat(passes(policy, PlainSeen.get("/"))).isTrue();
        assertThat(passes(policy, PlainSeen.of("DELETE", "/"))).isFalse();
        assertThat(passes(policy, PlainSeen.of("POST", "/"))).isTrue();
    }

    @Test
    void whatNoRuleTakesIsDecidedByTheRest() {
        assertThat(passes(of(true), PlainSeen.get("/"))).isTrue();
        assertThat(passes(of(false), PlainSeen.get("/"))).isFalse();
        assertThat(passes(of(false, ANY), PlainSeen.get("/"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/x, /x, true", "/x, /x/, true", "/x, /x/y, true", "/x, /xy, false", "/x, /, false", "/x, /X, false",
        "/x/, /x, true", "/x/, /x/y, true", "/x/, /xy, false", "/, /, true", "/, /any/thing, true", "/, *, false",
    })
    void aPathIsAPrefixBySegment(String prefix, String path, boolean taken) {
        assertThat(passes(of(false, paths("/other", prefix)), PlainSeen.get(path)))
                .isEqualTo(taken);
    }

    @Test
    void aPrincipalIsNamedInFullOrByItsSubject() {
        PlainSeen alice = PlainSeen.get("/").by(ALICE);

        assertThat(passes(of(false, principals("alice")), alice)).isTrue();
        assertThat(passes(of(false, principals("jwt:https://id.test/|alice")), alice))
                .isTrue();
        assertThat(passes(of(false, principals("jwt:https://other.test/|alice")), alice))
                .isFalse();
        assertThat(passes(of(false, principals("bob")), alice)).isFalse();
        assertThat(passes(of(false, principals("alice")), PlainSeen.get("/"))).isFalse();
    }

    @Test
    void nobodyPassesByASubjectThatReadsLikeAnothersWholeName() {
        Principal sly = new Principal("jwt:https://id.test/|apiKey:|bob", "apiKey:|bob", "", Set.of(), "");

        assertThat(passes(
                        of(false, principals("apiKey:|bob")), PlainSeen.get("/").by(BOB)))
                .isTrue();
        assertThat(passes(
                        of(false, principals("apiKey:|bob")), PlainSeen.get("/").by(sly)))
                .isFalse();
    }

    @Test
    void tenantsAndScopesAreAsked() {
        Rule tenant = new Rule(true, Set.of(), List.of(), Set.of(), Set.of("acme"), Set.of(), List.of());
        Rule scopes = new Rule(true, Set.of(), List.of(), Set.of(), Set.of(), Set.of("read", "write"), List.of());
        Rule more = new Rule(true, Set.of(), List.of(), Set.of(), Set.of(), Set.of("read", "admin"), List.of());

        assertThat(passes(of(false, tenant), PlainSeen.get("/").by(ALICE))).isTrue();
        assertThat(passes(of(false, tenant), PlainSeen.get("/").by(BOB))).isFalse();
        assertThat(passes(of(false, scopes), PlainSeen.get("/").by(ALICE))).isTrue();
        assertThat(passes(of(false, more), PlainSeen.get("/").by(ALICE))).isFalse();
    }

    @Test
    void aRuleTakesOnlyWhatAllThatItNamesIsTrueOf() {
        Rule rule = new Rule(
                true,
                Set.of("GET"),
                List.of("/x"),
                Set.of("alice"),
                Set.of("acme"),
                Set.of("read"),
                List.of(new IPAddressString("10.0.0.0/8").getAddress()));

        assertThat(passes(of(false, rule), PlainSeen.get("/x").by(ALICE).from("10.1.2.3")))
                .isTrue();
        assertThat(passes(of(false, rule), PlainSeen.of("PUT", "/x").by(ALICE).from("10.1.2.3")))
                .isFalse();
        assertThat(passes(of(false, rule), PlainSeen.get("/y").by(ALICE).from("10.1.2.3")))
                .isFalse();
        assertThat(passes(of(false, rule), PlainSeen.get("/x").by(BOB).from("10.1.2.3")))
                .isFalse();
        assertThat(passes(of(false, rule), PlainSeen.get("/x").by(ALICE).from("11.1.2.3")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, ::ffff:10.1.2.3, true",
        "10.0.0.0/8, ::10.1.2.3, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "::/0, 10.0.0.1, false",
    })
    void aRangeIsOfTheClientsAddress(String range, String client, boolean taken) {
        PlainSeen seen = PlainSeen.get("/").from(client);

        assertThat(passes(of(false, ranges(true, "198.51.100.0/24", range)), seen))
                .isEqualTo(taken);
        assertThat(passes(of(true, ranges(false, range)), seen)).isEqualTo(!taken);
    }

    @Test
    void anAddressThatNobodyCanReadIsLetInByNoRuleAndKeptOutByAny() {
        PlainSeen seen = PlainSeen.get("/").from("nowhere");

        assertThat(passes(of(false, ranges(true, "0.0.0.0/0")), seen)).isFalse();
        assertThat(passes(of(true, ranges(false, "10.0.0.0/8")), seen)).isFalse();
    }

    @Test
    void requiredScopesComeFirst() {
        Policy policy = Authorization.of(new Authorize("may", Set.of("write", "read"), List.of(ANY), true));
        Principal reader = new Principal(ALICE.name(), "alice", "", Set.of("read"), "");
        Refuse ofToken = (Refuse) policy.check(PlainSeen.get("/").by(reader));
        Refuse ofKey = (Refuse) policy.check(PlainSeen.get("/").by(BOB));

        assertThat(passes(policy, PlainSeen.get("/").by(ALICE))).isTrue();
        assertThat(ofToken.why()).isEqualTo(Why.FORBIDDEN);
        assertThat(ofToken.challenge()).hasValue("Bearer error=\"insufficient_scope\", scope=\"read write\"");
        assertThat(ofKey.why()).isEqualTo(Why.FORBIDDEN);
        assertThat(ofKey.challenge()).isEmpty();
        assertThat(passes(policy, PlainSeen.get("/"))).isFalse();
    }
}
