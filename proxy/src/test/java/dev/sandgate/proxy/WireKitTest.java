package dev.sandgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpMessages;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SseEvent;
import dev.sandgate.proxy.kit.Told;
import dev.sandgate.proxy.kit.WireStream;
import dev.sandgate.proxy.kit.WireWebSocket;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The kit's MCP and WebSocket clients, against the demo sandbox itself and against bytes. */
final class WireKitTest {

    private final Vertx vertx = Vertx.vertx();
    private final DemoSandbox sandbox =
            DemoSandbox.start(vertx, "127.0.0.1", 0, "a").await();

    @RegisterExtension
    final Invariants kit = new Invariants();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void aStreamableSessionIsOpenedCountedAndDeleted() {
        McpWire mcp = McpWire.to(sandbox.port()).open();
        Told first = mcp.call("count").told();
        assertThat(first.instance()).isEqualTo("a");
        assertThat(first.session()).isEqualTo(mcp.session());
        assertThat(first.count()).isEqualTo(1);
        assertThat(mcp.call("count").told().count()).isEqualTo(2);
        McpWire other = McpWire.to(sandbox.port()).target("/mcp?answer=sse").session(mcp.session());
        McpAnswer third = other.call("count");
        assertThat(third.told().count()).isEqualTo(3);
        assertThat(third.fields().first("Content-Type")).contains("text/event-stream");
        assertThat(mcp.delete().status()).isEqualTo(200);
        assertThat(mcp.delete().status()).isEqualTo(404);
        assertThat(mcp.call("count").error().getInteger("code")).isEqualTo(-32001);
        assertThat(mcp.post("{").error().getInteger("code")).isEqualTo(-32700);
    }

    @Test
    void aStreamIsReadAsItComesAndResumed() {
        McpWire mcp = McpWire.to(sandbox.port()).open();
        WireStream get = kit.own(mcp.events());
        assertThat(get.status()).isEqualTo(200);
        WireStream second = kit.own(mcp.events());
        assertThat(second.status()).isEqualTo(409);
        WireStream slow = kit.own(mcp.startCall(
                "slow", new JsonObject().put("steps", 4).put("every", 1).put("cutAfter", 2)));
        assertThat(slow.message().getString("method")).isEqualTo("notifications/progress");
        SseEvent last = slow.event();
        assertThat(slow.awaitEnd()).isTrue();
        WireStream rest = kit.own(mcp.resume(last.id().orElseThrow()));
        assertThat(rest.message().getJsonObject("params").getInteger("progress"))
                .isEqualTo(3);
        assertThat(rest.message().getJsonObject("params").getInteger("progress"))
                .isEqualTo(4);
        assertThat(Told.in(rest.message()).session()).isEqualTo(mcp.session());
        assertThat(get.over()).isFalse();
        get.close();
        Await.until(() -> sandbox.mcp().streams() == 0, () -> "streams: " + sandbox.mcp());
        assertThat(get.awaitEnd()).isFalse();
    }

    @Test
    void aQuestionOfTheServerIsAnsweredByAPostOfItsOwn() {
        McpWire mcp = McpWire.to(sandbox.port()).open();
        WireStream ask = kit.own(mcp.startCall("ask", new JsonObject()));
        JsonObject question = ask.message();
        assertThat(mcp.respond(question, McpMessages.sampled("so"))).isEqualTo(202);
        assertThat(Told.in(ask.message()).all().getJsonObject("answer").getString("text"))
                .isEqualTo("so");
    }

    @Test
    void aStatelessClientMirrorsWhatItAsksFor() {
        McpWire mcp = McpWire.to(sandbox.port()).version(McpWire.STATELESS).with("X-Session-Id", "k1");
        assertThat(mcp.request("server/discover", new JsonObject()).status()).isEqualTo(200);
        assertThat(mcp.call("count").told().count()).isEqualTo(1);
        assertThat(mcp.call("count").told().count()).isEqualTo(2);
        assertThat(mcp.hasSession()).isFalse();
        WireStream listening = kit.own(mcp.start("subscriptions/listen", new JsonObject()));
        assertThat(listening.message().getString("method")).isEqualTo("notifications/subscriptions/acknowledged");
    }

