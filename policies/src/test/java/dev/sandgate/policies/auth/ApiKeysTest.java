package dev.sandgate.policies.auth;

import static dev.sandgate.policies.auth.Front.caller;
import static dev.sandgate.policies.auth.Front.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Later;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callers by API keys. */
class ApiKeysTest {

    private static final Path FILE = Path.of("/etc/sandgate/keys.json");
    private static final URI WHERE = FILE.toUri();
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Front front = new Front();

    @AfterEach
    void close() {
        front.close();
    }

    private static PlainSeen with(String key) {
        return PlainSeen.get("/").with("X-API-Key", key);
    }

    private static PlainSeen authorized(String value) {
        return PlainSeen.get("/").with("Authorization", value);
    }

    private static String file(String key, String subject) {
        ApiKey made = key(key, caller(subject));
        return "[{\"hash\":\"" + made.hash() + "\",\"subject\":\"" + subject + "\"}]";
    }

    private Policy openWithFile() {
        ApiKey own = key("own-key", caller("carol"));
        return front.open(new ApiKeys("X-API-Key", List.of(own), Optional.of(FILE), false));
    }

    private Why why(Policy policy, PlainSeen seen) {
        return front.refusal(policy, seen).why();
    }

    @Test
    void aKeyTellsItsOwner() {
        Caller alice = new Caller("alice", "acme", Set.of("read"), "gold");
        Policy policy =
                front.open(Front.keys("X-API-Key", key("key-of-alice", alice), key("key-of-bob", caller("bob"))));

        assertThat(front.principal(policy, with("key-of-alice")))
                .isEqualTo(new Principal("apiKey:|alice", "alice", "acme", Set.of("read"), "gold"));
        assertThat(front.principal(policy, with("key-of-bob")).name()).isEqualTo("apiKey:|bob");
    }

    @Test
    void everyKeyThatIsNotThereGetsTheVerySameAnswer() {
        Policy policy = front.open(Front.keys("X-API-Key", key("key-of-alice", caller("alice"))));
        Verdict first = policy.check(with("no-such-key"));

        assertThat(((Refuse) first).challenge()).hasValue("ApiKey");
        for (String other :
                List.of("", " key-of-alice", "key-of-alic", "key-of-alicf", "KEY-OF-ALICE", "k".repeat(9000))) {
            assertThat(policy.check(with(other))).isSameAs(first);
        }
    }

