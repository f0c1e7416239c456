package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a session is called, and how it is found, is the same on every node. */
final class SessionNamesTest {

    private static RedisProcess redis;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.say("FLUSHALL");
        instance = kit.instance();
    }

    private TestDoor open(String node) {
        return kit.open(DoorPlan.to(instance)
                        .redis(redis.url())
                        .trusting("127.0.0.1")
                        .affinity(
                                new AffinityConfig.Header("X-Session-Id", false),
                                new AffinityConfig.Principal("X-User"))
                        .node(node, "127.0.0.1"))
                .awaitReady();
    }

    private static void use(TestDoor door, String id, String principal) {
        try (RawClient client = door.connect()) {
            String lines = "X-Session-Id: " + id + "\r\nX-User: " + principal + "\r\n";
            assertThat(client.get("/x", lines).answer().status()).isEqualTo(200);
        }
    }

    private static Answer admin(TestDoor door, String method, String target, String body) {
        try (RawClient client = RawClient.to(door.adminPort())) {
            String length = body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
            return client.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + length + "\r\n" + body)
                    .answer();
        }
    }

    private static List<JsonObject> sessions(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body())
                .getJsonArray("sessions").stream().map(JsonObject.class::cast).toList();
    }

    private static String only(Answer answer) {
        List<JsonObject> sessions = sessions(answer);
        assertThat(sessions).hasSize(1);
        return sessions.get(0).getString("id");
    }

    @Test
    void aSessionIsCalledTheSameOnEveryNodeAndAfterARestart() {
        TestDoor a = open("a");
        TestDoor b = open("b");
        use(b, "mine", "ann");
        String name = only(admin(b, "GET", "/sessions", ""));
        Await.until(() -> !b.accessLog().isEmpty(), () -> "no line");
        assertThat(new JsonObject(b.accessLog().get(0)).getString("session")).isEqualTo(name);
        assertThat(only(admin(a, "GET", "/sessions", ""))).isEqualTo(name);
        a.close();
        TestDoor again = open("a");
        assertThat(only(admin(again, "GET", "/sessions", ""))).isEqualTo(name);
        assertThat(admin(b, "DELETE", "/sessions/" + name, "").status()).isEqualTo(204);
        assertThat(sessions(admin(again, "GET", "/sessions", ""))).isEmpty();
    }

    @Test
    void aSessionIsFoundByItsIdOnANodeThatNeverServedIt() {
        TestDoor a = open("a");
        TestDoor b = open("b");
        use(a, "mine", "ann");
        use(a, "mine", "bob");
        use(a, "another", "ann");
        String asked = "{\"pool\":\"main\",\"id\":\"mine\"}";
        List<JsonObject> found = sessions(admin(b, "POST", "/sessions/find", asked));
        assertThat(found).hasSize(2).allMatch(session -> session.getString("state")
                .equals("live"));
        String first = found.get(0).getString("id");
        assertThat(admin(a, "DELETE", "/sessions/" + first, "").status()).isEqualTo(204);
        assertThat(sessions(admin(b, "POST", "/nodes/a/sessions/find", asked)))
                .extracting(session -> session.getString("id") + " " + session.getString("state"))
                .contains(first + " ended")
                .hasSize(2);
        assertThat(sessions(admin(b, "POST", "/sessions/find", "{\"id\":\"nobody\"}")))
                .isEmpty();
    }
}
