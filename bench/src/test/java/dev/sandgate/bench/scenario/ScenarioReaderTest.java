package dev.sandgate.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ScenarioReaderTest {

    private static final String LEAST = """
            { "name": "least", "doors": ["http://127.0.0.1:8080"], "duration": "10s",
              "arrival": { "constant": 5 },
              "sessions": [ { "affinity": { "header": "X-Session-Id" }, "calls": 3 } ] }
            """;

    private final Path dir;

    ScenarioReaderTest(@TempDir Path dir) {
        this.dir = dir;
    }

    @Test
    void fillsInWhatIsNotSaid() throws Exception {
        Scenario scenario = read(LEAST);
        assertThat(scenario.warmUp()).isZero();
        assertThat(scenario.duration()).isEqualTo(Duration.ofSeconds(10));
        assertThat(scenario.timeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(scenario.connections()).isEqualTo(256);
        assertThat(scenario.sessions().get(0).path()).isEqualTo("/count");
        assertThat(scenario.sessions().get(0).name()).isEqualTo("header");
        assertThat(scenario.sessions().get(0).end()).isEqualTo(Sessions.Ending.END);
        assertThat(scenario.faults()).isEmpty();
    }

    @Test
    void saysWhereAMistakeIsAndWhatWasExpected() {
        assertThatThrownBy(() -> read(LEAST.replace("\"calls\": 3", "\"calls\": -3")))
                .isInstanceOf(BadScenario.class)
                .hasMessageMatching("(?s).*scenario.json:3:\\d+: /sessions/0/calls: .*0.*");
        assertThatThrownBy(() -> read(LEAST.replace("\"duration\"", "\"duratoin\"")))
                .hasMessageContaining("duratoin")
                .hasMessageContaining("duration");
        assertThatThrownBy(() -> read(LEAST.replace("10s", "10 s"))).hasMessageContaining("/duration");
        assertThatThrownBy(() -> read(LEAST.replace("\"constant\": 5", "\"constant\": 5, \"closed\": 1")))
                .hasMessageContaining("/arrival");
        assertThatThrownBy(
                        () -> read(LEAST.replace("\"calls\": 3", "\"calls\": 3, \"think\": \"1s\", \"every\": \"1s\"")))
                .hasMessageContaining("/sessions/0");
        assertThatThrownBy(() -> read(LEAST.substring(5))).hasMessageContaining("not JSON");
    }

    @Test
    void readsACallersCredentialAndWhenItComes() throws Exception {
        Sessions caller = read(LEAST.replace(
                        "[ {", "[ { \"affinity\": { \"header\": \"X-Session-Id\" }, \"calls\": 1 }, { " + """
                                "arrival": { "spike": { "base": 0, "peak": 9, "at": "1s", "for": "2s" } },
                                "headers": { "X-API-Key": "letters and = signs" },"""))
                .sessions()
                .get(1);
        assertThat(caller.headers()).containsExactly(Map.entry("X-API-Key", "letters and = signs"));
        assertThat(caller.arrival()).contains(new Arrival.Spike(0, 9, Duration.ofSeconds(1), Duration.ofSeconds(2)));
    }

    @Test
    void refusesACredentialThatNobodySendsAndAPlanThatNobodyFollows() {
        assertThatThrownBy(() -> read(LEAST.replace(
                        "{ \"header\": \"X-Session-Id\" }", "\"mcp-sse\", \"headers\": { \"X-API-Key\": \"k\" }")))
                .hasMessageContaining("mcp-sse: headers (expected: only of HTTP sessions)");
        assertThatThrownBy(() ->
                        read(LEAST.replace("\"calls\": 3", "\"calls\": 3, \"headers\": { \"X-API-Key\": \"a\\nb\" }")))
                .hasMessageContaining("/sessions/0/headers");
        assertThatThrownBy(() -> read(LEAST.replace("\"calls\": 3", "\"calls\": 3, \"arrival\": { \"closed\": 1 }")))
                .hasMessageContaining("/sessions/0/arrival");
        assertThatThrownBy(() -> read(LEAST.replace("\"calls\": 3", "\"calls\": 3, \"arrival\": { \"constant\": 1 }")))
                .hasMessageContaining("one without an arrival of its own");
    }

    @Test
    void refusesAFaultOfAProgramThatThereIsNoneOf() {
        String faulty =
                LEAST.replace("\"arrival\"", "\"faults\": [{ \"at\": \"1s\", \"kill\": \"door\" }], \"arrival\"");
        assertThatThrownBy(() -> read(faulty))
                .hasMessageContaining("kill door")
                .hasMessageContaining("no program door");
    }

    @Test
    void fillsPlaceholdersInTheSameWayEverywhere() throws Exception {
        String text = LEAST.replace("http://127.0.0.1:8080", "http://127.0.0.1:${port:door}")
                .replace(
                        "\"arrival\"",
                        "\"files\": { \"door.json\": { \"port\": \"${port:door}\", \"text\": \"$${port}\" } }, \"arrival\"");
        Placeholders placeholders = new Placeholders(dir, dir);
        Scenario scenario = ScenarioReader.read(written(text), placeholders).scenario();
        int port = placeholders.port("door");
        placeholders.free();
        assertThat(scenario.doors().get(0).getPort()).isEqualTo(port);
        assertThat(scenario.files().get("door.json")).contains(": " + port).contains("\"${port}\"");
    }

    @Test
    void leavesWhatTheEnvironmentSaysOutOfTheRecord() throws Exception {
        String text = LEAST.replace("\"arrival\"", "\"files\": { \"a\": \"${env:PATH} in ${dir}\" }, \"arrival\"");
        ScenarioReader.Read read = ScenarioReader.read(written(text), new Placeholders(dir, dir));
        assertThat(read.scenario().files().get("a")).isEqualTo(System.getenv("PATH") + " in " + dir);
        assertThat(read.tree().path("files").path("a").asText()).isEqualTo("${env:PATH} in " + dir);
    }

    @Test
    void refusesAPlaceholderThatNothingIsKnownFor() {
        assertThatThrownBy(() -> read(LEAST.replace("8080", "${prot:door}")))
                .hasMessageContaining("${prot:door}")
                .hasMessageContaining("${port:NAME}");
    }

    @Test
    void readsEveryScenarioThatIsShipped() throws Exception {
        try (Stream<Path> shipped = Files.list(Path.of("scenarios"))) {
            List<Path> all =
                    shipped.filter(file -> file.toString().endsWith(".json")).toList();
            assertThat(all).isNotEmpty();
            for (Path file : all) {
                String text = Files.readString(file).replace("${sandgate}", "sandgate");
                assertThat(read(text).name()).isNotEmpty();
            }
        }
    }

    private Scenario read(String text) throws BadScenario, IOException {
        Placeholders placeholders = new Placeholders(dir, dir);
        try {
            return ScenarioReader.read(written(text), placeholders).scenario();
        } finally {
            placeholders.free();
        }
    }

    private Path written(String text) throws IOException {
        return Files.writeString(dir.resolve("scenario.json"), text);
    }
}
