package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisSentinels;
import dev.sandgate.conf.TableConfig.Mode;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two nodes whose table is handed to another server, and emptied, while their sessions are in use. */
final class TableFailsOverTest {

    private static final int CLIENTS = 10;
    private static final int SESSIONS_EACH = 2;
    /** Each client sends as many a second: 500 in all. */
    private static final int PACE = 50;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final RedisSentinels redis = RedisSentinels.start();
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final Map<String, String> homes = new ConcurrentHashMap<>();
    private final List<TestDoor> doors = new ArrayList<>();
    private volatile boolean over;

    @BeforeEach
    void open() {
        for (String expected : List.of(
                "Unhandled exception java.lang.AssertionError",
                "is away",
                "no table:",
                "the table misses beats",
                "the table began anew",
                "domains are as they were",
                "Unhandled Error")) {
            kit.log().expect(expected);
        }
        RecordingInstance[] instances = new RecordingInstance[4];
        for (int i = 0; i < instances.length; i++) {
            instances[i] = kit.instance();
        }
        for (int i = 0; i < 2; i++) {
            doors.add(kit.open(DoorPlan.to(instances)
                            .debug()
                            .table(RedisPlan.at(redis.urls())
                                    .mode(Mode.SENTINEL)
                                    .timeout(Duration.ofSeconds(1))
                                    .hold(Duration.ofSeconds(3))
                                    .config()))
                    .awaitReady());
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        over = true;
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        redis.close();
    }

    @Test
    void noRequestOfAKnownSessionFailsAndNoneMoves() throws Exception {
        for (int client = 0; client < CLIENTS; client++) {
            for (int session = 0; session < SESSIONS_EACH; session++) {
                for (TestDoor door : doors) {
                    use(door, client + "-" + session);
                }
            }
        }
        List<Future<Integer>> served = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            int me = client;
            served.add(clients.submit(() -> visit(me)));
        }
        redis.failOver();
        awaitAdmission();
        redis.killMaster();
        awaitAdmission();
        redis.master().say("FLUSHALL");
        awaitAdmission();
        over = true;
        int sum = 0;
        for (Future<Integer> each : served) {
            sum += each.get(60, TimeUnit.SECONDS);
        }
        System.out.println(sum + " requests of known sessions, each at home");
        assertThat(sum).isGreaterThan(CLIENTS * PACE);
    }

    /** Both nodes take new sessions again. */
    private void awaitAdmission() {
        for (TestDoor door : doors) {
            Await.until(
                    () -> ask(door, "new-" + System.nanoTime()).status() == 200, () -> "nobody is admitted any more");
        }
    }

    private int visit(int client) {
        int served = 0;
        while (!over) {
            long begun = System.nanoTime();
            use(doors.get(served % 2), client + "-" + served % SESSIONS_EACH);
            served++;
            LockSupport.parkNanos(begun + TimeUnit.SECONDS.toNanos(1) / PACE - System.nanoTime());
        }
        return served;
    }

    private void use(TestDoor door, String session) {
        Answer answer = ask(door, session);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        String home = answer.fields().first("X-Sandgate-Instance").orElseThrow();
        assertThat(homes.computeIfAbsent(session, first -> home)).isEqualTo(home);
    }

    private static Answer ask(TestDoor door, String session) {
        try (RawClient client = door.connect()) {
            return client.get("/x", "X-Session-Id: " + session + "\r\n").answer();
        }
    }
}
