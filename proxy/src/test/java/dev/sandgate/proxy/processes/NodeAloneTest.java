package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.CutRelay;
import dev.sandgate.proxy.kit.DoorFile;
import dev.sandgate.proxy.kit.DoorProcess;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are processes of their own, so that one of them alone can be cut off, or killed. */
final class NodeAloneTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path folder;
    private final String word = "TEST_" + UUID.randomUUID().toString().replace("-", "");

    NodeAloneTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void stop() {
        Marked.with(word).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private DoorProcess start(Nodes nodes, String node, JsonObject instances) throws IOException {
        JsonObject sessions =
                new JsonObject().put("perInstance", 100).put("onLost", "rebind").put("lostAfter", "2s");
        JsonObject pool = new JsonObject().put("instances", instances).put("sessions", sessions);
        return kit.own(DoorProcess.start(DoorFile.in(folder, node)
                .redis(nodes.redis().url())
                .pool("main", pool)
                .route("/", "main", new JsonObject().put("header", "X-Session-Id"))
                .write()));
    }

    private static Answer ask(DoorProcess door, String session) {
        try (RawClient client = RawClient.to(door.port()).patience(PATIENCE)) {
            return client.get("/count", "X-Session-Id: " + session + "\r\n").answer();
        }
    }

    private static String sessionAt(DoorProcess door, String instance) {
        for (int i = 0; i < 100; i++) {
            if (ask(door, instance + "-" + i).outcome().equals(instance)) {
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
        Nodes nodes = kit.nodes();
        DoorProcess a = start(nodes, "a", instances);
        DoorProcess b = start(nodes, "b", instances);
        String kept = sessionAt(a, spared);
        String moved = sessionAt(a, dead);
        assertThat(ask(b, kept).outcome()).isEqualTo(spared);

        relay.cut(a.pid());
        assertThat(ask(a, kept).status()).isIn(502, 503);
        mortal.close();
        // by then the one that nobody reaches is given up, so the other would be too
        Await.until(() -> ask(b, moved).outcome().equals(spared), () -> ask(b, moved)
                .outcome());
        for (int i = 0; i < 20; i++) {
            assertThat(ask(a, kept).status()).isIn(502, 503);
            assertThat(ask(b, kept).outcome()).isEqualTo(spared);
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
        Nodes nodes = kit.nodes();
        DoorProcess a = start(nodes, "a", instances);
        DoorProcess b = start(nodes, "b", instances);
        assertThat(ask(a, "one").outcome()).isEqualTo("a/main-1");
        assertThat(ask(b, "one").body()).endsWith(" 2");

        a.kill();
        DoorProcess again = start(nodes, "a", instances);
        // a new life of the instance, or the other node's: in either case the old one's count is not there
        Await.until(() -> ask(b, "one").status() == 200, () -> ask(b, "one").body());
        Answer anew = ask(b, "one");
        assertThat(anew.body()).endsWith(" 2");
        assertThat(ask(again, "one").home()).isEqualTo(anew.home());
        assertThat(Marked.with(word)).hasSize(1);
    }
}
