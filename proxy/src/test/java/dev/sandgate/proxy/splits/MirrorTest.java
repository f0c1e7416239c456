package dev.sandgate.proxy.splits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.MirrorConfig;
import dev.sandgate.conf.RetriesConfig;
import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.RouteLimits;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenHead;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Copies of requests for a pool whose answers are thrown away. */
final class MirrorTest {

    private static final String PIECE = "x".repeat(64 * 1024);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance real;
    private RecordingInstance shadow;

    @BeforeEach
    void start() {
        real = kit.instance().answering(Script.ok("real"));
        shadow = kit.instance().answering(Script.ok("shadow"));
    }

    private DoorPlan plan() {
        return DoorPlan.to(real).pool(PoolPlan.of("shadow", shadow)).mirror("shadow", 100);
    }

    private static String metric(TestDoor door, String outcome) {
        String line = "sandgate_mirrored_total{outcome=\"" + outcome + "\",route=\"main\"} ";
        return door.admin("GET", "/metrics")
                .body()
                .lines()
                .filter(each -> each.startsWith(line))
                .map(each -> each.substring(line.length()))
                .findFirst()
                .orElse("0.0");
    }

    private static void awaitOutcome(TestDoor door, String outcome, int count) {
        Await.until(
                () -> metric(door, outcome).equals(count + ".0"),
                () -> outcome + ": "
                        + door.admin("GET", "/metrics")
                                .body()
                                .lines()
                                .filter(line -> line.contains("mirrored"))
                                .toList());
    }

    @Test
    void aCopyCarriesWhatTheInstanceGetsWithoutWhatIsItsClientsOwn() {
        TestDoor door = kit.open(plan());
        try (RawClient client = door.connect()) {
            client.send(
                    "POST /work?a=1 HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: alice\r\nCookie: login=1\r\n"
                            + "Authorization: Bearer t\r\nX-Sandgate-Mirror: 0\r\nX-Other: 7\r\nContent-Length: 5\r\n\r\nhello");
            assertThat(client.answer().body()).isEqualTo("real");
        }
        SeenRequest copy = shadow.awaitRequest();
        SeenRequest original = real.awaitRequest();

        assertThat(copy.toString()).isEqualTo(original.toString()).isEqualTo("POST /work?a=1");
        assertThat(copy.body()).isEqualTo("hello");
        assertThat(copy.head().fields().all("X-Other")).containsExactly("7");
        assertThat(copy.head().fields().all("X-Sandgate-Mirror")).containsExactly("1");
        assertThat(copy.head().fields().all("Host")).containsExactly("a.test");
        assertThat(copy.head().fields().all("X-Request-Id"))
                .isEqualTo(original.head().fields().all("X-Request-Id"));
        for (String own : List.of("Cookie", "Authorization", "X-Session-Id")) {
            assertThat(copy.head().fields().has(own)).as(own).isFalse();
            assertThat(original.head().fields().has(own)).as(own).isTrue();
        }
        assertThat(original.head().fields().has("X-Sandgate-Mirror")).isFalse();
        awaitOutcome(door, "answered", 1);
        assertThat(door.vitals().sessions()).isEqualTo(1);
        assertThat(door.admin("GET", "/metrics").body()).doesNotContain("sandgate_requests_total{pool=\"shadow\"");
    }

    @Test
    void aCredentialUnderAnotherNameIsStillNoneOfTheShadows() {
        RewriteConfig.Fields renamed =
                new RewriteConfig.Fields(Map.of("Authorization", "X-Token", "X-Tier", "X-Level"), List.of(), Map.of());
        RewriteConfig rewrite = new RewriteConfig(renamed, RewriteConfig.Fields.NOTHING, "", "/v2");
        TestDoor door = kit.open(plan().route(new RouteConfig(
                "renamed",
                List.of(),
                List.of("/x"),
                Map.of(),
                "main",
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(new MirrorConfig("shadow", 100)),
                rewrite,
                Optional.empty(),
                RouteLimits.NONE,
                false)));
        door.get("Authorization: Bearer t\r\nX-Tier: gold\r\n");

        SeenRequest copy = shadow.awaitRequest();
        assertThat(copy.target()).isEqualTo("/v2/x");
        assertThat(copy.fields().all("X-Level")).containsExactly("gold");
        assertThat(copy.fields().has("X-Token")).isFalse();
        assertThat(real.awaitRequest().fields().all("X-Token")).containsExactly("Bearer t");
    }

    @Test
    void aBodyOfUnknownLengthIsCopiedWhole() {
        TestDoor door = kit.open(plan());
        try (RawClient client = door.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            real.awaitHead(any -> true);
            client.send("6\r\n world\r\n0\r\n\r\n");
            assertThat(client.answer().body()).isEqualTo("real");
        }
        assertThat(shadow.awaitRequest().body()).isEqualTo("hello world");
        awaitOutcome(door, "answered", 1);
    }

