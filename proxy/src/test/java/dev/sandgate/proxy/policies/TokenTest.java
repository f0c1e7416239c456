package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.conf.PolicyConfig.Rule;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens through the door: keys from a real server, that change under load. */
final class TokenTest {

    private static final String ISSUER = "https://login.example.com";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private RecordingInstance issuer;
    private ECKey first;
    private ECKey second;

    @BeforeEach
    void start() throws JOSEException {
        instance = kit.instance().answering(Script.ok("well"));
        first = new ECKeyGenerator(Curve.P_256).keyID("first").generate();
        second = new ECKeyGenerator(Curve.P_256).keyID("second").generate();
        issuer = kit.instance().answering(keys(first));
    }

    private static Script keys(ECKey... known) {
        return Script.ok(new JWKSet(Arrays.asList((com.nimbusds.jose.jwk.JWK[]) known)).toString(true));
    }

    private static String token(ECKey key, String subject, String scope, Duration life) {
        try {
            JWTClaimsSet claims = new JWTClaimsSet.Builder()
                    .issuer(ISSUER)
                    .audience("sandboxes")
                    .subject(subject)
                    .claim("scope", scope)
                    .expirationTime(Date.from(Instant.now().plus(life)))
                    .build();
            JWSHeader head = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(key.getKeyID())
                    .build();
            SignedJWT token = new SignedJWT(head, claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String token(ECKey key, String subject) {
        return token(key, subject, "use", Duration.ofMinutes(5));
    }

    private TestDoor door(PolicyConfig... more) {
        Jwt jwt = new Jwt(
                ISSUER,
                List.of("sandboxes"),
                issuer.url().resolve("/keys"),
                Set.of("ES256"),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5),
                Claims.DEFAULT,
                false);
        List<PolicyConfig> policies = new ArrayList<>();
        policies.add(new Authenticate("main/authenticate", List.of(jwt), false, Optional.empty()));
        policies.addAll(List.of(more));
        return kit.open(DoorPlan.to(instance)
                .main(pool -> pool.perInstance(1).queue(0, Duration.ofSeconds(1)))
                .policies(policies.toArray(PolicyConfig[]::new)));
    }

    private static Answer ask(TestDoor door, String token) {
        return door.get("Authorization: Bearer " + token + "\r\n", "X-Session-Id: shared\r\n");
    }

    @Test
    void aRefreshedTokenOfTheSameCallerIsTheSameOwner() {
        TestDoor door = door();

        assertThat(ask(door, token(first, "alice")).status()).isEqualTo(200);
        assertThat(ask(door, token(first, "alice", "use more", Duration.ofHours(1)))
                        .status())
                .isEqualTo(200);
        assertThat(ask(door, token(first, "bob")).refusal()).isEqualTo("pool-full");
        assertThat(door.vitals().sessions()).isEqualTo(1);
        assertThat(instance.requests())
                .allSatisfy(
                        seen -> assertThat(seen.fields().has("Authorization")).isFalse());
    }

    @Test
    void aTokenThatIsOverOrOfAnotherKeyIsNone() throws JOSEException {
        TestDoor door = door();
        ECKey stranger = new ECKeyGenerator(Curve.P_256).keyID("first").generate();

        for (String bad : List.of(token(stranger, "alice"), token(first, "alice", "use", Duration.ofMinutes(-5)))) {
            Answer refused = ask(door, bad);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.fields().all("WWW-Authenticate"))
                    .singleElement()
                    .asString()
                    .contains("error=\"invalid_token\"");
        }
        assertThat(instance.requests()).isEmpty();
    }

    @Test
    void aScopeThatIsMissingIsTold() {
        Rule all = new Rule(true, Set.of(), List.of("/"), Set.of(), Set.of(), Set.of(), List.of());
        TestDoor door = door(new PolicyConfig.Authorize("main/authorize", Set.of("admin"), List.of(all), false));

        Answer refused = ask(door, token(first, "alice"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.refusal()).isEqualTo("forbidden");
        assertThat(ask(door, token(first, "alice", "use admin", Duration.ofMinutes(5)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void keysChangeUnderLoadAndNoGoodTokenIsRefused() throws InterruptedException {
        TestDoor door = door();
        ask(door, token(first, "alice"));
        AtomicBoolean changed = new AtomicBoolean();
        ConcurrentLinkedQueue<Integer> statuses = new ConcurrentLinkedQueue<>();
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 4; client++) {
            Thread thread = new Thread(() -> {
                try (RawClient wire = door.connect()) {
                    for (int at = 0; at < 100; at++) {
                        ECKey key = changed.get() ? second : first;
                        statuses.add(wire.get(
                                        "/",
                                        "Authorization: Bearer " + token(key, "alice") + "\r\n",
                                        "X-Session-Id: shared\r\n")
                                .answer()
                                .status());
                    }
                }
            });
            clients.add(thread);
            thread.start();
        }
        Await.until(() -> statuses.size() > 100, () -> "no load");
        issuer.answering(keys(first, second));
        changed.set(true);
        for (Thread client : clients) {
            client.join();
        }

        assertThat(statuses).hasSize(400).containsOnly(200);
        assertThat(issuer.requests().size()).isBetween(2, 10);
    }

    @Test
    void whileTheKeysCannotBeReadNobodyIsCalledAStranger() {
        issuer.answering(Script.raw("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
        kit.log().expect("keys");
        TestDoor door = door();

        Answer refused = ask(door, token(first, "alice"));

        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.refusal()).isEqualTo("policy-unavailable");
        assertThat(refused.fields().has("Retry-After")).isTrue();
    }
}
