package dev.sandgate.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may come in at the admin listener, and with what. */
final class AdminGuardTest {

    private static final String TOKEN = "planted-token-0123456789abcdef0123456789";
    private static final List<String> GUARDED = List.of("/pools", "/instances", "/sessions", "/metrics", "/none", "/");

    @RegisterExtension
    final Invariants kit = new Invariants();

    private TestDoor door() {
        return kit.open(DoorPlan.to(kit.instance()));
    }

    private static String request(String target, String... lines) {
        return "GET " + target + " HTTP/1.1\r\n" + String.join("\r\n", lines) + "\r\n\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:1", "127.0.0.1:9901", "127.9.9.9", "[::1]:80", "[::1]"})
    void takesEveryNameOfThisMachineAsHost(String host) {
        assertThat(Operator.of(door()).send(request("/pools", "Host: " + host)).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.test",
                "evil.test:9901",
                "localhost.evil.test",
                "127.0.0.1.evil.test",
                "10.0.0.1",
                "localhost.",
                "[::2]"
            })
    void refusesANameThatOnlyLeadsHere(String host) {
        Operator operator = Operator.of(door());
        for (String target : GUARDED) {
            Operator.refused(operator.send(request(target, "Host: " + host)), 403, "forbidden");
        }
    }

    @Test
    void refusesAHostThatIsNone() {
        Operator operator = Operator.of(door());
        for (String host : List.of("", "evil.test:localhost", "localhost@evil.test", "local host", ":1")) {
            assertThat(operator.send(request("/pools", "Host: " + host)).status())
                    .isIn(400, 403);
        }
        Operator.refused(operator.send(request("/pools", "Accept: x")), 400, "host-invalid");
        Operator.refused(operator.send(request("/pools", "Host: localhost", "Host: localhost")), 400, "host-invalid");
        Operator.refused(operator.send("GET /pools HTTP/1.0\r\n\r\n"), 400, "host-invalid");
    }

    @Test
    void tellsItsHealthToWhoeverAsks() {
        Operator operator = Operator.of(door());
        for (String target : List.of("/livez", "/readyz")) {
            assertThat(operator.send("GET " + target + " HTTP/1.0\r\n\r\n").status())
                    .isEqualTo(200);
            assertThat(operator.send(request(target, "Host: 10.1.2.3:9901")).status())
                    .isEqualTo(200);
            assertThat(operator.send("HEAD " + target + " HTTP/1.1\r\nHost: a.test\r\n\r\n")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesAnotherOriginAndTakesItsOwn() {
        Operator operator = Operator.of(door());
        String host = "Host: localhost:9901";
        for (String origin :
                List.of("http://evil.test", "null", "http://localhost", "http://localhost:3000", "file://")) {
            for (String target : GUARDED) {
                Operator.refused(operator.send(request(target, host, "Origin: " + origin)), 403, "forbidden");
            }
        }
        String mine = "Origin: http://LocalHost:9901";
        assertThat(operator.send(request("/pools", host, mine)).status()).isEqualTo(200);
        Operator.refused(operator.send(request("/pools", host, mine, "Origin: http://evil.test")), 403, "forbidden");
    }

    @Test
    void asksForItsTokenEverywhereButForHealth() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).admin("127.0.0.1", Optional.of(TOKEN)));
        Operator stranger = Operator.of(door);
        for (String target : GUARDED) {
            Answer answer = stranger.get(target);
            Operator.refused(answer, 401, "unauthenticated");
            assertThat(answer.fields().all("WWW-Authenticate")).containsExactly("Bearer realm=\"sandgate\"");
        }
        for (String bad :
                List.of(TOKEN + "x", TOKEN.substring(1), "", " " + TOKEN + " x", TOKEN.replace("planted", "PLANTED"))) {
            Operator.refused(stranger.bearing(bad).get("/pools"), 401, "unauthenticated");
        }
        String host = "Host: localhost";
        for (String field : List.of(
                "Authorization: Basic " + TOKEN,
                "Authorization: Bearer",
                "Authorization: " + TOKEN,
                "X-Token: " + TOKEN)) {
            Operator.refused(stranger.send(request("/pools", host, field)), 401, "unauthenticated");
        }
        String right = "Authorization: Bearer " + TOKEN;
        Operator.refused(stranger.send(request("/pools", host, right, right)), 401, "unauthenticated");
        assertThat(stranger.send(request("/pools", host, "Authorization: bEARER  " + TOKEN))
                        .status())
                .isEqualTo(200);
        assertThat(stranger.get("/livez").status()).isEqualTo(200);
        assertThat(stranger.get("/readyz").status()).isEqualTo(200);
        assertThat(stranger.ask("POST", "/instances/a/drain").status()).isEqualTo(401);
        Operator operator = Operator.of(door).bearing(TOKEN);
        operator.json("/pools");
        operator.metrics();
        Operator.refused(operator.get("/none"), 404, "path-unknown");
        assertThat(stranger.heard()).isNotEmpty().noneMatch(answer -> answer.contains(TOKEN));
        assertThat(operator.heard()).isNotEmpty().noneMatch(answer -> answer.contains(TOKEN));
    }

    @Test
    void takesAnyHostWhereATokenIsAskedForOnAllAddresses() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).admin("0.0.0.0", Optional.of(TOKEN)));
        String right = "Authorization: Bearer " + TOKEN;
        Operator operator = Operator.of(door);

        assertThat(operator.send(request("/pools", "Host: ops.example.com", right))
                        .status())
                .isEqualTo(200);
        Operator.refused(operator.send(request("/pools", "Host: ops.example.com")), 401, "unauthenticated");
        Operator.refused(
                operator.send(request("/pools", "Host: ops.example.com", right, "Origin: http://evil.test")),
                403,
                "forbidden");
    }

    @Test
    void tellsWhichMethodsAPathServes() {
        Operator operator = Operator.of(door());
        for (String target : List.of("/pools", "/instances", "/sessions", "/metrics", "/livez", "/readyz")) {
            for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")) {
                Answer answer = operator.ask(method, target);
                Operator.refused(answer, 405, "method-refused");
                assertThat(answer.fields().all("Allow")).containsExactly("GET, HEAD");
            }
        }
        Answer drain = operator.get("/instances/a/drain");
        Operator.refused(drain, 405, "method-refused");
        assertThat(drain.fields().all("Allow")).containsExactly("POST, DELETE");
        Answer session = operator.ask("POST", "/sessions/0123456789abcdef");
        Operator.refused(session, 405, "method-refused");
        assertThat(session.fields().all("Allow")).containsExactly("GET, HEAD, DELETE");
        for (String target :
                List.of("/none", "/pools/x", "/instances/a", "/instances/a/b/drain", "/sessions/a/b", "//")) {
            Operator.refused(operator.get(target), 404, "path-unknown");
        }
    }

    @Test
    void answersHeadWithTheSameFieldsAndNoBody() {
        Operator operator = Operator.of(door());
        Answer get = operator.get("/pools");
        Answer head = operator.ask("HEAD", "/pools");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.fields().all("Content-Length")).isEqualTo(get.fields().all("Content-Length"));
        assertThat(head.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/pools?all=1",
                "/metrics?x",
                "/instances?pool=none",
                "/instances?pool=main&pool=main",
                "/instances?POOL=main",
                "/sessions?limit=0",
                "/sessions?limit=1001",
                "/sessions?limit=ten",
                "/sessions?limit=",
                "/sessions?limit=-1",
                "/sessions?limit=99999999999999999999",
                "/sessions?source=cookies",
                "/sessions?pool=none",
                "/sessions?after=main",
                "/sessions?after=none:1",
                "/sessions?after=main:x",
                "/sessions?page=2",
                "/sessions?limit=%zz",
                "/sessions/%zz"
            })
    void refusesAParameterThatItDoesNotKnow(String target) {
        Answer answer = Operator.of(door()).get(target);
        Operator.refused(answer, 400, "parameter-invalid");
        if (!target.contains("%")) {
            assertThat(new JsonObject(answer.body()).getString("detail")).contains("(expected: ");
        }
    }

    @Test
    void namesTheParameterItsValueAndWhatWasExpected() {
        Answer answer = Operator.of(door()).get("/sessions?limit=5000");
        assertThat(new JsonObject(answer.body()).getString("detail"))
                .isEqualTo("limit: \"5000\" (expected: a whole number from 1 to 1000)");
    }

    @Test
    void takesNoBodyAndNoLargeHead() {
        TestDoor door = door();
        Operator operator = Operator.of(door);
        String head = "POST /instances/a/drain HTTP/1.1\r\nHost: localhost\r\n";
        Operator.refused(operator.send(head + "Content-Length: 1000000000\r\n\r\n"), 413, "body-refused");
        Operator.refused(operator.send(head + "Transfer-Encoding: chunked\r\n\r\n"), 413, "body-refused");
        Answer late = operator.send(head + "Content-Length: 1000000000\r\n\r\n" + "x".repeat(100_000));
        Operator.refused(late, 413, "body-refused");
        assertThat(late.fields().all("Connection")).containsExactly("close");
        Operator.refused(operator.send(head + "Content-Length: 0\r\n\r\n"), 404, "instance-unknown");
        assertThat(operator.send("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        .status())
                .isEqualTo(414);
        assertThat(operator.send(request("/pools", "Host: localhost", "X-Long: " + "x".repeat(9_000)))
                        .status())
                .isEqualTo(431);
    }

    @Test
    void servesManyRequestsOnOneConnectionAndPipelinedOnesInOrder() {
        RawClient client = kit.own(RawClient.to(door().adminPort()));
        String get = request("/livez", "Host: localhost");
        String pools = request("/pools", "Host: localhost");
        client.send(get + pools + get + pools);
        for (String body : List.of("alive", "pools", "alive", "pools")) {
            assertThat(client.answer().body()).contains(body);
        }
        client.send(pools);
        assertThat(client.answer().status()).isEqualTo(200);
    }

    @Test
    void doesNotWaitForAHeadForEver() {
        TestDoor door = door();
        RawClient slow = kit.own(RawClient.to(door.adminPort()));
        slow.send("GET /pools HTTP/1.1\r\nHost: loc");
        slow.patience(AdminListener.LIMITS.headTimeout().plusSeconds(8)).awaitHangUp();
    }
}
