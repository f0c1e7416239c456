package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PoolConfig.HostRule;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which fields go on, in both directions, and which are the door's own. */
final class FieldsTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private TestDoor door;

    @BeforeEach
    void open() {
        instance = kit.instance();
        door = kit.open(DoorPlan.to(instance));
    }

    private Fields seen(String... lines) {
        instance.forget();
        RawClient client = kit.own(door.connect()).get("/x", lines);
        assertThat(client.answer().status()).isEqualTo(200);
        return instance.awaitRequest().fields();
    }

    private Answer told(String... lines) {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + String.join("", lines) + "\r\n"));
        return kit.own(door.connect()).get("/x").answer();
    }

    @Test
    void whatIsBetweenNeighboursStaysBetweenThem() {
        Fields fields = seen(
                "Connection: keep-alive, X-Hop-One\r\n",
                "connection: x-hop-TWO,,\r\n",
                "X-Hop-One: 1\r\n",
                "X-Hop-Two: 2\r\n",
                "Keep-Alive: timeout=5\r\n",
                "Proxy-Connection: keep-alive\r\n",
                "Proxy-Authorization: Basic eDp5\r\n",
                "TE: trailers\r\n",
                "Trailer: X-Sum\r\n",
                "Upgrade: h9\r\n",
                "X-Kept: yes\r\n");

        assertThat(fields.lines("X-Hop")).isEmpty();
        assertThat(fields.lines("Keep-Alive")).isEmpty();
        assertThat(fields.lines("Proxy-")).isEmpty();
        assertThat(fields.lines("T")).isEmpty();
        assertThat(fields.lines("Upgrade")).isEmpty();
        assertThat(fields.lines("Connection")).isEmpty();
        assertThat(fields.lines("X-Kept")).containsExactly("X-Kept: yes");
    }

    @Test
    void whatAConnectionFieldMayNotTakeAwayStays() {
        Fields fields = seen("Connection: Host, X-Forwarded-For, Via, X-Request-Id, Content-Length\r\n");

        assertThat(fields.all("Host")).containsExactly("a.test");
        assertThat(fields.all("X-Forwarded-For")).containsExactly("127.0.0.1");
        assertThat(fields.has("Via")).isTrue();
        assertThat(fields.has("X-Request-Id")).isTrue();
    }

    @Test
    void whatTheInstanceSaysToItsNeighbourStopsAtTheDoor() {
        Answer answer = told(
                "Connection: X-Hop-One\r\n",
                "Connection: keep-alive, x-hop-two\r\n",
                "X-Hop-One: 1\r\n",
                "X-Hop-Two: 2\r\n",
                "Keep-Alive: timeout=5\r\n",
                "Proxy-Authenticate: Basic\r\n",
                "Upgrade: h2c\r\n",
                "X-Kept: yes\r\n");

        assertThat(answer.fields().lines("X-Hop")).isEmpty();
        assertThat(answer.fields().lines("Keep-Alive")).isEmpty();
        assertThat(answer.fields().lines("Proxy-")).isEmpty();
        assertThat(answer.fields().lines("Upgrade")).isEmpty();
        assertThat(answer.fields().lines("Connection")).isEmpty();
        assertThat(answer.fields().lines("X-Kept")).containsExactly("X-Kept: yes");
    }

    @Test
    void anInstancesCloseInAnyConnectionLineEndsItsConnectionAndNotTheClients() {
        instance.answering(
                Script.raw("HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: x-y\r\nContent-Length: 0\r\n\r\n"));
        RawClient client = kit.own(door.connect());
        for (int round = 1; round <= 2; round++) {
            assertThat(client.get("/x").answer().status()).isEqualTo(200);
        }
        assertThat(instance.accepted()).isEqualTo(2);
    }

    @Test
    void orderAndRepeatedLinesAreKept() {
        Fields fields = seen("X-B: 1\r\n", "X-A: 2\r\n", "x-b: 3\r\n", "Cookie: a=1\r\n", "X-Empty:\r\n", "X-A: 2\r\n");
        assertThat(fields.lines("X-A").size() + fields.lines("X-B").size()).isEqualTo(4);
        assertThat(fields.list().stream()
                        .filter(field ->
                                field.name().toLowerCase(java.util.Locale.ROOT).matches("x-[ab]|cookie|x-empty"))
                        .map(field -> field.name() + "=" + field.value()))
                .containsExactly("X-B=1", "X-A=2", "x-b=3", "Cookie=a=1", "X-Empty=", "X-A=2");

        Answer answer = told("Set-Cookie: a=1; Path=/\r\n", "X-B: 1\r\n", "Set-Cookie: b=2\r\n", "x-B: 2\r\n");
        assertThat(answer.fields().lines("Set-Cookie")).containsExactly("Set-Cookie: a=1; Path=/", "Set-Cookie: b=2");
        assertThat(answer.fields().lines("X-B")).containsExactly("X-B: 1", "x-B: 2");
    }

    @Test
    void repeatedLinesAreKeptOverHttp2() {
        instance.answering(
                Script.raw("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n"));
        RawHttp2Client client = kit.own(door.connectHttp2());
        Http2Stream answer = client.awaitEnd(
                client.open(Http2.head("GET", "/x", "cookie", "a=1", "cookie", "b=2", "x-a", "1"), true));

        assertThat(answer.fields().all("set-cookie")).containsExactly("a=1", "b=2");
        assertThat(String.join("; ", instance.awaitRequest().fields().all("Cookie")))
                .isEqualTo("a=1; b=2");
        assertThat(instance.awaitRequest().fields().first("Via").orElseThrow()).startsWith("2.0 sandgate-");
    }

    @Test
    void viaNamesTheDoorOnBothSidesAfterWhoWasBefore() {
        List<String> there = seen("Via: 1.0 fred, 1.1 p.example\r\n").all("Via");
        assertThat(there).hasSize(2).first().isEqualTo("1.0 fred, 1.1 p.example");
        assertThat(there.get(1)).matches("1\\.1 sandgate-[0-9a-f]{8}");

        List<String> back = told("Via: 1.1 cache\r\n").fields().all("Via");
        assertThat(back).containsExactly("1.1 cache", there.get(1));
    }

    @Test
    void fieldsWithAnUnderscoreGoNowhere() {
        assertThat(seen("X_Forwarded_For: 6.6.6.6\r\n", "Content_Length: 5\r\n").list())
                .noneMatch(field -> field.name().contains("_"));
    }

    @ParameterizedTest
    @EnumSource(HostRule.class)
    void theInstanceSeesItsOwnHostUnlessThePoolPreservesTheClients(HostRule rule) {
        TestDoor other = kit.open(DoorPlan.to(instance).main(pool -> pool.host(rule)));
        kit.own(other.connect())
                .send("GET /x HTTP/1.1\r\nHost: A.Test:81\r\n\r\n")
                .answer();
        Fields fields = instance.awaitRequest().fields();

        assertThat(fields.all("Host"))
                .containsExactly(rule == HostRule.PRESERVE ? "A.Test:81" : "127.0.0.1:" + instance.port());
        assertThat(fields.all("X-Forwarded-Host")).containsExactly("A.Test:81");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theInstanceIsNamedOnlyWhereTheRouteSaysDebugAndNeverByItself(boolean debug) {
        DoorPlan plan = DoorPlan.to(instance);
        TestDoor other = kit.open(debug ? plan.debug() : plan);
        instance.answering(
                Script.raw(
                        "HTTP/1.1 200 OK\r\nX-Sandgate-Instance: forged\r\nX-Sandgate-Reason: forged\r\nContent-Length: 0\r\n\r\n"));
        RawClient client = kit.own(other.connect());
        String forged = "X-Sandgate-Instance: forged\r\n";

        for (String reason : List.of("new", "kept")) {
            Answer answer = client.get("/x", forged, "X-Session-Id: s\r\n").answer();
            assertThat(answer.fields().all("X-Sandgate-Instance"))
                    .isEqualTo(debug ? List.of("127.0.0.1:" + instance.port()) : List.of());
            assertThat(answer.fields().all("X-Sandgate-Reason")).isEqualTo(debug ? List.of(reason) : List.of());
        }
        Answer spread = client.get("/x").answer();
        assertThat(spread.fields().all("X-Sandgate-Reason")).isEqualTo(debug ? List.of("spread") : List.of());
        assertThat(instance.requests())
                .allSatisfy(
                        seen -> assertThat(seen.fields().lines("X-Sandgate")).isEmpty());
    }
}
