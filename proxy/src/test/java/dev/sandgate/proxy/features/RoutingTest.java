package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Host, path and header lead to a pool, whatever spelling a client chooses. */
final class RoutingTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static TestDoor door;

    @BeforeAll
    static void open() {
        DoorPlan plan = DoorPlan.toUrls();
        for (String name : List.of("root", "pub", "deep", "gold", "exact", "narrow", "wide")) {
            RecordingInstance instance = KIT.instance().answering(Script.ok(name));
            plan.pool(PoolPlan.of(name, instance));
        }
        plan.route(route("root", List.of("open.test"), "/", Map.of()))
                .route(route("pub", List.of(), "/pub", Map.of()))
                .route(route("deep", List.of(), "/pub/deep", Map.of()))
                .route(route("gold", List.of(), "/pub", Map.of("x-tier", "gold")))
                .route(route("exact", List.of("a.b.test"), "/host", Map.of()))
                .route(route("narrow", List.of("*.b.test"), "/host", Map.of()))
                .route(route("wide", List.of("*.test"), "/host", Map.of()));
        door = KIT.open(plan.withoutMain());
    }

    private static RouteConfig route(String pool, List<String> hosts, String path, Map<String, String> headers) {
        return RouteConfig.plain(pool, hosts, List.of(path), headers, pool, List.of(), List.of(), false);
    }

    private static Answer ask(String host, String target, String more) {
        try (RawClient client = door.connect()) {
            return client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n")
                    .answer();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "open.test, /, root",
        "open.test, /public, root",
        "open.test, /x?y=/pub, root",
        "any, /pub, pub",
        "any, /pub/, pub",
        "any, /pub/x?q, pub",
        "any, /pub?q, pub",
        "any, /pub/deep, deep",
        "any, /pub/deeper, pub",
        "any, /%70ub/x, pub",
        "any, //pub//deep, deep",
        "any, /pub%2Fdeep, deep",
        "any, /pub;v=1/deep;w, deep",
        "any, /pub\\deep, deep",
        "any, http://other.test/pub, pub",
        "a.b.test, /host, exact",
        "c.b.test, /host, narrow",
        "c.d.test, /host, wide",
        "A.B.TEST, /host, exact",
        "a.b.test:8080, /host, exact",
        "a.b.test., /host, exact",
        "C.B.Test.:1, /host, narrow",
        "a.b.test, /pub, pub",
        "any, http://a.b.test/host, exact",
        "any, HTTP://A.B.TEST:99/host, exact"
    })
    void aRequestGoesToItsPool(String host, String target, String pool) {
        Answer answer = ask(host, target, "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(pool);
    }

    @Test
    void aHeaderMayDecide() {
        assertThat(ask("any", "/pub", "X-Tier: gold\r\n").body()).isEqualTo("gold");
        assertThat(ask("any", "/pub", "x-TIER:gold\r\n").body()).isEqualTo("gold");
        assertThat(ask("any", "/pub", "X-Tier: Gold\r\n").body()).isEqualTo("pub");
    }

    @ParameterizedTest
    @CsvSource({"other, /", "any, /public", "any, /Pub", "b.test:80, /hosts", "nottest, /host", "test, /host"})
    void whatNoRouteTakesIsUnknown(String host, String target) {
        Answer answer = ask(host, target, "");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.fields().first("Content-Type")).contains("application/problem+json");
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("route-unknown");
        assertThat(answer.fields().has("Retry-After")).isFalse();
    }

    @Test
    void anUnknownRouteLeavesTheConnectionUsable() {
        RawClient client = KIT.own(door.connect());
        assertThat(client.get("/none").answer().status()).isEqualTo(404);
        assertThat(client.get("/pub").answer().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "a.b.test, /host, exact",
        "A.B.test:8443, /host, exact",
        "c.b.test., /host, narrow",
        "any, /pub//deep, deep"
    })
    void routesOverHttp2Alike(String authority, String target, String pool) {
        try (var client = door.connectHttp2()) {
            Http2Stream answer = client.awaitEnd(client.open(
                    new Fields(List.of(
                            new Fields.Field(":method", "GET"),
                            new Fields.Field(":scheme", "http"),
                            new Fields.Field(":path", target),
                            new Fields.Field(":authority", authority))),
                    true));

            assertThat(answer.status()).hasValue(200);
            assertThat(answer.data()).isEqualTo(pool);
        }
    }
}
