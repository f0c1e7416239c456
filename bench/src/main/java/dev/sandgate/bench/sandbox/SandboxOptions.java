package dev.sandgate.bench.sandbox;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a {@link DemoSandbox} is started with.
 *
 * @param host an IP address or a name that resolves to one
 * @param port 0 to 65535; 0 takes a free one
 * @param name told in every answer as {@code instance}
 * @param sessionHeader the request header that carries the session id
 * @param maxSessions how many sessions it holds before it answers 503; 0: any number
 * @param log where it writes down what becomes of its sessions, as {@link SandboxLog} says, and then names its
 *     incarnation in its answers; empty: nowhere
 */
public record SandboxOptions(
        String host, int port, String name, String sessionHeader, int maxSessions, Optional<Path> log) {

    /** The header that carries the session id unless said otherwise. */
    public static final String SESSION_HEADER = "X-Session-Id";

    public SandboxOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
        }
        if (maxSessions < 0) {
            throw new IllegalArgumentException("maxSessions: " + maxSessions + " (expected: 0 or more)");
        }
    }

    /** A sandbox without a bound that reads {@value #SESSION_HEADER}. */
    public static SandboxOptions of(String host, int port, String name) {
        return new SandboxOptions(host, port, name, SESSION_HEADER, 0, Optional.empty());
    }

    /** The same, with room for this many sessions; 0: any number. */
    public SandboxOptions withMaxSessions(int bound) {
        return new SandboxOptions(host, port, name, sessionHeader, bound, log);
    }

    /** The same, with the session id in this request header. */
    public SandboxOptions withSessionHeader(String header) {
        return new SandboxOptions(host, port, name, header, maxSessions, log);
    }

    /** The same, with what becomes of its sessions written down there. */
    public SandboxOptions withLog(Path file) {
        return new SandboxOptions(host, port, name, sessionHeader, maxSessions, Optional.of(file));
    }
}
