package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SseEvent;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.Told;
import dev.sandgate.proxy.kit.WireStream;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MCP sessions whose clients never see the instance's id. */
class SealedIdsTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private static void isUnknown(McpAnswer answer) {
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error().getInteger("code")).isEqualTo(-32001);
        assertThat(answer.error().getJsonObject("data").getString("reason")).isEqualTo("session-unknown");
    }

    private DemoPool pool(int count) {
        return kit.own(DemoPool.of(count));
    }

    private TestDoor door(DemoPool pool) {
        return kit.open(pool.plan().main(PoolPlan::sealingIds));
    }

    @Test
    void theClientHasOneIdAndTheInstanceAnother() {
        DemoPool pool = pool(3);
        TestDoor door = door(pool);
        for (int i = 0; i < 6; i++) {
            McpWire client = McpWire.to(door.port()).open();
            for (int count = 1; count <= 3; count++) {
                Told told = client.call("count").told();
                assertThat(told.count()).isEqualTo(count);
                assertThat(client.session()).doesNotContain(told.session());
                isUnknown(McpWire.to(door.port()).session(told.session()).call("count"));
            }
        }
        assertThat(pool.strays()).isZero();
        assertThat(door.vitals().sessions()).isEqualTo(6);
    }

    @Test
    void anIdWithOneCharacterChangedIsUnknown() {
        TestDoor door = door(pool(1));
        String id = McpWire.to(door.port()).open().session();
        for (int at = 0; at < id.length(); at++) {
            char other = id.charAt(at) == 'A' ? 'B' : 'A';
            isUnknown(McpWire.to(door.port())
                    .session(id.substring(0, at) + other + id.substring(at + 1))
                    .call("count"));
        }
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void anIdOfAnotherPoolIsUnknown() {
        DemoPool pool = pool(1);
        RecordingInstance other = kit.instance();
        TestDoor door = kit.open(pool.plan()
                .main(PoolPlan::sealingIds)
                .pool(PoolPlan.of("other", other).sealingIds())
                .route("/other", "other", DemoPool.MCP));
        McpWire client = McpWire.to(door.port()).open();
        isUnknown(client.target("/other").call("count"));
        assertThat(other.requests()).isEmpty();
    }

    @Test
    void streamsAreResumedAndTheSessionIsDeletedByIt() {
        DemoPool pool = pool(2);
        TestDoor door = door(pool);
        McpWire client = McpWire.to(door.port()).open();
        WireStream events = kit.own(client.events());
        assertThat(events.status()).isEqualTo(200);
        client.call("tell");
        assertThat(events.message().getString("method")).isEqualTo("notifications/message");
        events.close();

        WireStream call = kit.own(client.startCall(
                "slow", new JsonObject().put("steps", 6).put("every", 2).put("cutAfter", 2)));
        call.event();
        SseEvent last = call.event();
        assertThat(call.awaitEnd()).isTrue();
        WireStream rest = kit.own(client.resume(last.id().orElseThrow()));
        for (int step = 3; step <= 6; step++) {
            assertThat(rest.message().getJsonObject("params").getInteger("progress"))
                    .isEqualTo(step);
        }

        assertThat(client.delete().status()).isEqualTo(200);
        assertThat(pool.sum(sandbox -> sandbox.mcp().held())).isZero();
        assertThat(client.call("count").status()).isEqualTo(404);
        assertThat(door.vitals().sessions()).isZero();
        assertThat(pool.strays()).isZero();
    }

    @Test
    void aSessionBesideAnotherHasItsIdSealedToo() {
        DemoPool pool = pool(3);
        AffinityConfig header = new AffinityConfig.Header("X-Session-Id", false);
        TestDoor door = kit.open(pool.plan().main(PoolPlan::sealingIds).affinity(header, DemoPool.MCP));
        McpWire client = McpWire.to(door.port()).with("X-Session-Id", "s").open();
        Told told = client.call("count").told();
        assertThat(client.session()).doesNotContain(told.session());
        assertThat(McpWire.to(door.port())
                        .session(client.session())
                        .call("count")
                        .told()
                        .count())
                .isEqualTo(2);
        McpWire forged = McpWire.to(door.port()).with("X-Session-Id", "s").session(told.session());
        assertThat(forged.call("count").status())
                .as("the instance sees no id at all")
                .isEqualTo(400);
        assertThat(pool.strays()).isZero();
    }

    @Test
    void whateverAnInstanceSendsIsSealed() {
        RecordingInstance instance = kit.instance()
                .answering(Script.raw("HTTP/1.1 500 Broken\r\nMcp-Session-Id: a1\r\nContent-Length: 0\r\n\r\n"));
        TestDoor door =
                kit.open(DoorPlan.to(instance).main(PoolPlan::sealingIds).affinity(DemoPool.MCP));
        assertThat(McpWire.to(door.port()).initialize().fields().all("Mcp-Session-Id"))
                .hasSize(1)
                .noneMatch(id -> id.equals("a1"));
        String twice = "Mcp-Session-Id: a1\r\nmcp-session-id: a2\r\n";
        instance.answering(Script.raw("HTTP/1.1 500 Broken\r\n" + twice + "Content-Length: 0\r\n\r\n"));
        assertThat(McpWire.to(door.port()).initialize().fields().has("Mcp-Session-Id"))
                .isFalse();
    }

    @Test
    void leadsHomeAtANodeThatHasNeverSeenItWhileRedisIsAway() {
        DemoPool pool = pool(3);
        Nodes nodes = kit.nodes().losingRedis();
        RedisProcess redis = nodes.redis();
        DoorPlan plan = pool.plan().main(PoolPlan::sealingIds);
        TestDoor a = nodes.open(plan).awaitInstances(3);
        TestDoor b = nodes.open(plan).awaitInstances(3);
        McpWire client = McpWire.to(a.port()).open();
        assertThat(client.call("count").told().count()).isEqualTo(1);
        redis.kill();

        assertThat(client.at(b.port()).call("count").told().count()).isEqualTo(2);
        String upstream = client.call("count").told().session();
        isUnknown(McpWire.to(b.port()).session(upstream).call("count"));
        assertThat(McpWire.to(b.port()).initialize().status()).isEqualTo(503);

        redis.restart();
        Await.until(() -> McpWire.to(b.port()).initialize().status() == 200, () -> "Redis never comes back");
        assertThat(client.at(b.port()).call("count").told().count()).isEqualTo(4);
        assertThat(client.at(a.port()).call("count").told().count()).isEqualTo(5);
        assertThat(pool.strays()).isZero();
        assertThat(client.at(b.port()).delete().status()).isEqualTo(200);
        assertThat(client.call("count").status()).isEqualTo(404);
    }

    @Test
    void anIdOfTheFallbackPoolLeadsThereAgain() {
        DemoPool main = pool(1);
        DemoPool spare = pool(1);
        TestDoor door = kit.open(main.plan()
                .main(pool -> pool.perInstance(1)
                        .queue(0, Duration.ofSeconds(1))
                        .sealingIds()
                        .fallback(new FallbackConfig.Pool("spare")))
                .pool(PoolPlan.named("spare", URI.create(spare.get(0).url())).sealingIds()));
        McpWire here = McpWire.to(door.port()).open();
        McpWire there = McpWire.to(door.port()).open();

        for (int count = 1; count <= 2; count++) {
            assertThat(here.call("count").told().count()).isEqualTo(count);
            assertThat(there.call("count").told().count()).isEqualTo(count);
        }
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }
}
