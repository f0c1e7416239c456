package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.conf.RewriteConfig.Fields;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.RouteLimits;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.WireWebSocket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A route that changes fields and paths: what its instance sees, and what its client gets. */
final class RewriteTest {

    private static final Fields REQUEST = new Fields(
            Map.of("X-Old", "X-New"), List.of("X-Gone", "User-Agent"), Map.of("Authorization", "Bearer inner"));
    private static final Fields ANSWER =
            new Fields(Map.of("X-Inner", "X-Outer"), List.of("Server"), Map.of("X-Frame-Options", "DENY"));

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeEach
    void start() {
        instance = kit.instance();
    }

    private TestDoor door(RewriteConfig rewrite, AffinityConfig... sources) {
        RouteConfig route = RouteConfig.plain(
                        "app", List.of(), List.of("/app"), Map.of(), "main", List.of(sources), List.of(), true)
                .changing(rewrite, Optional.empty(), RouteLimits.NONE);
        return kit.open(DoorPlan.to(instance)
                .main(pool -> pool.host(PoolConfig.HostRule.INSTANCE))
                .route(route));
    }

    private Answer get(TestDoor door, String target, String... lines) {
        return kit.own(door.connect()).get(target, lines).answer();
    }

    @Test
    void theInstanceSeesFieldsRenamedRemovedAndSet() {
        TestDoor door = door(new RewriteConfig(REQUEST, Fields.NOTHING, "", ""));

        get(
                door,
                "/app/x",
                String.join(
                        "\r\n",
                        "X-Old: one",
                        "x-old: tw\u00f6",
                        "X-New: forged",
                        "x-gone: a",
                        "Authorization: Bearer outer",
                        "User-Agent: b",
                        "X-Other: c",
                        ""));

        SeenRequest seen = instance.awaitRequest();
        assertThat(seen.fields().all("X-New")).containsExactly("one", "tw\u00f6");
        assertThat(seen.fields().all("X-Old")).isEmpty();
        assertThat(seen.fields().all("X-Gone")).isEmpty();
        assertThat(seen.fields().all("User-Agent")).isEmpty();
        assertThat(seen.fields().all("Authorization")).containsExactly("Bearer inner");
        assertThat(seen.fields().all("X-Other")).containsExactly("c");
    }

    @Test
    void theClientGetsFieldsRenamedRemovedAndSetAndRefusalsAreOurOwn() {
        instance.answering(Script.raw(String.join(
                "\r\n",
                "HTTP/1.1 200 OK",
                "Server: secret/1",
                "X-Inner: \u00e4",
                "X-Frame-Options: ALLOW",
                "Content-Length: 0",
                "",
                "")));
        TestDoor door = door(new RewriteConfig(Fields.NOTHING, ANSWER, "", ""));

        Answer answer = get(door, "/app");
        Answer refused = get(door, "/app", "X-Forwarded-For: 1\r\nConnection: close\r\nTransfer-Encoding: x\r\n");

        assertThat(answer.fields().all("Server")).isEmpty();
        assertThat(answer.fields().all("X-Outer")).containsExactly("\u00e4");
        assertThat(answer.fields().all("X-Frame-Options")).containsExactly("DENY");
        assertThat(answer.fields().has("X-Sandgate-Instance")).isTrue();
        assertThat(refused.status()).isGreaterThanOrEqualTo(400);
        assertThat(refused.fields().has("X-Frame-Options")).isFalse();
    }

    @Test
    void http2SeesTheSame() {
        instance.answering(Script.raw(
                "HTTP/1.1 302 Found\r\nServer: s\r\nX-Inner: in\r\nLocation: /v1/there\r\nContent-Length: 0\r\n\r\n"));
        RawHttp2Client client =
                kit.own(door(new RewriteConfig(REQUEST, ANSWER, "/app", "/v1")).connectHttp2());

        Http2Stream answer = client.awaitEnd(client.open(Http2.head("GET", "/app/x?y", "x-old", "one"), true));

        assertThat(answer.fields().all("location")).containsExactly("/app/there");
        assertThat(answer.fields().all("x-outer")).containsExactly("in");
        assertThat(answer.fields().all("server")).isEmpty();
        assertThat(instance.awaitRequest().target()).isEqualTo("/v1/x?y");
        assertThat(instance.awaitRequest().fields().all("x-new")).containsExactly("one");
    }

