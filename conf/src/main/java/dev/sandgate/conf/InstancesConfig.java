package dev.sandgate.conf;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a pool's instances come from. */
public sealed interface InstancesConfig {

    /**
     * A fixed list. A host name stands for each address that it resolves to.
     *
     * @param urls {@code http://host:port} or {@code https://host:port}, no path; normalised, no two alike
     * @param trust a PEM file of the authorities that {@code https} instances are checked against; empty: the JDK's
     * @param incarnation where each tells its life; empty: a restart between two failures goes unnoticed
     */
    record Static(List<URI> urls, Optional<Path> trust, Optional<IncarnationConfig> incarnation)
            implements InstancesConfig {}

    /**
     * Processes of this machine that the node starts when they are needed, each on a port of its own of 127.0.0.1.
     *
     * @param command what to run
     * @param env variables that it gets beside those that any program needs and {@code PORT}
     * @param cwd the folder in which it runs; absolute
     * @param min how many that take sessions there are at least, 0 to {@code max}
     * @param max how many there are at most, whatever they do; 1 to 10,000
     * @param ready a path whose GET an instance answers with 2xx once it is ready; empty: it is when it takes
     *     connections
     * @param startTimeout from its start until it is ready
     * @param idleStop how long one that nobody uses is kept; at least 1 s
     * @param stopTimeout from SIGTERM to SIGKILL; zero: at once
     */
    record Processes(
            Command command,
            Map<String, Template> env,
            Path cwd,
            int min,
            int max,
            Optional<String> ready,
            Duration startTimeout,
            Duration idleStop,
            Duration stopTimeout)
            implements InstancesConfig {

        static final Duration START_TIMEOUT = Duration.ofSeconds(30);
        static final Duration IDLE_STOP = Duration.ofMinutes(10);
        static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    }

    /**
     * A program and what it is started with.
     *
     * @param program an absolute path, or a name without slash that is looked for in {@code PATH}
     * @param arguments may have the blanks {@code port} and {@code instance}
     */
    record Command(String program, List<Template> arguments) {}
}
