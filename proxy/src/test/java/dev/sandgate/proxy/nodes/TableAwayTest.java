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
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node whose Redis is away. */
final class TableAwayTest {

    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie(
            "sid", false, List.of(new CookieKey("k", "a secret for cookies of these tests only")));

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final RedisProcess redis = RedisProcess.start();
    private RecordingInstance instance;

    @BeforeEach
    void announce() {
        instance = kit.instance();
        // an assertion of vertx-redis-client's own, where a connection breaks and ends at once
        kit.log().expect("Unhandled exception java.lang.AssertionError");
        kit.log().expect("is away");
        kit.log().expect("no table:");
        kit.log().expect("the table misses beats");
        kit.log().expect("the table cannot be reached");
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    private TestDoor open(AffinityConfig... sources) {
        return kit.open(plan(sources)).awaitReady();
    }

    private DoorPlan plan(AffinityConfig... sources) {
        return DoorPlan.to(instance).redis(redis.url()).affinity(sources);
    }

    private static Answer ask(TestDoor door, String... lines) {
        try (RawClient client = door.connect()) {
            return client.get("/x", lines).answer();
        }
    }

    private static void served(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private static void unavailable(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("table-unavailable");
        assertThat(answer.fields().all("Retry-After")).hasSize(1);
    }

    @Test
    void serves503ForIdsThatItDoesNotKnowAndGoesOnWithThoseThatItDoes() {
        TestDoor door = open(new AffinityConfig.Header("X-Session-Id", false));
        served(ask(door, "X-Session-Id: known\r\n"));
        redis.kill();
        unavailable(ask(door, "X-Session-Id: unknown\r\n"));
        served(ask(door, "X-Session-Id: known\r\n"));
    }

    @Test
    void neverTakesBackACookieThatItCannotLookUp() {
        TestDoor other = open(COOKIE);
        String cookie = ask(other).fields().first("Set-Cookie").orElseThrow().split(";", -1)[0];
        redis.kill();
        TestDoor door = kit.open(plan(COOKIE));
        Answer answer = ask(door, "Cookie: " + cookie + "\r\n");
        unavailable(answer);
        assertThat(answer.fields().has("Set-Cookie")).isFalse();
        unavailable(ask(door));
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
        served(ask(door, "X-Session-Id: known\r\n"));
        redis.freeze();
        unavailable(ask(door, "X-Session-Id: unknown\r\n"));
        served(ask(door, "X-Session-Id: known\r\n"));
        redis.thaw();
        Await.until(() -> ask(door, "X-Session-Id: later\r\n").status() == 200, () -> "Redis never comes back");
    }

    @Test
    void thatStartsWithoutItsRedisComesToServeWhenItIsThere() {
        redis.kill();
        TestDoor door = kit.open(plan(new AffinityConfig.Header("X-Session-Id", false)));
        unavailable(ask(door, "X-Session-Id: early\r\n"));
        redis.restart();
        Await.until(() -> ask(door, "X-Session-Id: later\r\n").status() == 200, () -> "it never serves");
    }
}
