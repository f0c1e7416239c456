package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.CorsConfig;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.conf.PolicyConfig.Scope;
import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.RouteLimits;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of other origins: what the door answers in its instances' place, and what it adds to theirs. */
final class CorsTest {

    private static final String PAGE = "https://app.example.com";
    private static final String ORIGIN = "Origin: " + PAGE + "\r\n";
    private static final AffinityConfig MCP =
            new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of());

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeEach
    void start() {
        instance = kit.instance()
                .answering(Script.raw(String.join(
                        "\r\n",
                        "HTTP/1.1 200 OK",
                        "Access-Control-Allow-Origin: *",
                        "Vary: Accept",
                        "Content-Length: 0",
                        "",
                        "")));
    }

    private TestDoor door(AffinityConfig source, PolicyConfig... policies) {
        CorsConfig cors = new CorsConfig(List.of(PAGE), true, List.of(), List.of(), List.of(), Duration.ofMinutes(10));
        RouteConfig route = RouteConfig.plain(
                        "api",
                        List.of("a.test"),
                        List.of("/api"),
                        Map.of(),
                        "main",
                        List.of(source),
                        List.of(policies),
                        false)
                .changing(RewriteConfig.NOTHING, Optional.of(cors), RouteLimits.NONE);
        return kit.open(DoorPlan.to(instance).route(route));
    }

    private TestDoor door(PolicyConfig... policies) {
        return door(new AffinityConfig.Header("X-Session-Id", true), policies);
    }

    private static PolicyConfig keys() {
        return new PolicyConfig.Authenticate(
                "who", List.of(new ApiKeys("X-API-Key", List.of(), Optional.empty(), false)), false, Optional.empty());
    }

    private Answer preflight(TestDoor door, String... lines) {
        RawClient client = kit.own(door.connect());
        String fields = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: mcp-session-id,x-a\r\n";
        return client.send("OPTIONS /api/x HTTP/1.1\r\nHost: a.test\r\n" + fields + String.join("", lines) + "\r\n")
                .answer();
    }

    @Test
    void aPreflightIsAnsweredBeforeAnyPolicyAndReachesNobody() {
        TestDoor door = door(keys());

        Answer answer = preflight(door, ORIGIN);

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.fields().all("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(answer.fields().all("Access-Control-Allow-Credentials")).containsExactly("true");
        assertThat(answer.fields().all("Access-Control-Allow-Methods")).containsExactly("POST");
        assertThat(answer.fields().all("Access-Control-Allow-Headers")).containsExactly("mcp-session-id,x-a");
        assertThat(answer.fields().all("Access-Control-Max-Age")).containsExactly("600");
        assertThat(answer.fields().all("Vary")).containsExactly("Origin");
        assertThat(instance.accepted()).isZero();
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void anotherOriginsPreflightIsToldNothing() {
        for (String origin : List.of("https://evil.test", "null", PAGE + ".evil.test")) {
            Answer answer = preflight(door(), "Origin: " + origin + "\r\n");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.fields().lines("Access-Control")).isEmpty();
        }
    }

    @Test
    void aConnectionGoesOnAfterAPreflightAndClosesWhereItHadABody() {
        TestDoor door = door();
        String head = "OPTIONS /api HTTP/1.1\r\nHost: a.test\r\n" + ORIGIN + "Access-Control-Request-Method: PUT\r\n";
        RawClient client = kit.own(door.connect()).send(head + "\r\n");
        assertThat(client.answer().status()).isEqualTo(204);
        assertThat(client.get("/api", ORIGIN).answer().status()).isEqualTo(200);

        RawClient withBody = kit.own(door.connect()).send(head + "Content-Length: 5\r\n\r\nab");
        assertThat(withBody.answer().fields().all("Connection")).containsExactly("close");
        withBody.send("cde").awaitHangUp();
    }

    @Test
    void anOptionsThatIsNoPreflightIsTheInstances() {
        RawClient client = kit.own(door().connect());
        assertThat(client.send("OPTIONS /api HTTP/1.1\r\nHost: a.test\r\n" + ORIGIN + "\r\n")
                        .answer()
                        .status())
                .isEqualTo(200);
        assertThat(instance.requests()).hasSize(1);
    }

    @Test
    void anAnswerIsForItsPageAndItsSessionCanBeRead() {
        Answer answer = kit.own(door().connect()).get("/api", ORIGIN).answer();

        assertThat(answer.fields().all("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(answer.fields().all("Vary")).containsExactly("Accept", "Origin");
        assertThat(answer.fields().all("Access-Control-Expose-Headers"))
                .singleElement()
                .asString()
                .contains("X-Session-Id", "Mcp-Session-Id", "RateLimit", "Retry-After", "WWW-Authenticate");
        assertThat(answer.fields().has("X-Session-Id")).isTrue();
    }

    @Test
    void noPageSeesNothing() {
        Answer answer = kit.own(door().connect()).get("/api").answer();
        assertThat(answer.fields().lines("Access-Control")).isEmpty();
        assertThat(answer.fields().all("Vary")).containsExactly("Accept", "Origin");
    }

    @Test
    void refusalsCanBeReadByThePageToo() {
        PolicyConfig limit = new RateLimit(
                "often",
                new PolicyConfig.Key(List.of(Part.IP), 64),
                1,
                Duration.ofDays(1),
                1,
                Scope.NODE,
                Away.LOCAL,
                1000);
        TestDoor limited = door(limit);
        kit.own(limited.connect()).get("/api", ORIGIN).answer();

        readable(kit.own(limited.connect()).get("/api", ORIGIN).answer(), 429);
        readable(kit.own(door(keys()).connect()).get("/api", ORIGIN).answer(), 401);
        readable(
                kit.own(door().connect())
                        .get("/api", ORIGIN + "X-Session-Id: nobody\r\n")
                        .answer(),
                404);
        readable(
                kit.own(door(MCP).connect())
                        .get("/api", ORIGIN + "Mcp-Session-Id: nobody\r\n")
                        .answer(),
                404);
    }

    private static void readable(Answer refused, int status) {
        assertThat(refused.status()).isEqualTo(status);
        assertThat(refused.fields().all("Access-Control-Allow-Origin")).containsExactly(PAGE);
        assertThat(refused.fields().all("Vary")).containsExactly("Origin");
        assertThat(refused.fields().has("Access-Control-Expose-Headers")).isTrue();
    }

    @Test
    void anMcpRouteTakesItsPagesAndNoOthers() {
        TestDoor door = door(MCP);

        assertThat(kit.own(door.connect()).get("/api", ORIGIN).answer().status())
                .isEqualTo(200);
        Answer refused = kit.own(door.connect())
                .get("/api", "Origin: https://evil.test\r\n")
                .answer();

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.fields().lines("Access-Control")).isEmpty();
        assertThat(preflight(door, ORIGIN).status()).isEqualTo(204);
        assertThat(preflight(door, "Origin: https://evil.test\r\n").status()).isEqualTo(403);
    }

    @Test
    void http2PreflightsAreTheSame() {
        RawHttp2Client client = kit.own(door().connectHttp2());
        Http2Stream answer = client.awaitEnd(client.open(
                Http2.head("OPTIONS", "/api", "origin", PAGE, "access-control-request-method", "DELETE"), true));
        assertThat(answer.fields().all(":status")).containsExactly("204");
        assertThat(answer.fields().all("access-control-allow-methods")).containsExactly("DELETE");
    }
}
