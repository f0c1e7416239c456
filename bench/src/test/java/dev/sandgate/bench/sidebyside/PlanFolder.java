package dev.sandgate.bench.sidebyside;

import dev.sandgate.bench.scenario.BadScenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A plan and its contenders, as files in a folder of the test's. */
final class PlanFolder {

    /** A measure that lasts two seconds, without sandboxes: the doors answer by themselves. */
    static final String SHORT = """
            { "duration": "2s", "arrival": { "constant": 5 }, "timeout": "1m", "sandboxes": { "count": 0 },
              "sessions": [{ "affinity": { "header": "X-Session-Id" }, "calls": 5, "think": "20ms"%s }] }
            """;

    private final Path folder;
    private final List<String> ids = new ArrayList<>();

    PlanFolder(Path folder) {
        this.folder = folder;
    }

    /** Adds one with this as its file. */
    PlanFolder contender(String id, String json) throws IOException {
        Files.createDirectories(folder.resolve(id));
        Files.writeString(folder.resolve(id).resolve("contender.json"), json);
        ids.add('"' + id + '"');
        return this;
    }

    /** Adds a sandbox that is its own door, and needs nothing that is not here. */
    PlanFolder sandbox(String id) throws IOException {
        return contender(id, """
                { "name": "sandbox %1$s", "door": "http://127.0.0.1:${port:door}",
                  "programs": { "door": {
                    "command": ["java", "-XX:+UseSerialGC", "-cp", "%2$s", "dev.sandgate.bench.Main", "sandbox",
                                "--port", "${port:door}", "--name", "%1$s"],
                    "ready": "http://127.0.0.1:${port:door}/healthz", "door": true } } }
                """.formatted(id, System.getProperty("java.class.path")));
    }

    /** Adds one whose program is nowhere. */
    PlanFolder missing(String id) throws IOException {
        return contender(id, """
                { "name": "missing %s", "door": "http://127.0.0.1:${port:door}",
                  "needs": { "no-such-door": "apt-get install no-such-door", "no/such.jar": "make it" } }
                """.formatted(id));
    }

    /** The plan's file. */
    Path file(int rounds, String measures) throws IOException {
        return Files.writeString(
                folder.resolve("plan.json"),
                "{ \"rounds\": " + rounds + ", \"contenders\": [" + String.join(", ", ids) + "], " + measures + " }");
    }

    Plan plan(int rounds, String measures) throws BadScenario, IOException {
        return PlanReader.read(file(rounds, measures));
    }
}
