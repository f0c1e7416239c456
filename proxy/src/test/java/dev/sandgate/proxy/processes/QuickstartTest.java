package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.Main;
import dev.sandgate.conf.ConfigReader;
import dev.sandgate.conf.Reading;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.pool.Starts;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** conf/quickstart.json as it is, but for free ports and for the launcher: its sandboxes run the classes under test. */
final class QuickstartTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private static SandgateConfig quickstart(Path folder) throws IOException {
        JsonObject json = new JsonObject(Files.readString(Path.of("..", "conf", "quickstart.json")));
        json.getJsonObject("listeners").getJsonObject("public").put("port", 0);
        json.getJsonObject("admin").put("port", 0);
        JsonObject instances = json.getJsonObject("pools").getJsonObject("demo").getJsonObject("instances");
        JsonArray launcher = instances.getJsonArray("command");
        assertThat(launcher.stream().limit(3)).containsExactly("../sandgate", "bench", "sandbox");
        JsonArray command = new JsonArray().add(Plan.java()).add("-Xmx32m").add("-XX:+UseSerialGC");
        // longer than a text of a config may be
        Path arguments =
                Files.writeString(folder.resolve("java"), "-cp \"" + System.getProperty("java.class.path") + "\"");
        command.add("@" + arguments);
        command.add(Main.class.getName()).add("sandbox");
        launcher.stream().skip(3).forEach(command::add);
        instances.put("command", command);
        Path file = Files.writeString(folder.resolve("quickstart.json"), json.encode());
        Reading reading = new ConfigReader(Map.of()).read(file);
        assertThat(reading).isInstanceOf(Reading.Loaded.class);
        assertThat(((Reading.Loaded) reading).warnings()).isEmpty();
        return ((Reading.Loaded) reading).config();
    }

    @Test
    void startsASandboxForTheFirstSessionAndKeepsEachKindAtHome(@TempDir Path folder) throws IOException {
        TestDoor door = kit.open(quickstart(folder));
        for (int count = 1; count <= 3; count++) {
            JsonObject said = json(ask(door, "/count", "X-Session-Id: alice\r\n"));
            assertThat(said.getString("instance")).isEqualTo("demo-1");
            assertThat(said.getInteger("count")).isEqualTo(count);
        }
        Answer first = ask(door, "/visits");
        String cookies = String.join(
                "; ",
                first.fields().all("Set-Cookie").stream()
                        .map(set -> set.substring(0, set.indexOf(';')))
                        .toList());
        assertThat(cookies).contains("sandgate=", "sandbox=");
        assertThat(json(ask(door, "/visits", "Cookie: " + cookies + "\r\n")))
                .isEqualTo(json(first).copy().put("visits", 2));
        McpWire mcp = McpWire.to(door.port()).open();
        assertThat(mcp.call("count").told().count()).isEqualTo(1);
        assertThat(mcp.call("count").told().count()).isEqualTo(2);
        assertThat(mcp.delete().status()).isEqualTo(200);
        assertThat(door.door().starts("demo")).isEqualTo(new Starts(1, 0, 0));
    }

    private Answer ask(TestDoor door, String target, String... lines) {
        Answer answer =
                kit.own(door.connect()).patience(PATIENCE).get(target, lines).answer();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer;
    }

    private static JsonObject json(Answer answer) {
        return new JsonObject(answer.body());
    }
}
