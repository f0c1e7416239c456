package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Callers whose tokens an issuer is asked about, over the wire. */
final class IntrospectionTest {

    private static final String ALICE = "{\"active\":true,\"sub\":\"alice\"}";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance issuer;
    private TestDoor door;

    @BeforeEach
    void start() {
        issuer = kit.instance();
        PolicyConfig.Introspection asked = new PolicyConfig.Introspection(
                "https://login.test",
                URI.create("http://127.0.0.1:" + issuer.port() + "/ask"),
                "door",
                "s",
                List.of(),
                Duration.ofSeconds(30),
                PolicyConfig.Claims.DEFAULT,
                false);
        door = kit.open(DoorPlan.to(kit.instance())
                .policies(new PolicyConfig.Authenticate("who", List.of(asked), false, Optional.empty()))
                .affinity(new AffinityConfig.Principal(AffinityConfig.Principal.DEFAULT_HEADER)));
    }

    private void answers(String head, String body) {
        issuer.answering(Script.raw(whole(head, body)));
    }

    private static String whole(String head, String body) {
        return "HTTP/1.1 " + head + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private Answer bring(String token) {
        return door.get("Authorization: Bearer " + token + "\r\n");
    }

    @Test
    void asksByAFormAndLetsTheCallerIn() {
        answers("200 OK", ALICE);
        assertThat(bring("opaque~1").status()).isEqualTo(200);
        assertThat(bring("opaque~1").status()).isEqualTo(200);
        assertThat(issuer.requests()).singleElement().satisfies(asked -> {
            assertThat(asked.method()).isEqualTo("POST");
            assertThat(asked.target()).isEqualTo("/ask");
            assertThat(asked.fields().all("Content-Type")).containsExactly("application/x-www-form-urlencoded");
            assertThat(asked.fields().all("Authorization")).containsExactly("Basic ZG9vcjpz");
            assertThat(asked.body()).isEqualTo("token=opaque%7E1");
        });
        assertThat(bring("opaque~2").status()).isEqualTo(200);
        // over the same connection
        assertThat(issuer.accepted()).isEqualTo(1);
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void refusesATokenThatIsNotActive() {
        answers("200 OK", "{\"active\":false}");
        Answer refused = bring("opaque");
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.fields().all("WWW-Authenticate")).containsExactly("Bearer error=\"invalid_token\"");
    }

    @Test
    void letsNobodyInByAnAnswerThatIsNone() {
        kit.log().expect("cannot be asked about tokens");
        answers("401 Unauthorized", ALICE);
        assertThat(bring("a").refusal()).isEqualTo("policy-unavailable");
        answers("302 Found\r\nLocation: http://127.0.0.1:1/", ALICE);
        assertThat(bring("b").status()).isEqualTo(503);
        answers("200 OK", ALICE + " ".repeat(64 * 1024));
        assertThat(bring("c").status()).isEqualTo(503);
        answers("200 OK", ALICE);
        assertThat(bring("c").status()).isEqualTo(200);
        issuer.close();
        Answer away = bring("d");
        assertThat(away.status()).isEqualTo(503);
        assertThat(away.fields().has("Retry-After")).isTrue();
        assertThat(bring("c").status()).isEqualTo(200);
    }

    @Test
    void asksOnceMoreWhereAKeptConnectionWasClosed() {
        AtomicInteger turn = new AtomicInteger();
        issuer.answering((request, line) -> {
            if (turn.incrementAndGet() == 2) {
                line.close();
            } else {
                line.send(whole("200 OK", ALICE));
            }
        });
        assertThat(bring("a").status()).isEqualTo(200);
        assertThat(bring("b").status()).isEqualTo(200);
        assertThat(issuer.requests()).hasSize(3);
    }
}
