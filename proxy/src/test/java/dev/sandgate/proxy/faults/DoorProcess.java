package dev.sandgate.proxy.faults;

import dev.sandgate.proxy.kit.Await;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A door in a process of its own, with little memory: what it holds too much of, it dies of. */
final class DoorProcess implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("public listens on http://127\\.0\\.0\\.1:([0-9]+)");
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private DoorProcess(Process process) {
        this.process = process;
        listen(process.getInputStream());
        listen(process.getErrorStream());
    }

    /** Starts one before this instance, with 64 MiB of heap and 64 MiB of direct memory, and its config in this folder. */
    static DoorProcess start(URI instance, Path folder) throws IOException {
        String config = "{'listeners': {'public': {'host': '127.0.0.1', 'port': 0}},"
                + "'pools': {'main': {'instances': {'type': 'static', 'urls': ['" + instance + "']}}},"
                + "'routes': [{'name': 'all', 'pool': 'main'}]}";
        Path file = Files.writeString(folder.resolve("door.json"), config.replace('\'', '"'));
        DoorProcess door = new DoorProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:MaxDirectMemorySize=64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.sandgate.proxy.cli.Sandgate",
                        "run",
                        file.toString())
                .start());
        long deadline = System.nanoTime() + START.toNanos();
        while (door.foundPort().isEmpty()) {
            if (door.endsWithin(Duration.ofMillis(20)) || System.nanoTime() - deadline > 0) {
                throw new AssertionError("the door did not open: " + door.said);
            }
        }
        return door;
    }

    int port() {
        return foundPort().orElseThrow();
    }

    private Optional<Integer> foundPort() {
        return said.stream()
                .map(PORT::matcher)
                .filter(Matcher::find)
                .map(found -> Integer.valueOf(found.group(1)))
                .findFirst();
    }

    /** Waits so long at most; whether it has ended by then. */
    boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /** All lines on its standard output and error so far. */
    List<String> said() {
        return said;
    }

    /** The most memory that it ever had resident, in MiB. */
    long peakMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private void listen(InputStream stream) {
        Thread reader = new Thread(() -> read(stream), "lines of a door process");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
            }
        } catch (IOException ended) {
            said.add("(ended)");
        }
    }

    @Override
    public void close() {
        process.destroy();
        if (!endsWithin(Await.PATIENCE)) {
            process.destroyForcibly();
            throw new AssertionError("the door does not stop: " + said);
        }
    }
}
