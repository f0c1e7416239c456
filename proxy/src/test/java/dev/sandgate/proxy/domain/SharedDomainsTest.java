package dev.sandgate.proxy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Certificate;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RecordingInstance;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Domains of two nodes, whose table is in one Redis. */
final class SharedDomainsTest {

    private static final String SHARED = "planted5haredSession";

    @RegisterExtension
    static final Invariants kit = new Invariants();

    private static Nodes nodes;
    private static RecordingInstance[] instances;
    private static Desk one;
    private static Desk other;

    @BeforeAll
    static void start() {
        nodes = kit.nodes();
        instances = new RecordingInstance[] {kit.instance(), kit.instance(), kit.instance()};
        one = open("one");
        other = open("other");
    }

    private static Desk open(String node) {
        RouteConfig tools = RouteConfig.plain(
                "tools",
                List.of("tools.example.com"),
                List.of("/"),
                Map.of(),
                "python",
                List.of(new AffinityConfig.Header("X-Session-Id", false)),
                List.of(),
                true);
        Desk desk = new Desk(nodes.open(DoorPlan.to()
                .withoutMain()
                .node(node, "127.0.0.1")
                .pool(PoolPlan.of("python", instances))
                .route(tools)));
        desk.door().awaitInstances(instances.length);
        // the operators' loop has a connection to Redis of its own
        Answer[] probed = new Answer[1];
        Await.until(
                () -> {
                    probed[0] = desk.put(node + ".probe.example.com", Desk.to("pool", "python"));
                    return probed[0].status() == 201;
                },
                () -> probed[0].body());
        assertThat(desk.remove(node + ".probe.example.com").status()).isEqualTo(204);
        return desk;
    }

    @Test
    void servesAtOneNodeWhatWasAddedAtTheOther() {
        one.add("a.example.com", Desk.to("route", "tools").put("session", SHARED));
        String home = one.visit("a.example.com", "/x").home();
        other.awaitVisit("a.example.com", 200);
        for (int visit = 0; visit < 5; visit++) {
            assertThat(other.visit("a.example.com", "/x", "X-Session-Id: mine" + visit + "\r\n")
                            .home())
                    .isEqualTo(home);
        }
        assertThat(other.remove("a.example.com").status()).isEqualTo(204);
        assertThat(other.visit("a.example.com", "/x").refusal()).isEqualTo("route-unknown");
        one.awaitVisit("a.example.com", 404);
    }

    @Test
    void putsNothingIntoRedisThatIsNobodysBusiness() throws Exception {
        var files = Certificate.of("dns:shop.example.com").pem();
        String key = Files.readString(files.key());
        one.add(
                "shop.example.com",
                Desk.to("route", "tools")
                        .put("session", SHARED)
                        .put(
                                "certificate",
                                new JsonObject()
                                        .put("chain", Files.readString(files.certificate()))
                                        .put("key", key)));
        String dump = dump();
        assertThat(dump).contains("shop.example.com");
        String line = key.lines().skip(1).findFirst().orElseThrow();
        for (String secret : List.of(SHARED, "PRIVATE KEY", line, "tools")) {
            assertThat(dump).doesNotContain(secret);
        }
        assertThat(new JsonObject(other.get("/domains/shop.example.com").body()).getBoolean("shared"))
                .isTrue();
    }

    /** All that stands on shelves, the values of base64 read. */
    private String dump() {
        String script = "local out = {} for _, key in ipairs(redis.call('KEYS', '*shelf*')) do"
                + " if redis.call('TYPE', key).ok == 'hash' then"
                + " for _, each in ipairs(redis.call('HGETALL', key)) do out[#out + 1] = each end end end"
                + " return table.concat(out, '\\n')";
        StringBuilder read = new StringBuilder();
        nodes.redis().tell("EVAL", script, "0").lines().forEach(line -> {
            read.append(line).append('\n');
            try {
                read.append(new String(Base64.getDecoder().decode(line), StandardCharsets.ISO_8859_1));
            } catch (IllegalArgumentException plain) {
                read.append('\n');
            }
        });
        return read.toString();
    }

    @Test
    void keepsWhatItKnowsWhileRedisIsAway() {
        one.add("kept.example.com", Desk.to("route", "tools").put("session", SHARED));
        String home = one.visit("kept.example.com", "/x").home();
        nodes.losingRedis();
        kit.log().expect("domains are as they were");
        nodes.redis().kill();
        assertThat(one.put("b.example.com", Desk.to("route", "tools")).refusal())
                .isEqualTo("table-unavailable");
        assertThat(one.visit("kept.example.com", "/x").home()).isEqualTo(home);
        nodes.redis().restart();
        one.door().awaitReady();
    }
}
