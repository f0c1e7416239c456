package dev.sandgate.bench.stage;

import dev.sandgate.bench.scenario.Program;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One program of the stage, through all its lives. What it prints stands in {@code NAME.out}. */
final class Running {

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration END_WITHIN = Duration.ofSeconds(10);
    private static final Duration TRY = Duration.ofMillis(20);
    private static final int LINES_TOLD = 10;

    private final Program program;
    private final Path dir;
    private final Path out;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Process process;

    Running(Program program, Path dir) {
        this.program = program;
        this.dir = dir;
        this.out = dir.resolve(program.name() + ".out");
    }

    Program program() {
        return program;
    }

    /** Its process id; empty where it does not run. */
    Optional<Long> pid() {
        return Optional.ofNullable(process).filter(Process::isAlive).map(Process::pid);
    }

    void start() throws StageFailure {
        ProcessBuilder builder = new ProcessBuilder(program.command())
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(out.toFile()));
        builder.environment().putAll(program.environment());
        try {
            process = builder.start();
        } catch (IOException missing) {
            throw new StageFailure(program.name() + " cannot be started: " + missing.getMessage(), missing);
        }
    }

    /** Returns once it is ready. */
    void await() throws StageFailure, InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!ready()) {
            if (!outlives(TRY)) {
                throw new StageFailure(program.name() + " ended before it was ready; it said last:\n" + lastLines());
            }
            if (System.nanoTime() - deadline > 0) {
                throw new StageFailure(program.name() + " is not ready after " + READY_WITHIN.toSeconds() + " s ("
                        + program.ready() + "); it said last:\n" + lastLines());
            }
        }
    }

    /** Returns after this time with true, or at its end with false. */
    boolean outlives(Duration time) throws InterruptedException {
        Process mine = process;
        return mine != null && !mine.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Sends a signal by its name: {@code STOP}. */
    void signal(String name) throws StageFailure {
        long pid = pid().orElseThrow(() -> new StageFailure(program.name() + " does not run: no " + name + " for it"));
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid).start();
            if (kill.waitFor() != 0) {
                throw new StageFailure(program.name() + ": kill -" + name + " " + pid + " failed");
            }
        } catch (IOException noShell) {
            throw new StageFailure(program.name() + ": no shell to send " + name + " with", noShell);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks it to end. */
    void stop() {
        if (process != null) {
            process.destroy();
        }
    }

    /** Waits until it ended, with its children; kills what does not. */
    void ended() throws InterruptedException {
        Process mine = process;
        if (mine == null) {
            return;
        }
        List<ProcessHandle> children = mine.descendants().toList();
        if (!mine.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
            mine.destroyForcibly().waitFor();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }

    private boolean ready() throws InterruptedException {
        if (program.ready().isEmpty()) {
            return true;
        }
        try {
            if (program.ready().startsWith("http://")) {
                HttpRequest ask = HttpRequest.newBuilder(URI.create(program.ready()))
                        .timeout(Duration.ofSeconds(1))
                        .build();
                return http.send(ask, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
            }
            int colon = program.ready().lastIndexOf(':');
            try (Socket socket = new Socket()) {
                int port = Integer.parseInt(program.ready().substring(colon + 1));
                socket.connect(new InetSocketAddress(program.ready().substring(0, colon), port), 1000);
                return true;
            }
        } catch (IOException notYet) {
            return false;
        }
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(out, StandardCharsets.ISO_8859_1);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
        } catch (IOException unread) {
            return "(nothing to be read: " + unread.getMessage() + ")";
        }
    }
}
