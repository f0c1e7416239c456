package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpMessages;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SseEvent;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.WireStream;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of HTTP+SSE hears before, with and after the endpoint event, and what of it is pinned. */
class McpHoldTest {

    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String ENDPOINT = "event: endpoint\ndata: /messages?sessionId=a1\n\n";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    /** Answers a GET with these pieces, from the second on after the event, and then with silence; a POST with 202. */
    private TestDoor door(CountDownLatch event, String first, String... more) {
        RecordingInstance instance = kit.instance().answering((request, line) -> {
            if (request.method().equals("POST")) {
                line.send("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            line.send(HEAD + chunk(first));
            for (String piece : more) {
                line.await(event);
                line.send(chunk(piece));
            }
            line.stall();
        });
        return kit.open(DoorPlan.to(instance).affinity(DemoPool.MCP));
    }

    private TestDoor door(String first) {
        return door(new CountDownLatch(0), first);
    }

    private static int post(TestDoor door, String target) {
        String ping = McpMessages.request(1, "ping", new JsonObject()).encode();
        return McpSseWire.postTo(door.port(), target, List.of(), ping).status();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void aSessionIsPinnedAsSoonAsItsEndpointEventIsWholeAndEndsWithItsStream(String end) {
        TestDoor door = door(ENDPOINT.replace("\n", end));
        try (McpSseWire client = McpSseWire.connect(door.port())) {
            assertThat(client.endpoint()).isEqualTo("/messages?sessionId=a1");
            assertThat(door.vitals().sessions()).isEqualTo(1);
            assertThat(post(door, client.messagesTarget())).isEqualTo(202);
        }
        Await.until(() -> door.vitals().sessions() == 0, () -> "its stream is over: " + door.vitals());
        assertThat(post(door, "/messages?sessionId=a1")).isEqualTo(404);
    }

    @Test
    void whatComesBeforeTheEndpointComesWithItAndNothingIsHeldBehindIt() {
        CountDownLatch event = new CountDownLatch(1);
        TestDoor door = door(
                event,
                ": hello\n\nevent: message\ndata: {\"n\":1}\n\nevent: end",
                "point\ndata: /m?sessionId=a1\n\n: ha");
        McpSseWire client = kit.own(McpSseWire.ask(door.port(), "/sse"));
        Await.until(() -> door.vitals().reservations() == 1, () -> "nothing is under way: " + door.vitals());
        assertThat(client.stream().heard()).isEmpty();
        event.countDown();
        assertThat(client.stream().status()).isEqualTo(200);
        assertThat(door.vitals().sessions()).isEqualTo(1);
        assertThat(client.stream().event()).extracting(SseEvent::name).isEqualTo("message");
        client.awaitEndpoint();
        assertThat(client.endpoint()).isEqualTo("/m?sessionId=a1");
        Await.until(
                () -> client.stream().heard().contains(": ha"),
                () -> "held: " + client.stream().heard());
    }

    @Test
    void aStreamThatNamesNoEndpointIn64KiBPassesUnpinned() {
        CountDownLatch event = new CountDownLatch(1);
        String news = "data: {\"n\":0}\n\n";
        TestDoor door = door(event, news + (":" + "x".repeat(1022) + "\n").repeat(64), news);
        McpSseWire client = kit.own(McpSseWire.ask(door.port(), "/sse"));
        assertThat(client.stream().status()).isEqualTo(200);
        assertThat(client.message().getInteger("n")).isZero();
        assertThat(door.vitals().sessions()).isZero();
        Await.until(() -> door.vitals().reservations() == 0, () -> "its slot is held: " + door.vitals());
        event.countDown();
        assertThat(client.message().getInteger("n")).isZero();
    }

    @Test
    void anEndpointWithoutAnIdPassesUnpinnedAndDoesNotNameTheInstance() {
        TestDoor door = door("event: endpoint\ndata: http://10.0.0.1:9/messages\n\n");
        try (McpSseWire client = McpSseWire.connect(door.port())) {
            assertThat(client.endpoint()).isEqualTo("/messages");
            assertThat(door.vitals().sessions()).isZero();
            assertThat(post(door, "/messages")).isEqualTo(202);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 10\r\n\r\ndata: {}\n\n",
                "Content-Length: 0\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\n5\r\ndata:\r\n5\r\n {}\n\n\r\n0\r\n\r\n"
            })
    void aStreamThatEndsWithoutAnEndpointPassesWhole(String rest) {
        RecordingInstance instance =
                kit.instance().answering(Script.raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + rest));
        TestDoor door = kit.open(DoorPlan.to(instance).affinity(DemoPool.MCP));
        WireStream stream = kit.own(McpSseWire.ask(door.port(), "/news")).stream();
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.awaitEnd()).isTrue();
        assertThat(stream.body()).isEqualTo(rest.contains(": 0") ? "" : "data: {}\n\n");
        assertThat(door.vitals().sessions()).isZero();
    }
}
