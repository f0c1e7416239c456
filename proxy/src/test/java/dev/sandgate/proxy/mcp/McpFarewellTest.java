package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an instance is told of a Streamable HTTP session that it did not end itself. */
class McpFarewellTest {

    private static final String INITIALIZED = "HTTP/1.1 200 OK\r\nMcp-Session-Id: the-one\r\nContent-Length: 0\r\n\r\n";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final RecordingInstance instance = RecordingInstance.start();

    private TestDoor open(Duration idle) {
        kit.own(instance).answering(Script.raw(INITIALIZED));
        TestDoor door = kit.open(
                DoorPlan.to(instance).main(pool -> pool.idleTimeout(idle)).affinity(DemoPool.MCP));
        assertThat(McpWire.to(door.port()).target("/mcp?tenant=7").initialize().status())
                .isEqualTo(200);
        return door;
    }

    private List<SeenRequest> deletes() {
        return instance.requests().stream()
                .filter(request -> request.method().equals("DELETE"))
                .toList();
    }

    private void awaitFarewell(TestDoor door) {
        Await.until(() -> deletes().size() == 1, () -> "requests: " + instance.requests());
        assertThat(deletes().get(0).head().target()).isEqualTo("/mcp?tenant=7");
        assertThat(deletes().get(0).fields().first("mcp-session-id")).contains("the-one");
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void isDeletedWhereItIdledOut() {
        awaitFarewell(open(Duration.ofSeconds(1)));
    }

    @Test
    void isDeletedWhereTheOperatorEndedIt() {
        TestDoor door = open(Duration.ofMinutes(1));
        String sessions = operator(door, "GET", "/sessions").answer().body();
        String id = new JsonObject(sessions)
                .getJsonArray("sessions")
                .getJsonObject(0)
                .getString("id");
        assertThat(operator(door, "DELETE", "/sessions/" + id).answer().status())
                .isEqualTo(204);
        awaitFarewell(door);
    }

    private RawClient operator(TestDoor door, String method, String target) {
        return kit.own(RawClient.to(door.adminPort()))
                .send(method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    }

    @Test
    void isDeletedOnceWhereItsClientEndedIt() {
        TestDoor door = open(Duration.ofSeconds(1));
        assertThat(McpWire.to(door.port())
                        .target("/mcp?tenant=7")
                        .session("the-one")
                        .delete()
                        .status())
                .isEqualTo(200);
        awaitFarewell(door);
        instance.awaitQuiet();
        assertThat(deletes()).hasSize(1);
    }
}