    @Test
    void aHashIsNoKey() {
        ApiKey alice = key("key-of-alice", caller("alice"));
        Policy policy = front.open(Front.keys("X-API-Key", alice));

        assertThat(why(policy, with(alice.hash()))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(why(policy, with("\0".repeat(32)))).isEqualTo(Why.UNAUTHENTICATED);
    }

    @Test
    void theFieldTwiceIsRefusedAlsoWithTheSameKey() {
        Policy policy = front.open(Front.keys("X-API-Key", key("key-of-alice", caller("alice"))));

        assertThat(why(policy, with("key-of-alice").with("x-api-key", "key-of-alice")))
                .isEqualTo(Why.UNAUTHENTICATED);
        assertThat(why(policy, with("key-of-alice").with("x-api-key", "other"))).isEqualTo(Why.UNAUTHENTICATED);
    }

    @Test
    void inAuthorizationItStandsBehindAScheme() {
        Policy policy = front.open(Front.keys("Authorization", key("a.key.of.alice", caller("alice"))));

        for (String good : List.of("Bearer a.key.of.alice", "bearer  a.key.of.alice", "APIKEY a.key.of.alice")) {
            assertThat(front.principal(policy, authorized(good)).subject()).isEqualTo("alice");
        }
        for (String bad :
                List.of("a.key.of.alice", "Basic a.key.of.alice", "ApiKey", "ApiKeya.key.of.alice", "ApiKey x")) {
            assertThat(why(policy, authorized(bad))).as(bad).isEqualTo(Why.UNAUTHENTICATED);
        }
    }

    @Test
    void besideTokensWhatLooksLikeOneIsLeftToThem() {
        Signer signer = Signer.of("RS256");
        front.shelf.put(Front.KEYS, Signer.set(signer.jwk()));
        ApiKeys keys = Front.keys("Authorization", key("a-key", caller("bob")), key("a.b.c", caller("carol")));
        String token = front.good(signer);

        for (boolean keysFirst : new boolean[] {true, false}) {
            Policy policy = keysFirst ? front.open(keys, Front.jwt()) : front.open(Front.jwt(), keys);
            assertThat(front.principal(policy, authorized("Bearer " + token)).subject())
                    .isEqualTo("alice");
            assertThat(front.principal(policy, authorized("Bearer a-key")).subject())
                    .isEqualTo("bob");
            assertThat(front.principal(policy, authorized("ApiKey a.b.c")).subject())
                    .isEqualTo("carol");
            assertThat(front.refusal(policy, authorized("Bearer a.b.c")).challenge())
                    .hasValue("Bearer error=\"invalid_token\", ApiKey");
            ((Authentication) policy).close();
        }
    }

    @Test
    void keysOfTheFileStandBesideThoseOfTheConfig() {
        front.shelf.put(WHERE, file("file-key", "dave"));
        Policy policy = openWithFile();

        assertThat(front.principal(policy, with("own-key")).subject()).isEqualTo("carol");
        assertThat(front.principal(policy, with("file-key")).subject()).isEqualTo("dave");
        assertThat(why(policy, with("other"))).isEqualTo(Why.UNAUTHENTICATED);
    }

    @Test
    void aFileThatChangedCountsTwoSecondsLater() {
        front.shelf.put(WHERE, file("file-key", "dave"));
        Policy policy = openWithFile();
        front.shelf.put(WHERE, file("next-key", "erin"));
        assertThat(front.principal(policy, with("file-key")).subject()).isEqualTo("dave");

        front.advance(LOOK);

        assertThat(why(policy, with("file-key"))).isEqualTo(Why.UNAUTHENTICATED);
        assertThat(front.principal(policy, with("next-key")).subject()).isEqualTo("erin");
        assertThat(front.principal(policy, with("own-key")).subject()).isEqualTo("carol");
        assertThat(front.warnings()).isEmpty();
    }

    @Test
    void aFileThatIsBrokenOrGoneLeavesTheOldKeysAndIsToldOnce() {
        front.shelf.put(WHERE, file("file-key", "dave"));
        Policy policy = openWithFile();
        front.shelf.put(WHERE, "{\"oops\": \"sk-secret-in-the-wrong-place\"}");
        front.advance(LOOK.multipliedBy(5));
        assertThat(front.principal(policy, with("file-key")).subject()).isEqualTo("dave");
        assertThat(front.warnings()).hasSize(1).allMatch(line -> line.contains("/etc/sandgate/keys.json"));

        front.shelf.remove(WHERE);
        front.advance(LOOK.multipliedBy(5));
        assertThat(front.principal(policy, with("file-key")).subject()).isEqualTo("dave");
        assertThat(front.warnings()).hasSize(2).noneMatch(line -> line.contains("sk-secret"));

        front.shelf.put(WHERE, file("next-key", "erin"));
        front.advance(LOOK);
        assertThat(front.principal(policy, with("next-key")).subject()).isEqualTo("erin");
        front.shelf.remove(WHERE);
        front.advance(LOOK);
        assertThat(front.warnings()).hasSize(3);
    }

    @Test
    void whileTheFileWasNeverReadNobodyIsToldThatAKeyIsBad() {
        front.shelf.hold();
        Policy policy = openWithFile();
        Verdict waiting = policy.check(with("file-key"));
        assertThat(waiting).isInstanceOf(Later.class);
        assertThat(front.principal(policy, with("own-key")).subject()).isEqualTo("carol");
        front.shelf.release();

        assertThat(((Refuse) ((Later) waiting).verdict().result()).why()).isEqualTo(Why.POLICY_UNAVAILABLE);
        assertThat(why(policy, with("file-key"))).isEqualTo(Why.POLICY_UNAVAILABLE);
        front.shelf.put(WHERE, file("file-key", "dave"));
        front.advance(LOOK);
        assertThat(front.principal(policy, with("file-key")).subject()).isEqualTo("dave");
    }

    @Test
    void aKeyThatCameBeforeTheFileWasReadIsFoundInIt() {
        front.shelf.put(WHERE, file("file-key", "dave"));
        front.shelf.hold();
        Policy policy = openWithFile();
        Verdict waiting = policy.check(with("file-key"));

        front.shelf.release();

        assertThat(((Later) waiting).verdict().result()).isInstanceOf(Verdict.Change.class);
    }
}
