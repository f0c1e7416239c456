package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Fields.Field;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Keys;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two callers and one session id: each has a session of its own, whichever way the id comes. */
final class OwnedSessionTest {

    /** How a client brings its id. */
    enum By {
        HEADER(new AffinityConfig.Header("X-Session-Id", false)),
        QUERY(new AffinityConfig.Query("session")),
        PATH(new AffinityConfig.Path("/s/")),
        HOST(new AffinityConfig.Host(false, ".apps.test"));

        @SuppressWarnings("ImmutableEnumChecker") // records of configuration do not change
        private final AffinityConfig source;

        By(AffinityConfig source) {
            this.source = source;
        }

        String target() {
            return this == QUERY ? "/x?session=shared" : this == PATH ? "/s/shared/x" : "/x";
        }

        String host() {
            return this == HOST ? "shared.apps.test" : "a.test";
        }

        String line() {
            return this == HEADER ? "X-Session-Id: shared\r\n" : "";
        }
    }

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance one;
    private RecordingInstance two;

    @BeforeEach
    void start() {
        one = kit.instance().answering(Script.ok("one"));
        two = kit.instance().answering(Script.ok("two"));
    }

    private TestDoor door(AffinityConfig... sources) {
        return kit.open(DoorPlan.to(one, two)
                .main(pool -> pool.perInstance(1).queue(0, Duration.ofSeconds(1)))
                .affinity(sources)
                .policies(Keys.of("alice", "bob", "carol"))
                .debug());
    }

    private static Answer ask(TestDoor door, By by, String method, String caller) {
        try (RawClient client = door.connect()) {
            client.send(method + " " + by.target() + " HTTP/1.1\r\nHost: " + by.host() + "\r\n" + by.line()
                    + Keys.line(caller) + "\r\n\r\n");
            return client.answer(method).orElseThrow();
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneIdIsTwoSessionsForEveryMethod(By by) {
        TestDoor door = door(by.source);
        Answer alices = ask(door, by, "GET", "alice");
        Answer bobs = ask(door, by, "GET", "bob");
        assertThat(List.of(alices.body(), bobs.body())).containsExactlyInAnyOrder("one", "two");

        for (String method : List.of("GET", "HEAD", "OPTIONS", "DELETE", "PATCH", "POST", "PUT")) {
            assertThat(ask(door, by, method, "alice").fields().all("X-Sandgate-Instance"))
                    .as(method)
                    .isEqualTo(alices.fields().all("X-Sandgate-Instance"));
            assertThat(ask(door, by, method, "bob").fields().all("X-Sandgate-Instance"))
                    .as(method)
                    .isEqualTo(bobs.fields().all("X-Sandgate-Instance"));
            assertThat(ask(door, by, method, "carol").status()).as(method).isEqualTo(503);
        }
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }

    @Test
    void overHttp2TheSame() {
        TestDoor door = door(By.HEADER.source);
        String alices = ask(door, By.HEADER, "GET", "alice").body();
        try (RawHttp2Client client = door.connectHttp2()) {
            for (String caller : List.of("alice", "bob")) {
                Http2Stream answer = client.awaitEnd(client.open(
                        new Fields(List.of(
                                new Field(":method", "GET"),
                                new Field(":scheme", "http"),
                                new Field(":authority", "a.test"),
                                new Field(":path", "/x"),
                                new Field("x-session-id", "shared"),
                                new Field("x-api-key", caller + "-key"))),
                        true));
                assertThat(answer.data().equals(alices)).as(caller).isEqualTo(caller.equals("alice"));
            }
        }
    }

    @Test
    void aWebSocketOfAnothersSessionIsASessionOfItsOwn() {
        TestDoor door = door(By.HEADER.source);
        String alices = ask(door, By.HEADER, "GET", "alice").body();
        RecordingInstance home = alices.equals("one") ? one : two;
        int before = home.requests().size();

        try (RawClient client = door.connect()) {
            client.send("GET /x HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: shared\r\n" + Keys.line("bob")
                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
            client.answer();
        }
        assertThat(home.requests()).hasSize(before);
    }

    @Test
    void aStolenCookieIsWorthNothing() {
        TestDoor door = door(new AffinityConfig.Cookie("sandgate", false, List.of()));
        Answer alices = door.get(Keys.line("alice") + "\r\n");
        assertThat(alices.status()).isEqualTo(200);

        Answer thief = door.get(Keys.line("bob") + "\r\n", "Cookie: " + alices.cookie() + "\r\n");

        assertThat(thief.body()).isNotEqualTo(alices.body());
        assertThat(thief.cookie()).isNotEqualTo(alices.cookie());
        assertThat(door.get(Keys.line("alice") + "\r\n", "Cookie: " + alices.cookie() + "\r\n")
                        .body())
                .isEqualTo(alices.body());
    }

    @Test
    void aRouteByItsCallersHasOneSessionForEach() {
        TestDoor door = door(new AffinityConfig.Principal(""));

        String alices = door.get(Keys.line("alice") + "\r\n").body();
        String bobs = door.get(Keys.line("bob") + "\r\n").body();

        assertThat(alices).isNotEqualTo(bobs);
        assertThat(door.get(Keys.line("alice") + "\r\n").body()).isEqualTo(alices);
        assertThat(door.get(Keys.line("carol") + "\r\n").status()).isEqualTo(503);
    }

    @Test
    void whoIsNobodyComesToNoSession() {
        TestDoor door = door(By.HEADER.source);
        ask(door, By.HEADER, "GET", "alice");
        int heard = one.requests().size() + two.requests().size();

        Answer refused = door.get("X-Session-Id: shared\r\n");
        Answer forged = door.get("X-Session-Id: shared\r\n", "X-API-Key: mallory\r\n");

        for (Answer answer : List.of(refused, forged)) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.refusal()).isEqualTo("unauthenticated");
            assertThat(answer.fields().has("WWW-Authenticate")).isTrue();
        }
        assertThat(one.requests().size() + two.requests().size()).isEqualTo(heard);
    }

    @Test
    void theInstanceDoesNotSeeTheKey() {
        TestDoor door = door(By.HEADER.source);
        ask(door, By.HEADER, "GET", "alice");

        for (RecordingInstance instance : List.of(one, two)) {
            for (SeenRequest seen : instance.requests()) {
                assertThat(seen.fields().has("X-API-Key")).isFalse();
            }
        }
        assertThat(String.join("\n", door.accessLog()))
                .doesNotContain("alice-key")
                .doesNotContain("shared");
    }
}
