package dev.sandgate.proxy.kit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sandgate.conf.AcmeConfig;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real authority (RFC 8555): Let's Encrypt's pebble as a process on loopback, and a DNS server beside it for which every name
 * is 127.0.0.1. It refuses one nonce in twenty, as it does unless told otherwise. Its programs come from a package of Debian's.
 */
public final class Pebble implements AutoCloseable {

    private static final String PROGRAM = "pebble";
    private static final String NAMES = "pebble-challtestsrv";

    /**
     * What it is asked to be like.
     *
     * @param reuse how many in a hundred names need no second proof
     * @param account whoever comes must have this one already; empty: nobody needs one
     */
    public record Manner(int reuse, Optional<AcmeConfig.ExternalAccount> account) {

        /** A proof for each order, and no account. */
        public static final Manner USUAL = new Manner(0, Optional.empty());
    }

    private final Path folder;
    private final int port;
    private final Manner manner;
    private final List<Process> processes = new ArrayList<>();

    private Pebble(Path folder, int port, Manner manner) {
        this.folder = folder;
        this.port = port;
        this.manner = manner;
    }

    /** Leaves the test out, and says so, where the programs are missing. */
    public static void assumeThere() {
        assumeTrue(isThere(), "no pebble on the PATH: no certificate is ordered (apt-get install pebble)");
    }

    private static boolean isThere() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Stream.of(path.split(":", -1)).anyMatch(each -> Files.isExecutable(Path.of(each, PROGRAM)))
                && Stream.of(path.split(":", -1)).anyMatch(each -> Files.isExecutable(Path.of(each, NAMES)));
    }

    /**
     * Starts one, and returns when it answers.
     *
     * @param httpPort where it asks whether a name leads to who ordered for it
     */
    public static Pebble askingAt(int httpPort, Manner manner) {
        try {
            Pebble pebble = new Pebble(Files.createTempDirectory("sandgate-pebble"), freePort(), manner);
            pebble.start(httpPort);
            return pebble;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** A port that nobody has now, for programs that cannot tell which one they took. */
    public static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private void start(int httpPort) throws IOException {
        String names = "127.0.0.1:" + freePort();
        JsonObject config = new JsonObject()
                .put("listenAddress", "127.0.0.1:" + port)
                .put("managementListenAddress", "")
                .put("certificate", certificate().pem().certificate().toString())
                .put("privateKey", certificate().pem().key().toString())
                .put("httpPort", httpPort)
                .put("tlsPort", httpPort)
                .put("externalAccountBindingRequired", manner.account().isPresent());
        manner.account()
                .ifPresent(
                        known -> config.put("externalAccountMACKeys", new JsonObject().put(known.id(), known.key())));
        Path file = Files.writeString(
                folder.resolve("pebble.json"),
                new JsonObject().put("pebble", config).encode());
        run(
                NAMES,
                "-defaultIPv6=",
                "-dns01=" + names,
                "-http01=",
                "-https01=",
                "-tlsalpn01=",
                "-management=127.0.0.1:" + freePort());
        run(PROGRAM, "-config", file.toString(), "-dnsserver", names);
        Await.until(() -> log().stream().anyMatch(line -> line.contains("Listening on")), () -> log().toString());
        // DNS is there as soon as it takes a connection, too
        Await.until(() -> accepts(names), () -> "no DNS at " + names);
    }

    private static boolean accepts(String address) {
        int colon = address.indexOf(':');
        try (var tried =
                new java.net.Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)))) {
            return tried.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Certificate certificate() {
        return Certificate.of("dns:localhost,ip:127.0.0.1");
    }

    private void run(String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()));
        builder.environment().put("PEBBLE_VA_NOSLEEP", "1");
        builder.environment().put("PEBBLE_AUTHZREUSE", Integer.toString(manner.reuse()));
        processes.add(builder.start());
    }

    /** What a node needs to know of it to order for these names. */
    public AcmeConfig config(String... domains) {
        return new AcmeConfig(
                URI.create("https://localhost:" + port + "/dir"),
                List.of("mailto:ops@example.com"),
                Optional.of(certificate().pem().certificate()),
                manner.account(),
                List.of(domains));
    }

    /** The PEM file with who vouches for its server. */
    public Path vouching() {
        return certificate().pem().certificate();
    }

    /** How many certificates it gave. */
    public long issued() {
        return log().stream()
                .filter(line -> line.contains("Issued certificate serial"))
                .count();
    }

    /** How often it asked for a proof of this name. */
    public long asked(String name) {
        return log().stream()
                .filter(line -> line.contains("Attempting to validate") && line.contains("http://" + name))
                .count();
    }

    /** All that it told so far. */
    public List<String> log() {
        try {
            return Files.readAllLines(folder.resolve("log"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        try {
            for (Process process : processes) {
                process.waitFor(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            for (String name : List.of("pebble.json", "log")) {
                Files.deleteIfExists(folder.resolve(name));
            }
            Files.deleteIfExists(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