    @Test
    void aHalfOfTheRequestsIsAHalf() {
        TestDoor door = kit.open(plan().mirror("shadow", 50));
        int asked = 400;
        try (RawClient client = door.connect()) {
            for (int at = 0; at < asked; at++) {
                assertThat(client.get("/x").answer().body()).isEqualTo("real");
            }
        }
        door.awaitRest();
        // five standard deviations
        assertThat((double) shadow.requests().size())
                .isCloseTo(asked / 2.0, Offset.offset(5 * Math.sqrt(asked * 0.25)));
    }

    @Test
    void whateverTheShadowDoesTheClientGetsItsAnswer() {
        DeadInstance dead = kit.own(DeadInstance.refusing());
        TestDoor door = kit.open(DoorPlan.to(real)
                .pool(PoolPlan.named("shadow", dead.url()))
                .mirror("shadow", 100)
                .affinity());
        assertThat(door.get().body()).isEqualTo("real");
        awaitOutcome(door, "failed", 1);

        TestDoor other = kit.open(plan());
        shadow.answering(Script.rawThenClose("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
        assertThat(other.ask("alice").body()).isEqualTo("real");
        awaitOutcome(other, "answered", 1);
        int failed = 0;
        for (String answer : List.of("nonsense\r\n\r\n", "HTTP/1.1 200 OK", "")) {
            shadow.answering(Script.rawThenClose(answer));
            assertThat(other.ask("alice").body()).isEqualTo("real");
            failed++;
            awaitOutcome(other, "failed", failed);
        }
    }

    @Test
    void aPoolWithoutAnInstanceGetsNothing() {
        TestDoor door = kit.open(plan().pool(PoolPlan.named("shadow")));
        assertThat(door.ask("alice").body()).isEqualTo("real");
        awaitOutcome(door, "nowhere", 1);
    }

    @Test
    void aCopyThatFallsBehindIsBrokenOffAndTheUploadGoesOn() {
        CountDownLatch never = new CountDownLatch(1);
        shadow.onHead((head, line) -> line.await(never));
        TestDoor door = kit.open(plan());
        int pieces = 256;
        try (RawClient client = door.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + pieces * PIECE.length() + "\r\n\r\n");
            for (int at = 0; at < pieces; at++) {
                client.send(PIECE);
            }
            assertThat(client.answer().body()).isEqualTo("real");
        }
        awaitOutcome(door, "behind", 1);
        never.countDown();
        assertThat(shadow.requests()).isEmpty();
        assertThat(real.awaitRequest().body()).hasSize(pieces * PIECE.length());
    }

    @Test
    void halfABodyIsNotPassedOffAsWhole() {
        TestDoor door = kit.open(plan());
        try (RawClient client = door.connect()) {
            client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            shadow.awaitHead(any -> true);
            client.reset();
        }
        awaitOutcome(door, "cut", 1);
        shadow.awaitConnections(0);
        assertThat(shadow.requests()).isEmpty();
    }

    @Test
    void whoeverIsTriedTwiceIsCopiedOnce() {
        real.answering(Script.raw("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"));
        TestDoor door = kit.open(
                plan().affinity().main(pool -> pool.retries(new RetriesConfig(Set.of("GET"), Set.of(503), 1, 100))));
        door.get();
        assertThat(door.get().status()).isEqualTo(503);
        door.awaitRest();
        assertThat(real.requests()).hasSizeGreaterThan(2);
        assertThat(shadow.requests()).hasSize(2);
    }

    @Test
    void noStreamIsCopiedNorAnythingOfAnMcpSession() {
        TestDoor door = kit.open(plan().affinity());
        assertThat(door.get("Accept: text/event-stream\r\n").body()).isEqualTo("real");
        try (RawClient client = door.connect()) {
            client.send(String.join(
                    "\r\n",
                    "GET /x HTTP/1.1",
                    "Host: a.test",
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "",
                    ""));
            assertThat(client.answer().body()).isEqualTo("real");
        }
        TestDoor mcp = kit.open(plan().affinity(
                        new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of())));
        McpWire.to(mcp.port()).post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}");
        mcp.awaitRest();
        assertThat(shadow.heads()).isEmpty();

        McpWire.to(mcp.port())
                .version(McpWire.STATELESS)
                .post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
        SeenHead copy = shadow.awaitHead(any -> true);
        assertThat(copy.fields().all("X-Sandgate-Mirror")).containsExactly("1");
    }

    @Test
    void aDoorThatClosesBreaksOffItsCopies() {
        CountDownLatch never = new CountDownLatch(1);
        shadow.answering(Script.after(never, Script.ok("late")));
        try (TestDoor door =
                TestDoor.open(plan().pool(PoolPlan.of("shadow", shadow).firstByte(Duration.ofMinutes(5))))) {
            assertThat(door.ask("alice").body()).isEqualTo("real");
            shadow.awaitRequest();
        }
        shadow.awaitConnections(1);
        never.countDown();
        shadow.awaitConnections(0);
    }
}
