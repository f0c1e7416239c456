package dev.sandgate.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions looked up by what their clients carry. */
final class SessionLookupTest {

    private static final String PLANTED = "planted5ecretSessionId";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private static Answer find(Operator operator, String body) {
        return operator.send("POST /sessions/find HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private static List<JsonObject> found(Operator operator, String body) {
        return Operator.list(Operator.json(find(operator, body)), "sessions");
    }

    private static void use(TestDoor door, String target, String lines) {
        try (RawClient client = door.connect()) {
            assertThat(client.get(target, lines).answer().status()).isEqualTo(200);
        }
    }

    @Test
    void tellsWhereASessionLivesAndByWhichNameItCanBeEnded() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()));
        Operator operator = Operator.of(door);
        use(door, "/x", "X-Session-Id: " + PLANTED + "\r\n");
        List<JsonObject> found = found(operator, "{\"pool\":\"main\",\"id\":\"" + PLANTED + "\"}");
        JsonObject listed = operator.sessions("").get(0);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).getString("state")).isEqualTo("live");
        assertThat(found.get(0).fieldNames()).containsAll(listed.fieldNames());
        assertThat(found.get(0).getString("id")).isEqualTo(listed.getString("id"));
        String name = listed.getString("id");
        assertThat(operator.ask("DELETE", "/sessions/" + name).status()).isEqualTo(204);

        JsonObject over = found(operator, "{\"id\":\"" + PLANTED + "\"}").get(0);
        assertThat(over.getString("state")).isEqualTo("ended");
        assertThat(over.getString("id")).isEqualTo(name);
        assertThat(over.getString("pool")).isEqualTo("main");
        assertThat(over.getString("source")).isEqualTo("header");
        assertThat(over.getString("instance")).isEqualTo(listed.getString("instance"));
        assertThat(over.getString("incarnation")).isEqualTo(listed.getString("incarnation"));
        assertThat(over.getLong("generation")).isEqualTo(listed.getLong("generation"));
        assertThat(over.getLong("leftSeconds")).isBetween(0L, 30L);
        assertThat(over.getLong("rememberedSeconds")).isBetween(1L, 3_600L);
        assertThat(found(operator, "{\"id\":\"another\"}")).isEmpty();
        assertThat(operator.heard()).noneMatch(answer -> answer.contains(PLANTED));
    }

    @Test
    void looksInThePoolsAndAtTheSourcesThatAreAskedFor() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .pool(PoolPlan.of("other", kit.instance()))
                .route("/other", "other", new AffinityConfig.Query("s"), new AffinityConfig.Header("X-S", false))
                .trusting("127.0.0.1")
                .pool(PoolPlan.of("callers", kit.instance()))
                .route("/callers", "callers", new AffinityConfig.Principal("X-User")));
        Operator operator = Operator.of(door);
        use(door, "/x", "X-Session-Id: mine\r\n");
        use(door, "/other?s=mine", "");
        use(door, "/other", "X-S: mine\r\n");
        use(door, "/callers", "X-User: mine\r\n");
        use(door, "/callers", "X-User: another\r\n");
        assertThat(found(operator, "{\"id\":\"mine\"}")).hasSize(4);
        assertThat(found(operator, "{\"id\":\"mine\",\"pool\":\"other\"}")).hasSize(2);
        assertThat(found(operator, "{\"id\":\"mine\",\"pool\":\"other\",\"source\":\"query\"}"))
                .hasSize(1);
        assertThat(found(operator, "{\"id\":\"mine\",\"source\":\"principal\"}"))
                .hasSize(1);
        assertThat(found(operator, "{\"id\":\"mine\",\"source\":\"cookie\"}")).isEmpty();
    }

    @Test
    void opensACookieThatIsSealed() {
        TestDoor door =
                kit.open(DoorPlan.to(kit.instance()).affinity(new AffinityConfig.Cookie("sandgate", false, List.of())));
        Operator operator = Operator.of(door);
        String cookie;
        try (RawClient client = door.connect()) {
            cookie = client.get("/x").answer().fields().first("Set-Cookie").orElseThrow();
        }
        String sealed = cookie.substring("sandgate=".length(), cookie.indexOf(';'));
        List<JsonObject> found = found(operator, "{\"id\":\"" + sealed + "\"}");
        assertThat(found).hasSize(1);
        assertThat(found.get(0).getString("id"))
                .isEqualTo(operator.sessions("").get(0).getString("id"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{planted5ecretSessionId",
                "{}",
                "{\"id\":\"\"}",
                "{\"id\":7}",
                "{\"id\":\"planted5ecretSessionId x\"}",
                "{\"id\":\"planted5ecretSessionId\",\"planted5ecretSessionId\":1}",
                "{\"id\":\"planted5ecretSessionId\",\"pool\":\"planted5ecretSessionId\"}",
                "{\"id\":\"planted5ecretSessionId\",\"pool\":[\"main\"]}",
                "{\"id\":\"planted5ecretSessionId\",\"source\":\"planted5ecretSessionId\"}"
            })
    void refusesWhatIsNoQuestionWithoutRepeatingIt(String body) {
        Operator operator = Operator.of(kit.open(DoorPlan.to(kit.instance())));
        Operator.refused(find(operator, body), 400, "parameter-invalid");
        assertThat(operator.heard()).noneMatch(answer -> answer.contains(PLANTED));
    }

    @Test
    void takesABodyOnlyWhereOneIsExpectedAndOfABoundedLength() {
        Operator operator = Operator.of(kit.open(DoorPlan.to(kit.instance())));
        Operator.refused(
                operator.send("POST /sessions/find HTTP/1.1\r\nHost: localhost\r\nContent-Length: 32769\r\n\r\n"),
                413,
                "body-refused");
        String head = "POST /sessions/find HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        Operator.refused(operator.send(head + "2\r\n{}\r\n0\r\n\r\n"), 413, "body-refused");
        Operator.refused(
                operator.send("POST /instances/x/drain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"),
                413,
                "body-refused");
        Operator.refused(operator.get("/sessions/find"), 405, "method-refused");
    }
}
