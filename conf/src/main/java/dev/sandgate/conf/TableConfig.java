package dev.sandgate.conf;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where bindings live. */
public sealed interface TableConfig {

    /** In this node's memory: gone when it stops. One node only. */
    record Memory() implements TableConfig {}

    /**
     * In Redis, for many nodes.
     *
     * @param mode what the addresses lead to
     * @param urls {@code redis://host:port}, or {@code rediss://host:port} for TLS, all of one scheme: the server, the
     *     sentinels, or some nodes of the cluster. At least one; just one where {@code mode} is standalone
     * @param master the name by which sentinels know the master; of no meaning elsewhere
     * @param user whom to be there; empty: its default user
     * @param password never shown; empty: none is sent
     * @param database 0 to 65,535; always 0 in a cluster
     * @param prefix of every key, 1 to 32 characters of {@code [A-Za-z0-9._-]}
     * @param trust a PEM file of the authorities that {@code rediss} servers are checked against; empty: the JDK's
     * @param connectTimeout to a connection that was greeted, 10 ms to 1 min
     * @param timeout of one command, 50 ms to 10 s
     * @param hold how long nobody is admitted after Redis lost writes, 1 s to 60 s
     * @param awayMax how long a node goes on without Redis at most, 5 s to 1 h
     * @param remember how many sessions a node remembers, 100 to 10,000,000
     * @param keys that hide session ids in Redis: the first names new sessions, all are looked up; at least one
     * @param leases never said in a file
     */
    record Redis(
            Mode mode,
            List<URI> urls,
            String master,
            Optional<String> user,
            Optional<String> password,
            int database,
            String prefix,
            Optional<Path> trust,
            Duration connectTimeout,
            Duration timeout,
            Duration hold,
            Duration awayMax,
            int remember,
            List<IdKey> keys,
            Leases leases)
            implements TableConfig {

        static final String MASTER = "mymaster";
        static final String PREFIX = "sg";
        static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
        static final Duration TIMEOUT = Duration.ofMillis(250);
        static final Duration HOLD = Duration.ofSeconds(5);
        static final Duration AWAY_MAX = Duration.ofMinutes(5);
        static final int REMEMBER = 100_000;

        /** Whether connections are encrypted, those to sentinels too. */
        public boolean tls() {
            return urls.get(0).getScheme().equals("rediss");
        }

        /** Without the password and the secrets. */
        @Override
        public String toString() {
            return "Redis[mode=" + mode + ", urls=" + urls + ", database=" + database + ", prefix=" + prefix + ", keys="
                    + keys + "]";
        }
    }

    /**
     * How long the table waits for a word of the node that answers for a slot. No keys of a file: docs/redis.md promises
     * them, and a node that renewed more slowly than another expects would lose what it holds.
     *
     * @param reservation for an opening request
     * @param stream for a session whose life is one connection
     */
    record Leases(Duration reservation, Duration stream) {

        /** What every file gets. */
        public static final Leases PROMISED = new Leases(Duration.ofSeconds(15), Duration.ofSeconds(60));
    }

    /** What the addresses of a Redis lead to. */
    enum Mode {
        /** To the one server. */
        STANDALONE,
        /** To sentinels, which know the master. */
        SENTINEL,
        /** To nodes of a cluster, which know each slot's master. */
        CLUSTER
    }

    /**
     * A key that hides session ids in Redis.
     *
     * @param id 1 to 16 characters of {@code [A-Za-z0-9._-]}, told in the clear
     * @param secret at least 32 characters; never shown
     */
    record IdKey(String id, String secret) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "IdKey[" + id + "]";
        }
    }
}
