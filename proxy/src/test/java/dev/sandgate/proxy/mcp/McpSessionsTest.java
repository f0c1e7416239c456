package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.bench.sandbox.SandboxOptions;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.Told;
import dev.sandgate.proxy.kit.WireStream;
import dev.sandgate.proxy.kit.WireWebSocket;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MCP sessions of every generation, and WebSockets, through a real door to demo sandboxes. */
class McpSessionsTest {

    private static final AffinityConfig.Mcp MCP =
            new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of());

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<DemoSandbox> sandboxes = new ArrayList<>();

    @AfterEach
    void closeSandboxes() {
        Await.finished(vertx.close());
    }

    private TestDoor door(int count, int perInstance, AffinityConfig... affinity) {
        IntStream.range(0, count)
                .mapToObj(number -> SandboxOptions.of("127.0.0.1", 0, "sandbox-" + number))
                .map(options -> Await.finished(DemoSandbox.start(vertx, options)))
                .forEach(sandboxes::add);
        URI[] urls = sandboxes.stream().map(DemoSandbox::url).map(URI::create).toArray(URI[]::new);
        return kit.open(DoorPlan.toUrls(urls)
                .main(pool -> pool.perInstance(perInstance))
                .affinity(affinity)
                .debug());
    }

    private long strays() {
        return sandboxes.stream().mapToLong(sandbox -> sandbox.mcp().strays()).sum();
    }

    @Test
    void streamableSessionsStayAtHome() {
        TestDoor door = door(20, 10, MCP);
        List<McpWire> clients = IntStream.range(0, 200)
                .mapToObj(i -> McpWire.to(door.port()).open())
                .toList();
        for (int round = 1; round <= 3; round++) {
            for (McpWire client : clients) {
                Told told = client.call("count").told();
                assertThat(told.count()).isEqualTo(round);
                assertThat(told.session()).isEqualTo(client.session());
            }
        }
        assertThat(strays()).isZero();
        assertThat(door.vitals().sessions()).isEqualTo(200);
        clients.forEach(client -> assertThat(client.delete().status()).isEqualTo(200));
        assertThat(door.vitals().sessions()).isZero();
        assertThat(sandboxes.stream().mapToInt(sandbox -> sandbox.mcp().held()).sum())
                .isZero();
    }

    @Test
    void sseSessionsStayAtHomeAndEndWithTheirStream() {
        TestDoor door = door(20, 10, MCP);
        List<McpSseWire> clients = IntStream.range(0, 200)
                .mapToObj(i -> {
                    McpSseWire client = kit.own(McpSseWire.connect(door.port()));
                    client.open();
                    return client;
                })
                .toList();
        for (int round = 1; round <= 3; round++) {
            for (McpSseWire client : clients) {
                assertThat(client.endpoint()).startsWith("/messages?");
                assertThat(client.call("count").count()).isEqualTo(round);
            }
        }
        assertThat(strays()).isZero();
        assertThat(door.vitals().sessions()).isEqualTo(200);
        clients.forEach(McpSseWire::close);
        Await.until(() -> door.vitals().sessions() == 0, () -> "sessions left: " + door.vitals());
    }

    @Test
    void anAbsoluteEndpointBecomesAPathOnTheDoor() {
        TestDoor door = door(1, 10, MCP);
        McpSseWire client = kit.own(
                        McpSseWire.ask(door.port(), "/sse?endpoint=http://10.0.0.1:9/messages?session_id=%7Bid%7D"))
                .awaitEndpoint();
        assertThat(client.endpoint()).startsWith("/messages?session_id=");
        assertThat(client.open().containsKey("result")).isTrue();
    }

    @Test
    void anUnknownSessionIsNotFoundAsMcpClientsReadIt() {
        TestDoor door = door(1, 10, MCP);
        McpAnswer answer = McpWire.to(door.port()).session("nobody").call("count");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error().getInteger("code")).isEqualTo(-32001);
        assertThat(answer.message().getValue("id")).isNull();
        assertThat(answer.error().getJsonObject("data").getString("reason")).isEqualTo("session-unknown");
        assertThat(sandboxes.get(0).mcp().requests()).isEmpty();
    }

    @Test
    void aDeletedSessionEndsOnceAndIsNotFoundAfterwards() {
        TestDoor door = door(2, 10, MCP);
        McpWire client = McpWire.to(door.port()).open();
        String id = client.session();
        assertThat(client.delete().status()).isEqualTo(200);
        assertThat(McpWire.to(door.port()).session(id).delete().status()).isEqualTo(404);
        assertThat(McpWire.to(door.port()).session(id).call("count").status()).isEqualTo(404);
        assertThat(sandboxes.stream()
                        .mapToLong(sandbox -> sandbox.mcp().deletes())
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void aClientThatLeavesDuringInitializeLeavesNoSessionBehind() {
        TestDoor door = door(1, 10, MCP);
        McpWire client = McpWire.to(door.port()).target("/mcp?wait=400");
        WireStream leaving = client.start(
                "initialize",
                new JsonObject()
                        .put("protocolVersion", McpWire.NEWEST)
                        .put("capabilities", new JsonObject())
                        .put("clientInfo", new JsonObject().put("name", "t").put("version", "1")));
        Await.until(() -> sandboxes.get(0).requests() > 0, () -> "initialize never came");
        leaving.reset();
        Await.until(
                () -> sandboxes.get(0).mcp().deletes() == 1,
                () -> "no DELETE: " + sandboxes.get(0).mcp());
        assertThat(sandboxes.get(0).mcp().held()).isZero();
        Await.until(() -> door.vitals().reservations() == 0, () -> "a slot is held: " + door.vitals());
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void anIdThatTwoInstancesClaimStaysWithTheFirst() {
        TestDoor door = door(2, 1, MCP);
        McpWire first = McpWire.to(door.port()).target("/mcp?id=same").open();
        McpAnswer second = McpWire.to(door.port()).target("/mcp?id=same").initialize();
        assertThat(second.status()).isEqualTo(502);
        assertThat(first.call("count").told().count()).isEqualTo(1);
    }

    @Test
    void requestsOfTheStatelessGenerationAreSpreadAndHoldNoSlot() {
        TestDoor door = door(2, 1, MCP);
        for (int i = 0; i < 10; i++) {
            McpAnswer answer =
                    McpWire.to(door.port()).version(McpWire.STATELESS).call("whoami");
            assertThat(answer.status()).isEqualTo(200);
        }
        assertThat(door.vitals().sessions()).isZero();
        assertThat(door.vitals().reservations()).isZero();
    }

    @Test
    void aServerWithoutSessionsIsServedAndItsSlotsGoBack() {
        TestDoor door = door(1, 1, MCP);
        for (int i = 0; i < 5; i++) {
            McpAnswer answer =
                    McpWire.to(door.port()).target("/mcp?stateless=true").initialize();
            assertThat(answer.status()).isEqualTo(200);
        }
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void aStrangersOriginIsForbidden() {
        TestDoor door = door(1, 10, MCP);
        McpAnswer answer =
                McpWire.to(door.port()).with("Origin", "https://evil.test").initialize();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.error().getJsonObject("data").getString("reason")).isEqualTo("forbidden");
    }

    @Test
    void aWebSocketIsPinnedLikeAnythingElse() {
        TestDoor door = door(20, 10, new AffinityConfig.Header("X-Session-Id", false));
        for (int i = 0; i < 200; i++) {
            String session = "ws-" + i;
            String home = "";
            for (int round = 1; round <= 3; round++) {
                WireWebSocket socket = kit.own(WireWebSocket.open(door.port(), "/ws", "X-Session-Id: " + session));
                JsonObject told = socket.json();
                assertThat(told.getInteger("count")).isEqualTo(round);
                assertThat(told.getString("session")).isEqualTo(session);
                assertThat(home.isEmpty() || home.equals(told.getString("instance")))
                        .isTrue();
                home = told.getString("instance");
                socket.send("hello " + round);
                assertThat(socket.text()).isEqualTo("hello " + round);
                socket.close(1000, "bye");
                assertThat(socket.awaitClose().code()).isEqualTo(1000);
            }
        }
    }

    @Test
    void aWebSocketsCloseCodeSubProtocolAndRefusalAreKept() {
        TestDoor door = door(1, 10, new AffinityConfig.Header("X-Session-Id", false));
        WireWebSocket socket = kit.own(
                WireWebSocket.open(door.port(), "/ws", "X-Session-Id: a", "Sec-WebSocket-Protocol: chat, echo"));
        assertThat(socket.subProtocol()).contains("chat");
        assertThat(socket.json().getString("session")).isEqualTo("a");
        socket.send("close 4001 enough");
        assertThat(socket.awaitClose()).isEqualTo(new WireWebSocket.Closed(4001, "enough"));
        WireWebSocket refused = kit.own(WireWebSocket.ask(door.port(), "/ws/refuse", "X-Session-Id: a"));
        assertThat(refused.accepted()).isFalse();
        assertThat(refused.handshake().status()).isEqualTo(403);
        assertThat(refused.handshake().body()).isNotEmpty();
    }

    @Test
    void aWebSocketThatIsNotReadHoldsTheInstanceBack() {
        TestDoor door = door(1, 10, new AffinityConfig.Header("X-Session-Id", false));
        WireWebSocket socket = kit.own(WireWebSocket.open(door.port(), "/ws", "X-Session-Id: flood"));
        assertThat(socket.json().getString("session")).isEqualTo("flood");
        socket.send("flood 32");
        long bytes = 0;
        while (bytes < 32L * 1024 * 1024) {
            bytes += socket.receive().payload().length();
        }
        assertThat(bytes).isEqualTo(32L * 1024 * 1024);
    }
}
