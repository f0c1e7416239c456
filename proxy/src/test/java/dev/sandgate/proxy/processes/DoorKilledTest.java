package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorFile;
import dev.sandgate.proxy.kit.DoorProcess;
import dev.sandgate.proxy.kit.RawClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that was killed itself, and what its next start finds. */
final class DoorKilledTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int INSTANCES = 20;

    private final String word = "TEST_" + UUID.randomUUID().toString().replace("-", "");
    private final Path folder;
    private final List<Process> strangers = new ArrayList<>();

    DoorKilledTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @AfterEach
    void endTheStrangers() {
        strangers.forEach(Process::destroyForcibly);
        Marked.with(word).forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    /** A door whose instances each start a process of their own, which they do not look after. */
    private DoorFile config(int instances) {
        JsonArray command = new JsonArray().add(Plan.java());
        Plan.javaFlags().forEach(command::add);
        return config(instances, command.add("${port}").add("${instance}").add("child=600"));
    }

    private DoorFile config(int instances, JsonArray command) {
        JsonObject processes = new JsonObject()
                .put("type", "process")
                .put("command", command)
                .put("env", new JsonObject().put(word, "1"))
                .put("min", instances)
                .put("max", Math.max(1, instances))
                .put("ready", "/healthz")
                .put("startTimeout", "60s")
                .put("stopTimeout", "4s");
        return DoorFile.in(folder, "door")
                .pool("main", new JsonObject().put("instances", processes))
                .route("/", "main", new JsonObject().put("header", "X-Session-Id"))
                .with("state", "state");
    }

    private List<Path> records() {
        try (Stream<Path> files = Files.list(folder.resolve("state/children"))) {
            return files.filter(file -> file.toString().endsWith(".json")).toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    /** A process of somebody else's, of the same program as ours. */
    private Process stranger() throws IOException {
        List<String> command = new ArrayList<>(List.of(Plan.java()));
        command.addAll(Plan.javaFlags());
        command.addAll(List.of("0", "stranger"));
        Process process = new ProcessBuilder(command).start();
        strangers.add(process);
        return process;
    }

    @Test
    void leavesNothingOfTheOldAndTouchesNoStranger() throws IOException {
        DoorProcess first = DoorProcess.start(config(INSTANCES).write());
        Await.within(
                PATIENCE, () -> Marked.with(word).size() == 2 * INSTANCES, () -> "not all started: " + first.said());
        Await.within(PATIENCE, () -> ready(first) == INSTANCES, () -> "not all ready: " + first.said());
        first.kill();
        List<Long> old = Marked.with(word);
        assertThat(old).hasSize(2 * INSTANCES);
        // its instance and number are written down as if they were a child's: a process id that came back
        Path record = records().get(0);
        JsonObject told = new JsonObject(Files.readString(record));
        long was = told.getLong("pid");
        Instant start = told.getInstant("start");
        Await.within(PATIENCE, () -> Instant.now().isAfter(start.plusSeconds(3)), () -> "the clock stands still");
        Process stranger = stranger();
        Files.writeString(record, told.put("pid", stranger.pid()).encode());

        try (DoorProcess second = DoorProcess.start(config(0).write())) {
            assertThat(old).noneMatch(Marked::runs);
            assertThat(Marked.runs(was)).isFalse();
            assertThat(stranger.isAlive()).isTrue();
            assertThat(records()).isEmpty();
            assertThat(second.said()).anyMatch(line -> line.contains("which an earlier node left running"));
        }
    }

    private static long ready(DoorProcess door) {
        return door.said().stream()
                .filter(line -> line.contains("is ready, process"))
                .count();
    }

    @Test
    void endsWhatWasStartedAndNotYetWrittenDownAsSuch() throws IOException {
        String mark = "0123456789abcdef0123456789abcdef";
        ProcessBuilder prepared = new ProcessBuilder("sleep", "600");
        prepared.environment().put("SANDGATE_CHILD", mark);
        Process child = prepared.start();
        strangers.add(child);
        Process stranger = new ProcessBuilder("sleep", "600").start();
        strangers.add(stranger);
        Path children = Files.createDirectories(folder.resolve("state/children"));
        Files.writeString(
                children.resolve(mark + ".json"),
                new JsonObject().put("mark", mark).put("name", "main-1").encode());
        Files.writeString(children.resolve("half.json"), "{\"mark\": \"");
        try (DoorProcess door = DoorProcess.start(config(0).write())) {
            assertThat(door.said()).anyMatch(line -> line.contains("ending main-1"));
            Await.until(() -> !child.isAlive(), () -> "it lives on");
            assertThat(stranger.isAlive()).isTrue();
            assertThat(records()).isEmpty();
        }
    }

    @Test
    void refusesAStateFolderThatAnotherNodeUses() throws IOException {
        Path config = config(0).write();
        try (DoorProcess first = DoorProcess.start(config)) {
            assertThat(first.port()).isPositive();
            assertThat(catchThrowable(() -> DoorProcess.start(config)))
                    .hasMessageContaining("is in use by another node")
                    .hasMessageContaining("set \"state\"");
        }
    }

    /** A door whose instances never become ready, and do not hear SIGTERM. */
    private DoorFile deaf(int instances) {
        JsonArray command = new JsonArray().add("sh").add("-c").add("trap '' TERM; exec sleep 600");
        return config(instances, command).with("shutdownTimeout", "0s");
    }

    /** Lets whoever reads this pipe come to its end; waits for nobody. */
    private static void unblock(Path pipe) throws IOException {
        try (RandomAccessFile both = new RandomAccessFile(pipe.toFile(), "rw")) {
            both.write('\n');
        }
    }

    @Test
    void endsManyInstancesThatDoNotHearSigterm() throws IOException {
        // more than three times as many as are waited for at once
        int many = 49;
        try (DoorProcess door = DoorProcess.start(deaf(many).write())) {
            Await.within(PATIENCE, () -> Marked.with(word).size() == many, () -> "not all started: " + door.said());
            Await.within(PATIENCE, () -> records().size() == many, () -> "not all written down");
            door.terminate();
            Await.within(
                    PATIENCE, () -> door.endsWithin(Duration.ofMillis(20)), () -> "it does not end: " + door.said());
        }
        assertThat(Marked.with(word)).isEmpty();
        assertThat(records()).isEmpty();
    }

    @Test
    void endsItsInstancesWhenSigtermComesBeforeItIsOpen() throws IOException, InterruptedException {
        Path hosts = folder.resolve("hosts");
        assertThat(new ProcessBuilder("mkfifo", hosts.toString()).start().waitFor())
                .isZero();
        JsonObject far = new JsonObject().put("type", "static").put("urls", new JsonArray().add("http://far.test:80"));
        // its name is looked for in a file that does not end, so the door never opens
        Path config =
                deaf(1).pool("far", new JsonObject().put("instances", far)).write();
        try (DoorProcess door = DoorProcess.begin(config, "-Djdk.net.hosts.file=" + hosts)) {
            Await.within(PATIENCE, () -> Marked.with(word).size() == 1, () -> "not started: " + door.said());
            assertThat(door.said()).noneMatch(line -> line.contains("listens on"));
            door.terminate();
            Await.within(PATIENCE, () -> Marked.with(word).isEmpty(), () -> "its instance lives on: " + door.said());
            // lets the name's look-up end
            unblock(hosts);
        }
        assertThat(records()).isEmpty();
    }

    @Test
    void endsItsInstancesOnSigterm() throws IOException {
        try (DoorProcess door = DoorProcess.start(config(2).write())) {
            Await.within(PATIENCE, () -> ready(door) == 2, () -> "not all ready: " + door.said());
            try (RawClient client = RawClient.to(door.port()).patience(PATIENCE)) {
                assertThat(client.get("/count", "X-Session-Id: a\r\n").answer().status())
                        .isEqualTo(200);
            }
        }
        assertThat(Marked.with(word)).isEmpty();
        assertThat(records()).isEmpty();
    }
}
