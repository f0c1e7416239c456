package dev.sandgate.proxy.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Certificate;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Domains of one node, whose table is in memory. */
final class DomainsTest {

    private static final String SHARED = "planted5haredSession";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private Path state;

    private RecordingInstance[] tools;
    private Desk desk;

    @BeforeEach
    void start(@TempDir Path folder) {
        state = folder;
        tools = new RecordingInstance[] {kit.instance(), kit.instance(), kit.instance()};
        desk = new Desk(open());
    }

    private DoorPlan plan() {
        return DoorPlan.to(kit.instance())
                .pool(PoolPlan.of("python", tools))
                .at("/never")
                .state(state)
                .route(RouteConfig.plain(
                        "agents",
                        List.of("agents.example.com"),
                        List.of("/mcp"),
                        Map.of(),
                        "python",
                        List.of(new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of())),
                        List.of(),
                        true))
                .route(new RouteConfigs("tools").paths("/x", "/mcp").config())
                .route(new RouteConfigs("fixed")
                        .hosts("fixed.example.com", "*.wild.example.com")
                        .config());
    }

    private TestDoor open() {
        return kit.open(plan());
    }

    /** Routes to the tools, which read an id from a header, a query or a cookie. */
    private record RouteConfigs(String name, List<String> hosts, List<String> paths) {

        RouteConfigs(String name) {
            this(name, List.of("tools.example.com"), List.of("/"));
        }

        RouteConfigs hosts(String... all) {
            return new RouteConfigs(name, List.of(all), paths);
        }

        RouteConfigs paths(String... all) {
            return new RouteConfigs(name, hosts, List.of(all));
        }

        RouteConfig config() {
            List<AffinityConfig> sources = List.of(
                    new AffinityConfig.Cookie("own", true, List.of()),
                    new AffinityConfig.Header("X-Session-Id", false),
                    new AffinityConfig.Query("session"));
            return RouteConfig.plain(name, hosts, paths, Map.of(), "python", sources, List.of(), true);
        }
    }

    private static JsonObject shared(String target) {
        return Desk.to("route", target).put("session", SHARED);
    }

    @Test
    void leadsToARouteWithItsPathsAndToAPool() {
        desk.add("a.example.com", Desk.to("route", "tools")).add("b.example.com", Desk.to("pool", "python"));
        assertThat(desk.visit("a.example.com", "/x").status()).isEqualTo(200);
        assertThat(desk.visit("A.example.com.:80", "/x/y").status()).isEqualTo(200);
        Answer elsewhere = desk.visit("a.example.com", "/other");
        assertThat(elsewhere.status()).isEqualTo(404);
        assertThat(elsewhere.refusal()).isEqualTo("route-unknown");
        assertThat(desk.visit("b.example.com", "/other").status()).isEqualTo(200);
        assertThat(desk.visit("c.example.com", "/x").refusal()).isEqualTo("route-unknown");
        assertThat(desk.get("/metrics").body())
                .contains("pool=\"python\",reason=\"spread\",route=\"pool:python\",status=\"2xx\"");
    }

    @Test
    void goesBeforeAWildcardOfTheConfigAndIsGoneWhenItIsTakenAway() {
        desk.add("a.wild.example.com", Desk.to("pool", "main"));
        assertThat(desk.visit("a.wild.example.com", "/x").fields().has("X-Sandgate-Instance"))
                .isFalse();
        assertThat(desk.visit("b.wild.example.com", "/x").fields().has("X-Sandgate-Instance"))
                .isTrue();
        assertThat(desk.remove("a.wild.example.com").status()).isEqualTo(204);
        assertThat(desk.visit("a.wild.example.com", "/x").fields().has("X-Sandgate-Instance"))
                .isTrue();
        assertThat(desk.remove("a.wild.example.com").refusal()).isEqualTo("domain-unknown");
    }

    @Test
    void sharesOneSessionWithAllWhoCome() {
        desk.add("project.example.com", shared("tools"));
        Set<String> homes = new HashSet<>();
        for (String own :
                List.of("", "X-Session-Id: mine\r\n", "X-Session-Id: other\r\n", "Cookie: own=mine; theme=dark\r\n")) {
            homes.add(desk.visit("project.example.com", "/x", own).home());
        }
        homes.add(desk.visit("project.example.com", "/x?session=mine").home());
        assertThat(homes).hasSize(1);
        assertThat(desk.door().vitals().sessions()).isEqualTo(1);
        // who brings the id itself is of the same session
        assertThat(desk.visit("tools.example.com", "/x", "X-Session-Id: " + SHARED + "\r\n")
                        .home())
                .isIn(homes);
        Set<List<String>> told = new HashSet<>();
        for (RecordingInstance each : tools) {
            each.requests().forEach(seen -> told.add(seen.fields().all("X-Session-Id")));
            assertThat(each.requests())
                    .noneMatch(seen -> seen.fields().all("Cookie").toString().contains("own="));
        }
        assertThat(told).containsExactly(List.of(SHARED));
        Await.until(
                () -> desk.door().accessLog().size() == 6,
                () -> desk.door().accessLog().toString());
        assertThat(desk.door().accessLog()).noneMatch(line -> line.contains(SHARED));
        assertThat(desk.door().accessLog().get(0)).contains("project.example.com");
    }

    @Test
    void sharesOneSessionWhereItsRouteLeadsToSeveralPools() {
        Desk several = new Desk(kit.open(DoorPlan.to(kit.instance())
                .pool(PoolPlan.of("next", kit.instance()))
                .pool(PoolPlan.of("spare", kit.instance()))
                .main(pool -> pool.fallback(new FallbackConfig.Pool("spare")))
                .split("next", 50)
                .affinity(new AffinityConfig.Header("X-Session-Id", false))
                .state(state.resolve("several"))
                .debug()));
        several.add("route.example.com", shared("main"))
                .add("pool.example.com", Desk.to("pool", "main").put("session", SHARED + "-2"));
        Set<String> homes = new HashSet<>();
        for (String own : List.of("", "X-Session-Id: mine\r\n", "X-Session-Id: other\r\n")) {
            homes.add(several.visit("route.example.com", "/x", own).home());
            assertThat(several.visit("pool.example.com", "/x", own).status()).isEqualTo(200);
        }
        assertThat(homes).hasSize(1);
        assertThat(several.door().vitals().sessions()).isEqualTo(2);
    }

    @Test
    void keepsSessionsOfTwoPrincipalsApart() {
        desk.add("a.example.com", shared("tools"))
                .add("b.example.com", shared("tools").put("principal", "jwt:x|alice"));
        desk.visit("a.example.com", "/x").home();
        desk.visit("b.example.com", "/x").home();
        assertThat(desk.door().vitals().sessions()).isEqualTo(2);
    }

    @Test
    void pinsAllOfAnMcpRouteToTheSharedSession() {
        desk.add("p.example.com", shared("agents"));
        try (RawClient visitor = desk.door().connect()) {
            for (int call = 0; call < 6; call++) {
                String body = "{\"jsonrpc\":\"2.0\",\"id\":" + call + ",\"method\":\"ping\"}";
                visitor.send("POST /mcp HTTP/1.1\r\nHost: p.example.com\r\nMcp-Session-Id: unknown" + call
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                assertThat(visitor.answer().status()).isEqualTo(200);
            }
        }
        assertThat(Stream.of(tools).filter(each -> !each.requests().isEmpty())).hasSize(1);
        assertThat(desk.door().vitals().sessions()).isEqualTo(1);
    }

    @Test
    void isThereAfterARestart() {
        desk.add("a.example.com", shared("tools")).add("b.example.com", Desk.to("pool", "python"));
        desk.door().close();
        Desk again = new Desk(open());
        assertThat(again.names()).containsExactly("a.example.com", "b.example.com");
        assertThat(again.visit("a.example.com", "/x").status()).isEqualTo(200);
    }

    @Test
    void leavesOutWhatANewerVersionWrote() throws IOException {
        desk.add("a.example.com", Desk.to("pool", "python"));
        desk.door().close();
        Path file = state.resolve("domains").resolve("b.example.com.record");
        String value = "{\"pool\":\"python\",\"colour\":\"green\"}";
        Files.writeString(
                file, "{\"name\":\"b.example.com\",\"version\":4,\"bytes\":" + value.length() + "}\n" + value);
        kit.log().expect("b.example.com cannot be read by this version");
        Desk again = new Desk(open());
        assertThat(again.visit("a.example.com", "/x").status()).isEqualTo(200);
        assertThat(again.visit("b.example.com", "/x").status()).isEqualTo(404);
        assertThat(again.put("b.example.com", Desk.to("pool", "main")).status()).isEqualTo(200);
        assertThat(again.visit("b.example.com", "/x").status()).isEqualTo(200);
        assertThat(kit.log().heard()).hasSize(1);
    }

    @Test
    void takesACertificateThatFitsAndShowsNoneOfIt() throws IOException {
        JsonObject pem = pem("dns:shop.example.com");
        JsonObject wish = Desk.to("route", "tools").put("certificate", pem);
        Answer made = desk.put("shop.example.com", wish);
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        assertThat(new JsonObject(made.body()).getJsonObject("certificate").fieldNames())
                .containsExactly("until");
        assertThat(desk.put("other.example.com", wish).body())
                .contains("certificate.chain: is not for other.example.com but for shop.example.com");
        JsonObject mixed =
                pem.copy().put("key", pem("dns:elsewhere.example.com").getString("key"));
        assertThat(desk.put("shop.example.com", Desk.to("route", "tools").put("certificate", mixed))
                        .status())
                .isEqualTo(400);
        assertThat(desk.remove("shop.example.com").status()).isEqualTo(204);
        assertThat(state.resolve("certificates")).isDirectoryNotContaining("glob:**.record");
    }

    private static JsonObject pem(String names) throws IOException {
        var files = Certificate.of(names).pem();
        return new JsonObject()
                .put("chain", Files.readString(files.certificate()))
                .put("key", Files.readString(files.key()));
    }

    @Test
    void changesOnlyWhatTheOperatorSaw() {
        Answer made = desk.put("a.example.com", Desk.to("pool", "python"));
        assertThat(made.fields().all("ETag")).containsExactly("\"1\"");
        String change = Desk.to("pool", "main").encode();
        assertThat(desk.ask("PUT", "/domains/a.example.com", change, "If-Match: \"2\"\r\n")
                        .refusal())
                .isEqualTo("domain-changed");
        assertThat(desk.ask("PUT", "/domains/a.example.com", change, "If-Match: \"1\"\r\n")
                        .status())
                .isEqualTo(200);
        assertThat(desk.ask("DELETE", "/domains/a.example.com", "", "If-Match: \"1\"\r\n")
                        .status())
                .isEqualTo(412);
        assertThat(new JsonObject(desk.get("/domains/a.example.com").body()))
                .isEqualTo(new JsonObject()
                        .put("name", "a.example.com")
                        .put("pool", "main")
                        .put("version", 2));
    }

    @Test
    void tellsWhatIsWrongWithADomain() {
        Map<String, String> unfit = Map.ofEntries(
                Map.entry("{}", "route, pool: neither is said"),
                Map.entry("{\"route\":\"tools\",\"pool\":\"python\"}", "route, pool: both are said"),
                Map.entry("{\"route\":\"tols\"}", "route: unknown (expected: one of agents, fixed, main, tools)"),
                Map.entry("{\"pool\":\"tools\"}", "pool: unknown (expected: one of main, python)"),
                Map.entry("{\"pool\":\"main\",\"pool\":\"main\"}", "no key twice"),
                Map.entry("{\"pool\":\"main\",\"colour\":1}", "unknown key (expected: only route, pool"),
                Map.entry("{\"pool\":\"main\",\"session\":\"a b\"}", "session: unfit"),
                Map.entry("{\"pool\":\"main\",\"principal\":\"a\"}", "principal: without a session"),
                Map.entry("{\"pool\":\"main\",\"session\":\"a\",\"source\":\"mcp\"}", "source: unfit"),
                Map.entry("{\"pool\":\"main\",\"acme\":false}", "acme: unfit"),
                Map.entry("{\"pool\":\"main\",\"acme\":true}", "acme: the config names no authority"),
                Map.entry("{\"pool\":\"main\",\"certificate\":{\"chain\":\"x\"}}", "certificate.key: missing"),
                Map.entry("{\"pool\":\"main\",\"certificate\":{\"chain\":\"x\",\"key\":\"y\"}}", "has no certificate"),
                Map.entry("{\"pool\":\"main\"} ,", "The body is unfit"));
        unfit.forEach((body, said) -> {
            Answer answer = desk.ask("PUT", "/domains/a.example.com", body);
            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(new JsonObject(answer.body()).getString("detail"))
                    .as(body)
                    .contains(said);
        });
        for (String name :
                List.of("*.example.com", "A.example.com", "b%C3%BCcher.example", "10.0.0.1", "a..b", "-a.b")) {
            assertThat(desk.put(name, Desk.to("pool", "main")).body()).as(name).contains("expected: one exact name");
        }
        Answer taken = desk.put("fixed.example.com", Desk.to("pool", "main"));
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.refusal()).isEqualTo("domain-taken");
        assertThat(desk.ask("PUT", "/domains/a.example.com", " ".repeat(DomainWish.MOST_BYTES + 1))
                        .status())
                .isEqualTo(413);
        assertThat(desk.names()).isEmpty();
    }

    @Test
    void pagesThroughItsDomains() {
        List.of("c", "a", "b").forEach(name -> desk.add(name + ".example.com", Desk.to("pool", "main")));
        JsonObject first = new JsonObject(desk.get("/domains?limit=2").body());
        assertThat(first.getJsonArray("domains")).hasSize(2);
        assertThat(first.getString("next")).isEqualTo("b.example.com");
        JsonObject second =
                new JsonObject(desk.get("/domains?limit=2&after=b.example.com").body());
        assertThat(second.getJsonArray("domains").getJsonObject(0).getString("name"))
                .isEqualTo("c.example.com");
        assertThat(second.containsKey("next")).isFalse();
    }
}
