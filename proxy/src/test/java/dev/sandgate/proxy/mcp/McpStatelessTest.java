package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.WireStream;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MCP 2026-07-28: no session of its own, so spread, or at home with a session of another kind. */
class McpStatelessTest {

    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);
    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie("sandgate", false, List.of());

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final DemoPool pool = DemoPool.of(3);

    @BeforeEach
    void ownPool() {
        kit.own(pool);
    }

    private static McpWire client(TestDoor door) {
        return McpWire.to(door.port()).version(McpWire.STATELESS);
    }

    @Test
    void requestsAreSpreadWhateverSessionTheyName() {
        TestDoor door = kit.open(pool.plan());
        McpWire client = client(door).with("Mcp-Session-Id", "stray");
        Set<String> instances = new HashSet<>();
        Await.until(
                () -> {
                    instances.add(client.call("whoami").told().instance());
                    return instances.size() == 3;
                },
                () -> "only of " + instances);
        assertThat(client.request("server/discover", new JsonObject()).result().getJsonArray("supportedVersions"))
                .contains(McpWire.STATELESS);
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void theEndOfAnAnswersStreamReachesTheInstanceAtOnce() {
        TestDoor door = kit.open(pool.plan());
        WireStream listening = kit.own(client(door).start("subscriptions/listen", new JsonObject()));
        assertThat(listening.message().getString("method")).isEqualTo("notifications/subscriptions/acknowledged");
        assertThat(pool.streams()).isEqualTo(1);
        listening.close();
        Await.until(() -> pool.streams() == 0, () -> "the instance still listens: " + pool.streams());

        WireStream call = kit.own(client(door)
                .startCall("slow", new JsonObject().put("steps", 10_000).put("every", 1000)));
        assertThat(call.status()).isEqualTo(200);
        call.reset();
        Await.until(() -> pool.streams() == 0, () -> "the instance still works: " + pool.streams());
    }

    @Test
    void aClientWithAHeaderSessionIsAtHome() {
        TestDoor door = kit.open(pool.plan().affinity(DemoPool.MCP, HEADER));
        for (int i = 0; i < 6; i++) {
            McpWire client = client(door).with("X-Session-Id", "s" + i);
            for (int count = 1; count <= 3; count++) {
                assertThat(client.call("count").told().count()).isEqualTo(count);
            }
        }
        assertThat(door.vitals().sessions()).isEqualTo(6);
        assertThat(pool.sum(sandbox -> sandbox.sessions())).isEqualTo(6);
    }

    @Test
    void aRetryWithItsStateComesHomeByCookie() {
        TestDoor door = kit.open(pool.plan().affinity(DemoPool.MCP, COOKIE));
        for (int i = 0; i < 6; i++) {
            McpWire client = client(door);
            McpAnswer asked = client.call("ask");
            client.with(
                    "Cookie", asked.fields().first("Set-Cookie").orElseThrow().split(";", -1)[0]);
            JsonObject retry = new JsonObject()
                    .put("name", "ask")
                    .put("arguments", new JsonObject())
                    .put("requestState", asked.result().getString("requestState"))
                    .put("inputResponses", new JsonObject());
            assertThat(client.request("tools/call", retry).result().getString("resultType"))
                    .isEqualTo("complete");
        }
        assertThat(pool.strays()).isZero();
    }

    @Test
    void anUnknownMethodsNotFoundEndsNoSession() {
        TestDoor door = kit.open(pool.plan().affinity(DemoPool.MCP, HEADER));
        McpWire client = client(door).with("X-Session-Id", "s");
        assertThat(client.call("count").told().count()).isEqualTo(1);
        McpAnswer answer = client.request("no/such", new JsonObject());
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error().getInteger("code")).isEqualTo(-32601);
        assertThat(client.call("count").told().count()).isEqualTo(2);
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void aRefusalsCodeIsNoneOfTheSpecifications() {
        DeadInstance dead = kit.own(DeadInstance.refusing());
        TestDoor door = kit.open(DoorPlan.toUrls(dead.url()).affinity(DemoPool.MCP));
        McpAnswer answer = client(door).request("server/discover", new JsonObject());
        assertThat(answer.status()).isGreaterThanOrEqualTo(500);
        assertThat(answer.error().getInteger("code")).isEqualTo(answer.status());
        assertThat(answer.error().getJsonObject("data").getString("reason")).isNotEmpty();
    }
}
