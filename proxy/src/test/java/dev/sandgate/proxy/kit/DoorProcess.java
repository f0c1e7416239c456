package dev.sandgate.proxy.kit;

import dev.sandgate.proxy.cli.ShortLeases;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A door in a process of its own. */
public final class DoorProcess implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("public listens on http://127\\.0\\.0\\.1:([0-9]+)");
    private static final Pattern ADMIN_PORT = Pattern.compile("admin listens on http://127\\.0\\.0\\.1:([0-9]+)");
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private DoorProcess(Process process) {
        this.process = process;
        listen(process.getInputStream());
        listen(process.getErrorStream());
    }

    /**
     * Starts one with this config, whose listener {@code public} is on a free port of 127.0.0.1 in clear text; returns
     * when it listens.
     */
    public static DoorProcess start(Path config, String... javaOptions) throws IOException {
        return begin(config, javaOptions).awaitOpen();
    }

    /** Returns this once it listens. */
    public DoorProcess awaitOpen() {
        long deadline = System.nanoTime() + START.toNanos();
        while (said.stream().noneMatch(line -> line.startsWith("sandgate: open"))) {
            if (endsWithin(Duration.ofMillis(20)) || System.nanoTime() - deadline > 0) {
                process.destroyForcibly();
                throw new AssertionError("the door did not open: " + said);
            }
        }
        return this;
    }

    /** Starts one with this config, and does not wait for anything. */
    public static DoorProcess begin(Path config, String... javaOptions) throws IOException {
        return begin(List.of(javaOptions), List.of("dev.sandgate.proxy.cli.Sandgate", "run", config.toString()));
    }

    /** The same, where the table waits only so long for a word of the node that answers for a slot. */
    public static DoorProcess beginWithLeases(Path config, Duration lease) throws IOException {
        return begin(List.of(), List.of(ShortLeases.class.getName(), config.toString(), lease.toString()));
    }

    private static DoorProcess begin(List<String> javaOptions, List<String> program) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(program);
        return new DoorProcess(new ProcessBuilder(command).start());
    }

    /** Kills it as {@code kill -9} does, and waits until it is over. */
    public void kill() {
        process.destroyForcibly();
        if (!endsWithin(Await.PATIENCE)) {
            throw new AssertionError("the door survives SIGKILL");
        }
    }

    /** Asks it to end, by SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    public long pid() {
        return process.pid();
    }

    public int port() {
        return told(PORT);
    }

    /** The admin listener's port, where the config has one on 127.0.0.1. */
    public int adminPort() {
        return told(ADMIN_PORT);
    }

    private int told(Pattern port) {
        return said.stream()
                .map(port::matcher)
                .filter(Matcher::find)
                .map(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElseThrow();
    }

    /** Waits so long at most; whether it has ended by then. */
    public boolean endsWithin(Duration time) {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    /** All lines on its standard output and error so far. */
    public List<String> said() {
        return said;
    }

    /** The most memory that it ever had resident, in MiB. */
    public long peakMebibytes() throws IOException {
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
