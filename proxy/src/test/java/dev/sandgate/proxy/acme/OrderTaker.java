package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.conf.AcmeConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.tls.CertifiedKey;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What orders on one node, with the certificates that it would serve. */
final class OrderTaker implements AutoCloseable {

    /** As in earnest, but for the waits. */
    static final Pace FAST = new Pace(
            Duration.ofMillis(50),
            Duration.ofMillis(50),
            Duration.ofMillis(150),
            Duration.ofSeconds(90),
            Duration.ofMinutes(1),
            Duration.ofDays(1));

    private final Shift clock;
    private final Challenges challenges;
    private final CertificateOrders orders;
    private final Map<String, Collection<CertifiedKey>> served = new ConcurrentHashMap<>();

    private OrderTaker(AcmeConfig config, Function<String, Shelf> shelves, Shift clock) {
        this.clock = clock;
        this.challenges = Challenges.on(shelves.apply("challenges"), clock::nanos);
        this.orders = CertificateOrders.of(
                config,
                new CertificateOrders.Surroundings(shelves, challenges, served::put, clock, clock::nanos),
                FAST);
    }

    static OrderTaker begin(AcmeConfig config, Function<String, Shelf> shelves, Shift clock) {
        OrderTaker taker = new OrderTaker(config, shelves, clock);
        taker.orders.begin(config.authorities().map(file -> {
            try {
                return Buffer.buffer(Files.readAllBytes(file));
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }));
        return taker;
    }

    Challenges challenges() {
        return challenges;
    }

    CertificateOrders orders() {
        return orders;
    }

    Shift clock() {
        return clock;
    }

    /** What is served for this name now. */
    Optional<X509Certificate> leaf(String name) {
        return served.getOrDefault(CertificateOrders.ORIGIN, List.of()).stream()
                .filter(key -> key.names().contains(name))
                .map(key -> key.chain().get(0))
                .findFirst();
    }

    X509Certificate awaitLeaf(String name) {
        Await.until(() -> leaf(name).isPresent(), () -> name + ": " + orders.states());
        return leaf(name).orElseThrow();
    }

    int failures(String name) {
        return orders.states().stream()
                .filter(state -> state.name().equals(name))
                .findFirst()
                .map(CertificateOrders.State::failures)
                .orElse(0);
    }

    @Override
    public void close() {
        Await.finished(orders.close());
    }
}