    @Test
    void whatTheInstanceSaysOfItsPathsLeadsBackToTheDoor() {
        instance.answering((request, line) -> line.send("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n"
                + "Location: http://127.0.0.1:" + instance.port() + "/v1/made\r\n"
                + "Content-Location: http://a.test/v1/made?x\r\n"
                + "Refresh: 5; url=/v1/soon\r\n"
                + "Set-Cookie: a=b; Path=/v1; Domain=127.0.0.1; HttpOnly\r\n"
                + "Set-Cookie: c=d\r\n\r\n"));
        TestDoor door = door(new RewriteConfig(Fields.NOTHING, Fields.NOTHING, "/app", "/v1"));

        Answer answer = get(door, "/app?q");

        assertThat(instance.awaitRequest().target()).isEqualTo("/v1?q");
        assertThat(answer.fields().all("Location")).containsExactly("/app/made");
        assertThat(answer.fields().all("Content-Location")).containsExactly("http://a.test/app/made?x");
        assertThat(answer.fields().all("Refresh")).containsExactly("5; url=/app/soon");
        assertThat(answer.fields().all("Set-Cookie")).containsExactly("a=b; Path=/app; HttpOnly", "c=d");
    }

    @Test
    void withoutAPrefixAddressesStayAsTheyAre() {
        String there = "http://127.0.0.1:" + instance.port() + "/there";
        instance.answering(Script.raw("HTTP/1.1 302 Found\r\nLocation: " + there
                + "\r\nSet-Cookie: a=b; Domain=127.0.0.1\r\nContent-Length: 0\r\n\r\n"));
        Answer answer = get(door(new RewriteConfig(REQUEST, ANSWER, "", "")), "/app");
        assertThat(answer.fields().all("Location")).containsExactly(there);
        assertThat(answer.fields().all("Set-Cookie")).containsExactly("a=b; Domain=127.0.0.1");
    }

    @Test
    void aPathThatCanBeReadInTwoWaysBehindThePrefixIsRefused() {
        TestDoor door = door(new RewriteConfig(Fields.NOTHING, Fields.NOTHING, "/app", ""));

        assertThat(get(door, "/app%2F%2Fevil.test/").refusal()).isEqualTo("path-invalid");
        assertThat(get(door, "/app//evil.test/").body()).isEqualTo("GET /evil.test/");
        assertThat(instance.requests()).hasSize(1);
    }

    @Test
    void sessionsAreToldByThePathOfTheClient() {
        TestDoor door =
                door(new RewriteConfig(Fields.NOTHING, Fields.NOTHING, "/app", ""), new AffinityConfig.Path("/app/s/"));

        assertThat(get(door, "/app/s/alice/x").body()).isEqualTo("GET /s/alice/x");
        assertThat(door.vitals().sessions()).isEqualTo(1);
        get(door, "/app/s/alice/y");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void ourOwnCookieStaysAsItIsBesideTheInstances() {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n"));
        TestDoor door = door(
                new RewriteConfig(Fields.NOTHING, Fields.NOTHING, "/app", ""),
                new AffinityConfig.Cookie("door", false, List.of()));

        List<String> cookies = get(door, "/app").fields().all("Set-Cookie");

        assertThat(cookies).contains("a=b; Path=/app").hasSize(2);
        assertThat(cookies)
                .filteredOn(cookie -> cookie.startsWith("door="))
                .singleElement()
                .asString()
                .contains("Path=/;");
    }

    @Test
    void aWebSocketsHandshakeIsChangedToo() {
        instance.answering(Script.rawThenStall(String.join(
                "\r\n",
                "HTTP/1.1 101 Switching Protocols",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "Server: s",
                "X-Inner: in",
                "",
                "")));
        WireWebSocket socket = kit.own(WireWebSocket.open(
                door(new RewriteConfig(REQUEST, ANSWER, "/app", "/v1")).port(), "/app/ws", "X-Old: one"));

        assertThat(instance.awaitRequest().target()).isEqualTo("/v1/ws");
        assertThat(instance.awaitRequest().fields().all("X-New")).containsExactly("one");
        assertThat(socket.handshake().fields().all("X-Outer")).containsExactly("in");
        assertThat(socket.handshake().fields().all("Server")).isEmpty();
    }
}
