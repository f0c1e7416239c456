package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.CutRelay;
import dev.sandgate.proxy.kit.DoorProcess;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are processes of their own, so that one of them alone can be cut off, or killed. */
final class NodeAloneTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static RedisProcess redis;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;
    private final String word = "TEST_" + UUID.randomUUID().toString().replace("-", "");
    private final List<DoorProcess> doors = new ArrayList<>();

    NodeAloneTest(@TempDir Path folder) {
        this.folder = folder;
    }

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
    }

    @AfterEach
    void stop() {
        doors.forEach(DoorProcess::close);
        Marked.with(word).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private DoorProcess start(String node, JsonObject instances) throws IOException {
        JsonObject key = new JsonObject().put("id", "k").put("secret", "a secret of the tests, and of nobody else");
        JsonObject config = new JsonObject()
                .put("state", folder.resolve(node + "-state").toString())
                .put(
                        "listeners",
                        new JsonObject()
                                .put(
                                        "public",
                                        new JsonObject()
                                                .put("host", "127.0.0.1")
                                                .put("port", 0)))
                .put("node", new JsonObject().put("id", node).put("advertise", "127.0.0.1"))
                .put(
                        "table",
                        new JsonObject()
                                .put("type", "redis")
                                .put("url", redis.url())
                                .put("timeout", "5s")
                                .put("hold", "1s")
                                .put("keys", new JsonArray().add(key)))
                .put(
                        "pools",
                        new JsonObject()
                                .put(
                                        "main",
                                        new JsonObject()
                                                .put("instances", instances)
                                                .put(
                                                        "sessions",
                                                        new JsonObject()
                                                                .put("perInstance", 100)
                                                                .put("onLost", "rebind")
                                                                .put("lostAfter", "2s"))))
                .put(
                        "routes",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("name", "all")
                                        .put("pool", "main")
                                        .put("debug", true)
                                        .put(
                                                "affinity",
                                                new JsonArray().add(new JsonObject().put("header", "X-Session-Id")))));
        Path file = folder.resolve(node + ".json");
        Files.writeString(file, config.encodePrettily());
        DoorProcess door = DoorProcess.start(file);
        doors.add(door);
        return door;
    }

    private static Answer ask(DoorProcess door, String session) {
        try (RawClient client = RawClient.to(door.port()).patience(PATIENCE)) {
            return client.get("/count", "X-Session-Id: " + session + "\r\n").answer();
        }
    }

    private static String home(Answer answer) {
        return answer.status() == 200
                ? answer.fields().first("X-Sandgate-Instance").orElseThrow()
                : answer.status() + answer.body();
    }

    private static String sessionAt(DoorProcess door, String instance) {
        for (int i = 0; i < 100; i++) {
            if (home(ask(door, instance + "-" + i)).equals(instance)) {
                return instance + "-" + i;
            }
        }
        throw new AssertionError("no session comes to " + instance);
    }

    @Test
    void anInstanceThatOneNodeAloneCannotReachKeepsItsSessions() throws IOException {
        CutRelay relay = kit.own(CutRelay.before(kit.instance().port()));
        RecordingInstance mortal = kit.instance();
        String spared = "127.0.0.1:" + relay.port();
        String dead = "127.0.0.1:" + mortal.port();
        JsonObject instances = new JsonObject()
                .put("type", "static")
                .put("urls", new JsonArray().add("http://" + spared).add("http://" + dead));
        DoorProcess a = start("a", instances);
        DoorProcess b = start("b", instances);
        String kept = sessionAt(a, spared);
        String moved = sessionAt(a, dead);
        assertThat(home(ask(b, kept))).isEqualTo(spared);

        relay.cut(a.pid());
        assertThat(ask(a, kept).status()).isIn(502, 503);
        mortal.close();
        // by then the one that nobody reaches is given up, so the other would be too
        Await.until(() -> home(ask(b, moved)).equals(spared), () -> home(ask(b, moved)));
        for (int i = 0; i < 20; i++) {
            assertThat(ask(a, kept).status()).isIn(502, 503);
            assertThat(home(ask(b, kept))).isEqualTo(spared);
        }
    }

    @Test
    void aNodeThatWasKilledFindsItsOldProcessesGoneWhenItStartsAgain() throws IOException {
        JsonArray command = new JsonArray().add(Plan.java());
        Plan.javaFlags().forEach(command::add);
        command.add("${port}").add("${instance}");
        JsonObject instances = new JsonObject()
                .put("type", "process")
                .put("command", command)
                .put("env", new JsonObject().put(word, "1"))
                .put("min", 0)
                .put("max", 1)
                .put("ready", "/healthz")
                .put("startTimeout", "60s");
        DoorProcess a = start("a", instances);
        DoorProcess b = start("b", instances);
        assertThat(home(ask(a, "one"))).isEqualTo("a/main-1");
        assertThat(ask(b, "one").body()).endsWith(" 2");

        a.kill();
        DoorProcess again = start("a", instances);
        // a new life of the instance, or the other node's: in either case the old one's count is not there
        Await.until(() -> ask(b, "one").status() == 200, () -> ask(b, "one").body());
        Answer anew = ask(b, "one");
        assertThat(anew.body()).endsWith(" 2");
        assertThat(home(ask(again, "one"))).isEqualTo(home(anew));
        assertThat(Marked.with(word)).hasSize(1);
    }
}
