package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.WireStream;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MCP sessions of clients that hold a session of another kind: on its instance, with a slot of their own. */
class McpBesideTest {

    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private DemoPool pool(int count) {
        return kit.own(DemoPool.of(count));
    }

    /** Opens a session by header, and tells its home. */
    private static String home(TestDoor door, String session) {
        return McpWire.to(door.port())
                .version(McpWire.STATELESS)
                .with("X-Session-Id", session)
                .call("whoami")
                .told()
                .instance();
    }

    @Test
    void aStreamableSessionIsAtItsHeaderSessionsHome() {
        TestDoor door = kit.open(pool(4).plan().affinity(DemoPool.MCP, HEADER));
        for (int i = 0; i < 8; i++) {
            String home = home(door, "s" + i);
            McpWire client =
                    McpWire.to(door.port()).with("X-Session-Id", "s" + i).open();
            // by the MCP id alone
            McpWire other = McpWire.to(door.port()).session(client.session());
            assertThat(other.call("count").told().instance()).isEqualTo(home);
            assertThat(client.call("count").told().count()).isEqualTo(2);
        }
        assertThat(door.vitals().sessions()).isEqualTo(16);
    }

    @Test
    void anSseSessionIsAtItsHeaderSessionsHomeAndEndsWithItsStream() {
        TestDoor door = kit.open(pool(4).plan().affinity(DemoPool.MCP, HEADER));
        for (int i = 0; i < 8; i++) {
            String home = home(door, "s" + i);
            McpSseWire client = kit.own(McpSseWire.ask(door.port(), "/sse", "X-Session-Id: s" + i));
            client.awaitEndpoint().open();
            assertThat(client.call("count").instance()).isEqualTo(home);
            assertThat(door.vitals().sessions()).isEqualTo(i + 2);
            // by the MCP id alone
            String ping = "{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}";
            assertThat(McpSseWire.postTo(door.port(), client.messagesTarget(), List.of(), ping)
                            .status())
                    .isEqualTo(202);
            client.close();
            int left = i + 1;
            Await.until(() -> door.vitals().sessions() == left, () -> "its stream is over: " + door.vitals());
            assertThat(home(door, "s" + i)).isEqualTo(home);
        }
    }

    @Test
    void aSessionThatFindsItsHomeFullIsRefusedAndEndedThere() {
        DemoPool pool = pool(2);
        TestDoor door = kit.open(pool.plan().main(main -> main.perInstance(1)).affinity(DemoPool.MCP, HEADER));
        home(door, "s");
        McpAnswer answer = McpWire.to(door.port()).with("X-Session-Id", "s").initialize();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.error().getJsonObject("data").getString("reason")).isEqualTo("pool-full");
        McpSseWire stream = kit.own(McpSseWire.ask(door.port(), "/sse", "X-Session-Id: s"));
        assertThat(stream.stream().status()).isEqualTo(503);
        Await.until(() -> pool.sum(sandbox -> sandbox.mcp().held()) == 0, () -> "an instance holds what nobody counts");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void aStreamWithoutAnEndpointPassesAndHoldsNoSlot() {
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 12\r\n\r\n";
        String events = "data: {}\n\n:\n";
        RecordingInstance instance = kit.instance().answering(Script.raw(head + events));
        TestDoor door = kit.open(DoorPlan.to(instance).affinity(DemoPool.MCP, HEADER));
        McpSseWire client = kit.own(McpSseWire.ask(door.port(), "/events", "X-Session-Id: s"));
        assertThat(client.stream().body()).isEqualTo(events);
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void anApplicationsCookieThatLooksLikeAnMcpIdIsNotDeleted() {
        CountDownLatch left = new CountDownLatch(1);
        RecordingInstance instance = kit.instance()
                .answering(Script.after(
                        left, Script.raw("HTTP/1.1 200 OK\r\nSet-Cookie: sid=http:a1\r\nContent-Length: 0\r\n\r\n")));
        TestDoor door = kit.open(
                DoorPlan.to(instance).affinity(DemoPool.MCP, new AffinityConfig.Cookie("sid", true, List.of())));
        WireStream leaving = McpWire.to(door.port()).start("initialize", new JsonObject());
        instance.awaitRequest();
        leaving.reset();
        Await.until(() -> door.vitals().connections() == 0, () -> "its client is still there: " + door.vitals());
        left.countDown();
        door.awaitRest();
        instance.awaitQuiet();
        assertThat(instance.requests()).extracting(SeenRequest::method).containsExactly("POST");
    }

    @Test
    void anInitializeWhoseClientLeftRunsOnAndItsSessionIsEndedAtTheInstance() {
        CountDownLatch left = new CountDownLatch(1);
        RecordingInstance instance = kit.instance()
                .answering(Script.after(
                        left, Script.raw("HTTP/1.1 200 OK\r\nMcp-Session-Id: unheard\r\nContent-Length: 0\r\n\r\n")));
        TestDoor door = kit.open(DoorPlan.to(instance).affinity(DemoPool.MCP, HEADER));
        WireStream leaving = McpWire.to(door.port()).with("X-Session-Id", "s").start("initialize", new JsonObject());
        instance.awaitRequest();
        leaving.reset();
        Await.until(() -> door.vitals().connections() == 0, () -> "its client is still there: " + door.vitals());
        left.countDown();
        door.awaitRest();
        Await.until(() -> instance.requests().size() == 2, () -> "requests: " + instance.requests());
        SeenRequest goodbye = instance.requests().get(1);
        assertThat(goodbye.method()).isEqualTo("DELETE");
        assertThat(goodbye.fields().first("mcp-session-id")).contains("unheard");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }
}
