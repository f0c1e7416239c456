package dev.sandgate.proxy.kit;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real Redis of its own, on a free port of loopback, without persistence. For one thread. */
public final class RedisProcess implements AutoCloseable {

    private static final String PROGRAM = "/redis-server-6.2.6-v5-linux-amd64";
    private static final Duration START = Duration.ofSeconds(20);

    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private RedisProcess(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    public static RedisProcess start() {
        try {
            Path folder = Files.createTempDirectory("sandgate-redis");
            try (InputStream program = RedisProcess.class.getResourceAsStream(PROGRAM)) {
                if (program == null || !System.getProperty("os.arch").equals("amd64")) {
                    throw new AssertionError("no Redis for this machine (expected: Linux on x86_64)");
                }
                Files.copy(program, folder.resolve("redis-server"));
            }
            if (!folder.resolve("redis-server").toFile().setExecutable(true)) {
                throw new AssertionError("cannot make " + folder + "/redis-server executable");
            }
            RedisProcess redis = new RedisProcess(folder, freePort());
            redis.restart();
            return redis;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /** Starts it on the same port, empty. */
    public void restart() {
        List<String> command =
                new ArrayList<>(List.of(folder.resolve("redis-server").toString()));
        command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        File log = folder.resolve("log").toFile();
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            long deadline = System.nanoTime() + START.toNanos();
            while (!answers()) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new AssertionError("Redis did not start: " + Files.readString(log.toPath()));
                }
                Thread.onSpinWait();
            }
        } catch (IOException failure) {
            throw new AssertionError("Redis did not start: " + failure.getMessage(), failure);
        }
    }

    /** At once, as by SIGKILL; returns when it is gone. */
    public void kill() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            try {
                if (!running.waitFor(20, TimeUnit.SECONDS)) {
                    throw new AssertionError("Redis " + running.pid() + " does not die");
                }
            } catch (InterruptedException failure) {
                throw new AssertionError(failure);
            }
            process = null;
        }
    }

    /** It hears, and does nothing. */
    public void freeze() {
        signal("STOP");
    }

    public void thaw() {
        signal("CONT");
    }

    /** One command on a connection of its own; the first line of the answer. */
    public String say(String... words) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
            socket.setSoTimeout(10_000);
            StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
            for (String word : words) {
                command.append('$')
                        .append(word.length())
                        .append("\r\n")
                        .append(word)
                        .append("\r\n");
            }
            socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder line = new StringBuilder();
            for (int next = socket.getInputStream().read();
                    next >= 0 && next != '\r';
                    next = socket.getInputStream().read()) {
                line.append((char) next);
            }
            return line.toString();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        kill();
        for (String file : List.of("log", "redis-server", "")) {
            if (!folder.resolve(file).toFile().delete() && file.isEmpty()) {
                throw new AssertionError("left behind: " + folder);
            }
        }
    }

    private boolean answers() {
        try {
            return say("PING").equals("+PONG");
        } catch (UncheckedIOException notYet) {
            return false;
        }
    }

    private void signal(String name) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("it does not run");
        }
        try {
            new ProcessBuilder("kill", "-" + name, "" + running.pid()).start().waitFor();
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