    @Test
    void anHttpSseSessionLivesAsLongAsItsStream() {
        McpSseWire mcp = kit.own(McpSseWire.connect(sandbox.port()));
        assertThat(mcp.endpoint()).startsWith("/messages?sessionId=");
        assertThat(mcp.open().getJsonObject("result").getString("protocolVersion"))
                .isEqualTo(McpSseWire.VERSION);
        assertThat(mcp.call("count").count()).isEqualTo(1);
        int ask = mcp.start("tools/call", McpMessages.tool("ask", new JsonObject()));
        assertThat(mcp.respond(mcp.message(), McpMessages.sampled("so"))).isEqualTo(202);
        assertThat(Told.in(mcp.await(ask)).instance()).isEqualTo("a");
        String target = mcp.messagesTarget();
        String id = target.substring(target.indexOf('=') + 1);
        assertThat(sandbox.sessionIds()).contains(id);
        mcp.close();
        Await.until(() -> !sandbox.sessionIds().contains(id), () -> "held: " + sandbox.sessionIds());
        assertThat(McpSseWire.postTo(sandbox.port(), target, List.of(), "{\"method\":\"x\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void anEndpointOfAnotherOriginIsRefusedAsClientsDo() {
        McpSseWire mcp = kit.own(McpSseWire.ask(sandbox.port(), "/sse?endpoint=http://127.0.0.1:1/m%3Fid%3D%7Bid%7D"));
        assertThat(mcp.awaitEndpoint().endpoint()).startsWith("http://127.0.0.1:1/m?id=");
        assertThatThrownBy(mcp::messagesTarget).hasMessageContaining("another origin");
    }

    @Test
    void eventsAreReadWithAnyLineEndAndOverAnyChunks() {
        RecordingInstance instance = kit.instance();
        instance.answering(Script.rawThenClose("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + chunk("\u00ef\u00bb\u00bfid: 1\r\ndata: a\r")
                + chunk("\ndata:  b\r\n\r\n: a comment\revent: x\rdata\r\r")
                + chunk("id: 2\n\nretry: 5\n\n:\ndata: \u00c3")
                + chunk("\u00a9\n\ndata: cut")
                + "0\r\n\r\n"));
        WireStream stream = kit.own(WireStream.send(instance.port(), "GET", "/", List.of(), ""));
        assertThat(stream.event()).isEqualTo(new SseEvent("message", Optional.of("1"), "a\n b"));
        assertThat(stream.event()).isEqualTo(new SseEvent("x", Optional.empty(), ""));
        assertThat(stream.event()).isEqualTo(new SseEvent("message", Optional.of("2"), ""));
        assertThat(stream.event()).isEqualTo(new SseEvent("message", Optional.empty(), "\u00e9"));
        assertThat(stream.awaitEnd()).isTrue();
        assertThat(stream.event(Await.PATIENCE)).isEmpty();
        assertThat(stream.comments()).containsExactly(" a comment", "");
    }

    @Test
    void aStreamThatIsCutIsNotWhole() {
        RecordingInstance instance = kit.instance();
        instance.answering(
                Script.rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk("data: a\n\n")));
        WireStream stream = kit.own(WireStream.send(instance.port(), "GET", "/", List.of(), ""));
        assertThat(stream.event().data()).isEqualTo("a");
        assertThat(stream.awaitEnd()).isFalse();
        assertThatThrownBy(stream::event).hasMessageContaining("no event came");
    }

    @Test
    void aWebSocketTellsItsFirstMessageEchoesAndCloses() {
        WireWebSocket socket = kit.own(
                WireWebSocket.open(sandbox.port(), "/ws", "X-Session-Id: w1", "Sec-WebSocket-Protocol: other, chat"));
        assertThat(socket.subProtocol()).contains("chat");
        assertThat(socket.json().getString("session")).isEqualTo("w1");
        assertThat(socket.send("count").json().getLong("count")).isEqualTo(2);
        assertThat(socket.send("h\u00e9").text()).isEqualTo("h\u00e9");
        Buffer large = Buffer.buffer(new byte[200_000]).setByte(199_999, (byte) 7);
        assertThat(socket.send(large, 3).receive().payload()).isEqualTo(large);
        assertThat(socket.ping("p").send("ping").send("after").text()).isEqualTo("after");
        assertThat(socket.send("close 4001 why not").awaitClose()).isEqualTo(new WireWebSocket.Closed(4001, "why not"));
    }

    @Test
    void aWebSocketIsClosedByTheClientOrCutByTheServer() {
        WireWebSocket closing = kit.own(WireWebSocket.open(sandbox.port(), "/ws"));
        assertThat(closing.close(4002, "bye").awaitClose()).isEqualTo(new WireWebSocket.Closed(4002, "bye"));
        WireWebSocket dropped = kit.own(WireWebSocket.open(sandbox.port(), "/ws"));
        assertThat(dropped.send("drop").awaitClose().code()).isEqualTo(WireWebSocket.CUT);
        WireWebSocket refused = kit.own(WireWebSocket.ask(sandbox.port(), "/ws/refuse"));
        assertThat(refused.handshake().status()).isEqualTo(403);
        assertThat(refused.handshake().body()).contains("this WebSocket is refused");
    }

    @Test
    void aSlowReaderGetsEverythingOnceItReads() {
        WireWebSocket socket = kit.own(WireWebSocket.open(sandbox.port(), "/ws"));
        socket.text();
        socket.send("flood 16");
        // the sandbox answers others while this one reads nothing
        assertThat(kit.own(WireWebSocket.open(sandbox.port(), "/ws")).json().getString("instance"))
                .isEqualTo("a");
        long had = 0;
        while (had < 16 * 1024 * 1024) {
            had += socket.receive().payload().length();
        }
        assertThat(socket.send("over").text()).isEqualTo("over");
    }

    private static String chunk(String bytes) {
        return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
    }
}
