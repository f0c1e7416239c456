package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Ten thousand event streams, each opened and dropped: nothing of them stays. */
final class DroppedStreamsTest {

    private static final String EVENTS = "/events?n=0&every=60000";
    private static final int SESSIONS = 50;
    private static final int CONNECTIONS = 50;
    private static final int AT_ONCE = 50;

    @RegisterExtension
    final Invariants kit = new Invariants();

    /** Two quiet cores need about 20 seconds. */
    @Test
    @Timeout(80)
    void leavesNothingBehindAfterTenThousandDroppedStreams() throws Exception {
        Sandboxes sandboxes = kit.own(new Sandboxes(5, 20));
        TestDoor door =
                kit.open(DoorPlan.toUrls(sandboxes.urls()).withoutAccessLog().main(pool -> pool.perInstance(20)
                        .connections(500)
                        .connect(Await.PATIENCE)
                        .connectionWait(Await.PATIENCE)
                        .firstByte(Await.PATIENCE)));
        all(8, 5000, stream -> dropHttp1(door, stream));
        all(8, CONNECTIONS, connection -> dropHttp2(door, connection));

        Await.until(() -> door.vitals().atRest() && door.vitals().connections() == 0, () -> door.vitals()
                .toString());
        assertThat(door.vitals().keptOutbound()).isZero();
        assertThat(door.vitals().sessions()).isEqualTo(SESSIONS);
        assertThat(sandboxes.sessions()).isEqualTo(SESSIONS);
        assertThat(sandboxes.list()).allMatch(sandbox -> sandbox.highestSessions() <= 20);
        assertThat(sandboxes.list().stream()
                        .mapToLong(sandbox -> sandbox.requests())
                        .sum())
                .isEqualTo(10_000);
    }

    private static void dropHttp1(TestDoor door, int stream) {
        RawClient client = door.connect().get(EVENTS, Ask.session("s" + stream % SESSIONS));
        assertThat(client.bytes(12)).isEqualTo("HTTP/1.1 200");
        if (stream % 2 == 0) {
            client.reset();
        } else {
            client.close();
        }
    }

    /** A hundred streams on one connection, in two waves. */
    private static void dropHttp2(TestDoor door, int connection) {
        try (RawHttp2Client client = door.connectHttp2()) {
            for (int wave = 0; wave < 2; wave++) {
                int[] streams = IntStream.range(0, AT_ONCE)
                        .map(i -> client.open(
                                Ask.http2("GET", EVENTS, "x-session-id", "s" + (i + connection) % SESSIONS), true))
                        .toArray();
                for (int stream : streams) {
                    assertThat(client.await(stream, sofar -> !sofar.data().isEmpty())
                                    .status())
                            .hasValue(200);
                    client.reset(stream, 8);
                }
            }
        }
    }

    @FunctionalInterface
    private interface Work {
        void of(int number);
    }

    /** So many of these, some at a time. */
    private static void all(int threads, int count, Work work) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                tasks.add(() -> {
                    work.of(number);
                    return null;
                });
            }
            for (Future<Void> done : pool.invokeAll(tasks)) {
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
