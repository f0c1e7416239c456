package dev.sandgate.affinity.kit;

import java.io.DataInputStream;
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
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real Redis of its own, on a free port of loopback, without persistence. For one thread. */
public final class RedisProcess implements AutoCloseable {

    private static final String PROGRAM = "/redis-server-6.2.6-v5-linux-amd64";
    private static final Duration START = Duration.ofSeconds(20);
    /** A cluster's nodes speak to each other on their port and this. */
    private static final int BUS = 10_000;

    /** The one that comes with the tests, or with {@code -Dredis.program=/usr/bin/redis-server} another; written once a JVM. */
    private static final class Program {

        static final Path FILE = file();

        private static Path file() {
            String other = System.getProperty("redis.program", "");
            if (!other.isEmpty()) {
                return Path.of(other);
            }
            try (InputStream program = RedisProcess.class.getResourceAsStream(PROGRAM)) {
                if (program == null || !System.getProperty("os.arch").equals("amd64")) {
                    throw new AssertionError("no Redis for this machine (expected: Linux on x86_64)");
                }
                Path folder = Files.createTempDirectory("sandgate-redis");
                Path file = folder.resolve("redis-server");
                // last in, first deleted
                folder.toFile().deleteOnExit();
                file.toFile().deleteOnExit();
                Files.copy(program, file);
                if (!file.toFile().setExecutable(true)) {
                    throw new AssertionError("cannot make " + file + " executable");
                }
                return file;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private final Path folder;
    private final int port;
    private final List<String> options;
    private @Nullable Process process;

    private RedisProcess(Path folder, int port, List<String> options) {
        this.folder = folder;
        this.port = port;
        this.options = options;
    }

    /** One that runs, with more on its command line: {@code "--replicaof", "127.0.0.1", "7000"}. */
    public static RedisProcess start(String... options) {
        return running(made(List.of(options)));
    }

    /** One that runs as a sentinel, with these lines in its config file beside those about its port. */
    static RedisProcess sentinel(List<String> lines) {
        RedisProcess sentinel = made(List.of("--sentinel"));
        List<String> all = new ArrayList<>(List.of("port " + sentinel.port, "bind 127.0.0.1"));
        all.addAll(lines);
        try {
            Files.write(sentinel.folder.resolve("sentinel.conf"), all);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return running(sentinel);
    }

    private static RedisProcess running(RedisProcess made) {
        try {
            made.restart();
            return made;
        } catch (AssertionError failure) {
            made.close();
            throw failure;
        }
    }

    private static RedisProcess made(List<String> options) {
        try {
            return new RedisProcess(Files.createTempDirectory("sandgate-redis"), freePort(), options);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Starts it on the same port, empty. */
    public void restart() {
        File log = folder.resolve("log").toFile();
        try {
            process = new ProcessBuilder(command())
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            long deadline = System.nanoTime() + START.toNanos();
            while (!answers()) {
                if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new AssertionError("Redis did not start: " + Files.readString(log.toPath()));
                }
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException failure) {
            throw new AssertionError("Redis did not start: " + failure.getMessage(), failure);
        }
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(Program.FILE.toString()));
        if (options.contains("--sentinel")) {
            command.add("sentinel.conf");
        } else {
            command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        }
        command.addAll(options);
        return command;
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
        return exchange(false, words);
    }

    /** One command on a connection of its own; the text that it answers, or an error's line. */
    public String tell(String... words) {
        return exchange(true, words);
    }

    private String exchange(boolean whole, String... words) {
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
            DataInputStream in = new DataInputStream(socket.getInputStream());
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next >= 0 && next != '\r'; next = in.read()) {
                line.append((char) next);
            }
            if (!whole || line.indexOf("$") != 0 || line.toString().equals("$-1")) {
                return line.toString();
            }
            in.readByte();
            return new String(in.readNBytes(Integer.parseInt(line.substring(1))), StandardCharsets.ISO_8859_1);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                if (!file.toFile().delete()) {
                    throw new AssertionError("left behind: " + file);
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private boolean answers() {
        try {
            String answer = say("PING");
            return answer.equals("+PONG") || answer.startsWith("-NOAUTH");
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

    /** Below those that the system gives to connections, and with the bus's port free as well. */
    public static int freePort() {
        for (int tries = 0; tries < 1_000; tries++) {
            int port = ThreadLocalRandom.current().nextInt(11_000, 22_000);
            if (isFree(port) && isFree(port + BUS)) {
                return port;
            }
        }
        throw new AssertionError("no free port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
