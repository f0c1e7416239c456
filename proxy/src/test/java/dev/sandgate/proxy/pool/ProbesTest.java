package dev.sandgate.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Instance;
import dev.sandgate.proxy.kit.Await;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ProbesTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        Await.finished(vertx.close());
    }

    @Test
    void stopKnockingWhereNobodyIsExpectedAnyMore() throws IOException {
        int nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = closed.getLocalPort();
        }
        AtomicInteger told = new AtomicInteger();
        Probes probes = new Probes(vertx, Duration.ofSeconds(1), (instance, alive) -> told.incrementAndGet() < 1);
        probes.watch(new Instance("main", "main-1", "a", "127.0.0.1", nobody), false);
        assertThat(probes.watching()).isEqualTo(1);
        Await.until(() -> probes.watching() == 0, () -> "told " + told.get() + " times");
        probes.close();
    }
}
