package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose Redis is away. */
final class TableAwayTest {

    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie(
            "sid", false, List.of(new CookieKey("k", "a secret for cookies of these tests only")));

    @RegisterExtension
    final Invariants kit = new Invariants();

    private Nodes nodes;
    private RedisProcess redis;
    private RecordingInstance instance;

    @BeforeEach
    void start() {
        nodes = kit.nodes().losingRedis();
        redis = nodes.redis();
        instance = kit.instance();
    }

    private TestDoor open(AffinityConfig... sources) {
        return nodes.open(plan(sources));
    }

    private DoorPlan plan(AffinityConfig... sources) {
        return DoorPlan.to(instance).affinity(sources);
    }

    private static void served(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static void unavailable(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.refusal()).isEqualTo("table-unavailable");
        assertThat(answer.fields().all("Retry-After")).hasSize(1);
    }

    @Test
    void serves503ForIdsThatItDoesNotKnowAndGoesOnWithThoseThatItDoes() {
        TestDoor door = open(new AffinityConfig.Header("X-Session-Id", false));
        served(door.ask("known"));
        redis.kill();
        unavailable(door.ask("unknown"));
        served(door.ask("known"));
    }

    @Test
    void neverTakesBackACookieThatItCannotLookUp() {
        TestDoor other = open(COOKIE);
        String cookie = other.get().fields().first("Set-Cookie").orElseThrow().split(";", -1)[0];
        redis.kill();
        TestDoor door = nodes.openAway(plan(COOKIE));
        Answer answer = door.browse(cookie);
        unavailable(answer);
        assertThat(answer.fields().has("Set-Cookie")).isFalse();
        unavailable(door.get());
    }

    @Test
    void neverTellsAnMcpClientThatItsSessionIsUnknown() {
        TestDoor door = open(new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of()));
        redis.kill();
        assertThat(McpWire.to(door.port()).session("somebody").call("count").status())
                .isEqualTo(503);
        assertThat(McpWire.to(door.port()).initialize().status()).isEqualTo(503);
    }

    @Test
    void doesNotHangWithARedisThatHearsAndSaysNothing() {
        TestDoor door = open(new AffinityConfig.Header("X-Session-Id", false));
        served(door.ask("known"));
        redis.freeze();
        unavailable(door.ask("unknown"));
        served(door.ask("known"));
        redis.thaw();
        Await.until(() -> door.ask("later").status() == 200, () -> "Redis never comes back");
    }

    @Test
    void thatStartsWithoutItsRedisComesToServeWhenItIsThere() {
        redis.kill();
        TestDoor door = nodes.openAway(plan(new AffinityConfig.Header("X-Session-Id", false)));
        unavailable(door.ask("early"));
        redis.restart();
        Await.until(() -> door.ask("later").status() == 200, () -> "it never serves");
    }
}
