package dev.sandgate.proxy.splits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.bench.sandbox.SandboxOptions;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import dev.sandgate.conf.SplitConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In which pool of a split a session lives, through all that may happen to it. */
final class SplitHomesTest {

    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);
    private static final AffinityConfig COOKIE = new AffinityConfig.Cookie(
            "sid", false, List.of(new CookieKey("k", "a secret for cookies of these tests only")));
    private static final AffinityConfig MCP =
            new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of());
    private static final String CANARY = "X-Canary: yes\r\n";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance old;
    private RecordingInstance canary;

    @BeforeEach
    void start() {
        old = kit.instance().answering(Script.ok("old"));
        canary = kit.instance().answering(Script.ok("canary"));
    }

    private static SplitConfig picked() {
        var picked = new SplitConfig.Picked(Map.of("x-canary", "yes"), Map.of(), Set.of());
        return new SplitConfig(List.of(new SplitConfig.Variant("next", 0, picked)), SplitConfig.By.SESSION);
    }

    private DoorPlan plan(UnaryOperator<PoolPlan> next) {
        return DoorPlan.to(old)
                .pool(next.apply(PoolPlan.of("next", canary)))
                .split(picked())
                .debug();
    }

    private static String session(String id) {
        return "X-Session-Id: " + id + "\r\n";
    }

    @Test
    void aSessionStaysWhereItWasPickedForAlsoWhenItsNextRequestsAreNot() {
        TestDoor door = kit.open(plan(next -> next));
        assertThat(door.get(session("a"), CANARY).body()).isEqualTo("canary");
        assertThat(door.get(session("a")).body()).isEqualTo("canary");
        assertThat(door.get(session("b")).body()).isEqualTo("old");
        assertThat(door.get(session("b"), CANARY).body()).isEqualTo("old");
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }

    @Test
    void aRequestWithoutASessionIsDrawnForByItself() {
        TestDoor door = kit.open(plan(next -> next).affinity());
        assertThat(door.get(CANARY).body()).isEqualTo("canary");
        assertThat(door.get().body()).isEqualTo("old");
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void anIdThatWasMadeForTheCanaryLeadsThere() {
        TestDoor door = kit.open(plan(next -> next).affinity(new AffinityConfig.Header("X-Session-Id", true)));
        Answer first = door.get(CANARY);
        assertThat(first.body()).isEqualTo("canary");
        String id = first.fields().first("X-Session-Id").orElseThrow();
        assertThat(door.ask(id).body()).isEqualTo("canary");
        assertThat(door.ask("nobodys").refusal()).isEqualTo("session-unknown");
    }

    @Test
    void aCookieOfTheCanaryStandsBeforeAnIdThatComesLaterInReadingOrder() {
        TestDoor door = kit.open(plan(next -> next).affinity(COOKIE, HEADER));
        String cookie = "Cookie: " + door.get(CANARY).cookie() + "\r\n";
        assertThat(door.get(session("a")).body()).isEqualTo("old");
        assertThat(door.get(cookie, session("a")).body()).isEqualTo("canary");
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }

    @Test
    void aSessionThatIsLostInTheCanaryIsToldAsLost() {
        TestDoor door = kit.open(plan(next -> next.lostAfter(Duration.ZERO)));
        assertThat(door.get(session("a"), CANARY).body()).isEqualTo("canary");
        canary.close();
        Await.until(() -> door.ask("a").status() < 500, () -> "it is never told");
        assertThat(door.ask("a").refusal()).isEqualTo("session-lost");
        assertThat(old.requests()).isEmpty();
    }

    @Test
    void aLostSessionThatMayBeginAnewDoesSoInItsOwnPool() {
        RecordingInstance another = kit.instance().answering(Script.ok("canary too"));
        TestDoor door = kit.open(plan(next -> next).pool(PoolPlan.of("next", canary, another)
                .perInstance(1)
                .lostAfter(Duration.ZERO)
                .onLost(OnLost.REBIND)));
        String first = door.get(session("a"), CANARY).body();
        (first.equals("canary") ? canary : another).close();
        Await.until(() -> door.ask("a").status() == 200, () -> "it never begins anew");
        assertThat(door.ask("a").body()).isNotEqualTo(first).startsWith("canary");
        assertThat(old.requests()).isEmpty();
    }

    @Test
    void anIdThatMayNotBeUsedAgainIsRefusedInEveryPool() {
        TestDoor door = kit.open(plan(next -> next.reuseId(false).idleTimeout(Duration.ofMillis(200))));
        door.get(session("a"), CANARY);
        Await.until(() -> door.vitals().sessions() == 0, () -> "it is never over");
        assertThat(door.ask("a").refusal()).isEqualTo("session-expired");
        assertThat(door.ask("b").body()).isEqualTo("old");
    }

    @Test
    void anIdWhoseSessionIsOverIsDrawnForAnew() {
        TestDoor door = kit.open(plan(next -> next.idleTimeout(Duration.ofMillis(200))));
        door.get(session("a"), CANARY);
        Await.until(() -> door.vitals().sessions() == 0, () -> "it is never over");
        assertThat(door.ask("a").body()).isEqualTo("old");
    }

    @Test
    void aCanaryWithoutAnInstanceLeavesItsShareToItsFallback() {
        TestDoor door = kit.open(plan(next ->
                next.perInstance(1).queue(0, Duration.ofSeconds(1)).fallback(new FallbackConfig.Pool("main"))));
        assertThat(door.get(session("a"), CANARY).body()).isEqualTo("canary");
        assertThat(door.get(session("b"), CANARY).body()).isEqualTo("old");
        assertThat(door.get(session("b")).body()).isEqualTo("old");
        assertThat(door.get(session("a")).body()).isEqualTo("canary");
    }

    @Test
    void aSessionInTheFallbackOfTheCanaryIsFoundThere() {
        RecordingInstance spare = kit.instance().answering(Script.ok("spare"));
        TestDoor door = kit.open(plan(next ->
                        next.perInstance(1).queue(0, Duration.ofSeconds(1)).fallback(new FallbackConfig.Pool("spare")))
                .pool(PoolPlan.of("spare", spare)));
        assertThat(door.get(session("a"), CANARY).body()).isEqualTo("canary");
        assertThat(door.get(session("b"), CANARY).body()).isEqualTo("spare");
        assertThat(door.get(session("b")).body()).isEqualTo("spare");
    }

    @Test
    void whatMayLiveInAnotherPoolBeginsNowhereWhileTheTableIsAway() {
        Nodes nodes = kit.nodes().losingRedis();
        TestDoor door = nodes.open(plan(next -> next)).awaitInstances(2);
        door.get(session("a"), CANARY);
        nodes.redis().kill();
        assertThat(door.get(session("a")).body()).isEqualTo("canary");
        Answer refused = door.get(session("b"));
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.refusal()).isEqualTo("table-unavailable");
        assertThat(old.requests()).isEmpty();
    }

    @Test
    void operatorsSeeWhereASessionLives() {
        TestDoor door = kit.open(plan(next -> next));
        door.get(session("a"), CANARY);
        door.get(session("a"));
        door.get(session("b"));

        assertThat(find(door, "next", "a").getJsonArray("sessions")).hasSize(1);
        assertThat(find(door, "main", "a").getJsonArray("sessions")).isEmpty();
        assertThat(door.admin("GET", "/metrics").body())
                .contains("sandgate_requests_total{pool=\"next\",reason=\"new\",route=\"main\",status=\"2xx\"} 1.0")
                .contains("sandgate_requests_total{pool=\"next\",reason=\"kept\",route=\"main\",status=\"2xx\"} 1.0")
                .contains("sandgate_requests_total{pool=\"main\",reason=\"new\",route=\"main\",status=\"2xx\"} 1.0");
        Await.until(() -> door.accessLog().size() == 3, () -> door.accessLog().toString());
        assertThat(door.accessLog())
                .extracting(line -> new JsonObject(line).getString("pool"))
                .containsExactlyInAnyOrder("next", "next", "main");
    }

    private static JsonObject find(TestDoor door, String pool, String id) {
        String body = new JsonObject().put("pool", pool).put("id", id).encode();
        try (RawClient operator = RawClient.to(door.adminPort())) {
            return new JsonObject(operator.send("POST /sessions/find HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .answer()
                    .body());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyKindOfMcpSessionStaysInThePoolThatMadeIt(boolean sealed) throws Exception {
        Vertx vertx = Vertx.vertx();
        kit.own(() -> Await.finished(vertx.close()));
        DemoSandbox first = Await.finished(DemoSandbox.start(vertx, SandboxOptions.of("127.0.0.1", 0, "old")));
        DemoSandbox second = Await.finished(DemoSandbox.start(vertx, SandboxOptions.of("127.0.0.1", 0, "canary")));
        UnaryOperator<PoolPlan> ids = pool -> sealed ? pool.sealingIds() : pool;
        TestDoor door = kit.open(DoorPlan.toUrls(URI.create(first.url()))
                .main(ids)
                .pool(ids.apply(PoolPlan.named("next", URI.create(second.url()))))
                .split(picked())
                .affinity(MCP));
        McpWire here = McpWire.to(door.port()).open();
        McpWire there = McpWire.to(door.port()).with("X-Canary", "yes");
        there.initialize();
        McpWire later = McpWire.to(door.port()).session(there.session());
        try (McpSseWire stream = McpSseWire.ask(door.port(), "/sse", "X-Canary: yes").awaitEndpoint()) {
            stream.open();
            for (int count = 1; count <= 2; count++) {
                assertThat(later.call("count").told().instance()).isEqualTo("canary");
                assertThat(here.call("count").told().instance()).isEqualTo("old");
                assertThat(stream.call("count").instance()).isEqualTo("canary");
            }
            assertThat(door.vitals().sessions()).isEqualTo(3);
        }
        assertThat(later.delete().status()).isEqualTo(200);
        assertThat(later.call("count").status()).isEqualTo(404);
        assertThat(here.call("count").told().count()).isEqualTo(3);
        Await.until(() -> door.vitals().sessions() == 1, () -> "sessions are left: " + door.vitals());
        assertThat(second.mcp().strays()).isZero();
    }

    @Test
    void allSessionsOfACallerGoTogether() {
        SplitConfig split = new SplitConfig(
                List.of(new SplitConfig.Variant("next", 50, new SplitConfig.Picked(Map.of(), Map.of(), Set.of("zoe")))),
                SplitConfig.By.PRINCIPAL);
        TestDoor door = kit.open(plan(next -> next.perInstance(100))
                .main(pool -> pool.perInstance(100))
                .split(split)
                .trusting("127.0.0.1")
                .affinity(HEADER, new AffinityConfig.Principal("X-Forwarded-User")));
        Set<String> seen = new HashSet<>();
        for (int caller = 0; caller < 12; caller++) {
            String name = "X-Forwarded-User: caller-" + caller + "\r\n";
            String home = door.get(name, session("a")).body();
            assertThat(door.get(name, session("b")).body()).isEqualTo(home);
            assertThat(door.get(name).body()).isEqualTo(home);
            seen.add(home);
        }
        assertThat(seen).hasSize(2);
        assertThat(door.get("X-Forwarded-User: zoe\r\n", session("a")).body()).isEqualTo("canary");
    }
}
