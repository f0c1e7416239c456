package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpMessages;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MCP through two nodes, as behind a balancer that knows nothing of sessions. */
class McpTwoNodesTest {

    /** {@code -Dsandgate.calls=10000} for a long run. */
    private static final int CALLS = Integer.getInteger("sandgate.calls", 600);

    private static final int SESSIONS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final DemoPool pool = DemoPool.of(5);
    private final List<TestDoor> doors = new ArrayList<>();

    @BeforeEach
    void open() {
        Nodes nodes = kit.nodes();
        for (int i = 0; i < 2; i++) {
            doors.add(nodes.open(pool.plan()
                    .main(plan ->
                            plan.perInstance(SESSIONS / 2).connect(PATIENCE).firstByte(PATIENCE))
                    .waits(PATIENCE, PATIENCE)));
        }
    }

    @AfterEach
    void close() {
        // an instance that stops under an open door is a fault, and logged as one
        doors.forEach(TestDoor::awaitRest);
        doors.forEach(TestDoor::close);
        pool.close();
    }

    private int port(int number) {
        return doors.get(number % doors.size()).port();
    }

    @Test
    void everyCallOfAStreamableSessionReachesItsInstanceRoundRobin() {
        List<McpWire> clients = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            McpWire client = McpWire.to(port(i));
            assertThat(client.initialize().status()).isEqualTo(200);
            assertThat(client.at(port(i + 1)).notify("notifications/initialized", new JsonObject()))
                    .isEqualTo(202);
            clients.add(client);
        }
        for (int call = 0; call < CALLS; call++) {
            int number = call % SESSIONS;
            McpAnswer answer =
                    clients.get(number).at(port(call + call / SESSIONS)).call("count");
            assertThat(answer.told().count()).isEqualTo(call / SESSIONS + 1);
            assertThat(answer.told().session()).isEqualTo(clients.get(number).session());
        }
        assertThat(pool.strays()).isZero();
        assertThat(pool.sum(sandbox -> sandbox.mcp().held())).isEqualTo(SESSIONS);
        for (int i = 0; i < SESSIONS; i++) {
            McpAnswer ended = clients.get(i).at(port(i)).delete();
            assertThat(ended.status()).as(ended.body()).isEqualTo(200);
            assertThat(clients.get(i).at(port(i)).call("count").status()).isEqualTo(404);
        }
        assertThat(pool.sum(sandbox -> sandbox.mcp().held())).isZero();
    }

    @Test
    void anSseStreamOfOneNodeIsPostedToThroughTheOther() {
        List<McpSseWire> clients = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            McpSseWire client = kit.own(McpSseWire.connect(port(i)));
            // by the thread that has just read the endpoint event, at a node that knows nothing of it
            assertThat(client.postingTo(port(i + 1)).open().containsKey("result"))
                    .isTrue();
            assertThat(client.call("count").count()).isEqualTo(1);
            assertThat(client.postingTo(port(i)).call("count").count()).isEqualTo(2);
            clients.add(client);
        }
        assertThat(pool.strays()).isZero();
        assertThat(pool.streams()).isEqualTo(SESSIONS);
        clients.forEach(McpSseWire::close);
        Await.until(
                () -> doors.get(0).vitals().sessions() == 0,
                () -> "sessions left: " + doors.get(0).vitals());
        assertThat(pool.streams()).isZero();
    }

    @Test
    void anSseSessionIsOverOnBothNodesWhenItsStreamEndsOnOne() {
        McpSseWire client = kit.own(McpSseWire.connect(port(0)));
        client.postingTo(port(1)).open();
        String target = client.messagesTarget();
        client.close();
        String body = McpMessages.request(9, "tools/call", McpMessages.tool("count", new JsonObject()))
                .encode();
        for (int i = 0; i < 2; i++) {
            int port = port(i);
            Await.until(
                    () -> McpSseWire.postTo(port, target, List.of(), body).status() == 404,
                    () -> "a session without its stream is served");
        }
    }
}
