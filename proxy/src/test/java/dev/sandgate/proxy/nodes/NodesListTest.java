package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code /nodes}, and any node's admin API by any other's. */
final class NodesListTest {

    private static final String TOKEN = "a token of these tests, 32 characters";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private Nodes nodes;
    private RecordingInstance instance;

    @BeforeEach
    void start() {
        nodes = kit.nodes();
        instance = kit.instance();
    }

    private TestDoor open(String node, String advertise) {
        return nodes.open(DoorPlan.to(instance).node(node, advertise).admin("127.0.0.1", Optional.of(TOKEN)));
    }

    private static Answer ask(TestDoor door, String method, String target, String... lines) {
        String authorization = lines.length == 0 ? "Authorization: Bearer " + TOKEN + "\r\n" : String.join("", lines);
        try (RawClient client = RawClient.to(door.adminPort())) {
            return client.send(method + " " + target + " HTTP/1.1\r\nHost: localhost:" + door.adminPort() + "\r\n"
                            + authorization + "\r\n")
                    .answer(method)
                    .orElseThrow();
        }
    }

    private static List<JsonObject> nodes(TestDoor door) {
        Answer answer = ask(door, "GET", "/nodes");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body())
                .getJsonArray("nodes").stream().map(JsonObject.class::cast).toList();
    }

    private static List<String> ids(TestDoor door) {
        return nodes(door).stream().map(node -> node.getString("id")).toList();
    }

    private static void refused(Answer answer, int status, String reason) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.fields().all("Content-Type")).containsExactly("application/problem+json");
        assertThat(answer.refusal()).isEqualTo(reason);
    }

    @Test
    void tellsOfEachNodeWhereItIsAndThatItIsOverWhenItCloses() {
        TestDoor a = open("a", "127.0.0.1");
        TestDoor b = open("b", "127.0.0.1");
        Await.until(() -> ids(a).equals(List.of("a", "b")), () -> ids(a).toString());
        JsonObject other = nodes(a).get(1);
        assertThat(other.getString("admin")).isEqualTo("127.0.0.1:" + b.adminPort());
        assertThat(other.getBoolean("here")).isFalse();
        assertThat(nodes(a).get(0).getBoolean("here")).isTrue();
        assertThat(other.getInstant("startedAt")).isBeforeOrEqualTo(other.getInstant("seenAt"));
        b.close();
        assertThat(ids(a)).containsExactly("a");
    }

    @Test
    void tellsOfTheOneNodeThatATableInMemoryHas() {
        TestDoor alone = kit.open(DoorPlan.to(instance).admin("127.0.0.1", Optional.of(TOKEN)));
        assertThat(nodes(alone)).hasSize(1);
        String own = ids(alone).get(0);
        assertThat(ask(alone, "GET", "/nodes/" + own + "/livez").status()).isEqualTo(200);
    }

    @Test
    void showsAnotherNodesApiAsThatNodeWould() {
        TestDoor a = open("a", "127.0.0.1");
        TestDoor b = open("b", "127.0.0.1");
        Await.until(() -> ids(a).contains("b"), () -> ids(a).toString());
        Answer direct = ask(b, "GET", "/pools?");
        Answer by = ask(a, "GET", "/nodes/b/pools?");
        assertThat(by.status()).isEqualTo(200);
        assertThat(by.body()).isEqualTo(direct.body());
        assertThat(by.fields().all("Content-Type")).isEqualTo(direct.fields().all("Content-Type"));
        assertThat(by.fields().all("Cache-Control")).containsExactly("no-store");
        assertThat(ask(a, "GET", "/nodes/b/metrics").body()).contains("sandgate_");
        assertThat(ask(a, "HEAD", "/nodes/b/pools").status()).isEqualTo(200);
        String id = "127.0.0.1:" + instance.port();
        assertThat(ask(a, "POST", "/nodes/b/instances/" + id + "/drain").status())
                .isEqualTo(200);
        assertThat(new JsonObject(ask(b, "GET", "/instances").body())
                        .getJsonArray("instances")
                        .getJsonObject(0)
                        .getString("state"))
                .isEqualTo("draining");
        refused(ask(a, "GET", "/nodes/b/pools?surprise=1"), 400, "parameter-invalid");
        refused(ask(a, "GET", "/nodes/b/nothing"), 404, "path-unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nodes/b/nodes/a/pools",
                "/nodes/b//nodes/a/pools",
                "/nodes/b/x/../nodes/a/pools",
                "/nodes/b/%6eodes/a/pools",
                "/nodes/a/nodes/a/nodes/a/pools",
                "//nodes/b/pools",
                "/nodes/b",
                "/nodes//pools"
            })
    void goesOneHopAndNoFurther(String target) {
        TestDoor a = open("a", "127.0.0.1");
        TestDoor b = open("b", "127.0.0.1");
        Await.until(() -> ids(a).contains("b") && ids(b).contains("a"), () -> ids(a).toString());
        assertThat(ask(a, "GET", target).status()).isEqualTo(404);
    }

    @Test
    void asksForTheTokenHereAndPassesItOn() {
        TestDoor a = open("a", "127.0.0.1");
        TestDoor other = nodes.open(DoorPlan.to(instance)
                .node("b", "127.0.0.1")
                .admin("127.0.0.1", Optional.of("another token of these tests, as long")));
        Await.until(() -> ids(a).contains("b"), () -> ids(a).toString());
        refused(ask(a, "GET", "/nodes", "Accept: */*\r\n"), 401, "unauthenticated");
        refused(ask(a, "GET", "/nodes/b/pools", "Accept: */*\r\n"), 401, "unauthenticated");
        // the caller's own is not that node's
        refused(ask(a, "GET", "/nodes/b/pools"), 401, "unauthenticated");
        assertThat(other.vitals().atRest()).isTrue();
    }

    @Test
    void refusesANodeThatNobodyKnowsAndOneThatDoesNotAnswer() {
        TestDoor a = open("a", "127.0.0.1");
        TestDoor b = open("b", "127.0.0.9");
        Await.until(() -> ids(a).contains("b"), () -> ids(a).toString());
        assertThat(b.adminPort()).isPositive();
        refused(ask(a, "GET", "/nodes/nobody/pools"), 404, "node-unknown");
        refused(ask(a, "GET", "/nodes/127.0.0.1:" + b.adminPort() + "/pools"), 404, "node-unknown");
        refused(ask(a, "GET", "/nodes/b/pools"), 502, "node-unreachable");
    }
}
