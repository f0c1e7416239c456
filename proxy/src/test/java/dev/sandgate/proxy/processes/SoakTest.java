package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sandgate.affinity.kit.RedisSentinels;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorFile;
import dev.sandgate.proxy.kit.DoorProcess;
import dev.sandgate.proxy.kit.RawClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two doors, three instances, sentinels and eight clients as processes and threads of their own, for {@code
 * -Dsoak.seconds=90} or longer, while one after the other is stopped, killed and started again. Skipped without it.
 */
@Timeout(value = 1, unit = TimeUnit.HOURS)
final class SoakTest {

    private static final int CAP = 12;
    private static final int CLIENTS = 8;
    private static final int IDS_EACH_PAIR = 4;
    private static final int LEAST_SECONDS = 60;
    private static final double CALM = 0.99;

    private final Path folder;
    private final Soak soak = new Soak();
    private final Map<String, DoorProcess> doors = new ConcurrentHashMap<>();
    private final Map<Integer, Process> instances = new ConcurrentHashMap<>();
    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final AtomicInteger ids = new AtomicInteger();
    private final long seed = Long.getLong("seed", System.nanoTime());
    private RedisSentinels redis;
    private volatile boolean over;

    SoakTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void begin() throws IOException {
        assumeTrue(Long.getLong("soak.seconds", 0) >= LEAST_SECONDS, "no -Dsoak.seconds: the long run is left out");
        redis = RedisSentinels.start();
        for (int i = 0; i < 3; i++) {
            startInstance(freePort());
        }
        doors.put("a", door("a"));
        doors.put("b", door("b"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        over = true;
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        doors.values().forEach(DoorProcess::close);
        instances.values().forEach(Process::destroyForcibly);
        if (redis != null) {
            redis.close();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private void startInstance(int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(Plan.java()));
        command.addAll(Plan.javaFlags());
        command.addAll(List.of("" + port, "i" + port));
        instances.put(
                port,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start());
    }

    private DoorProcess door(String node) throws IOException {
        JsonObject table = new JsonObject()
                .put("mode", "sentinel")
                .put("urls", new JsonArray(List.of(redis.urls())))
                .put("hold", "3s")
                .put("timeout", "1s");
        JsonObject pool = new JsonObject("""
                {"instances": {"type": "static", "incarnation": {"path": "/healthz", "header": "X-Incarnation"}},
                 "sessions": {"lostAfter": "5s", "idleTimeout": "10m"},
                 "timeouts": {"connect": "1s", "firstByte": "8s"}}
                """);
        pool.getJsonObject("sessions").put("perInstance", CAP);
        pool.getJsonObject("instances")
                .put(
                        "urls",
                        new JsonArray(instances.keySet().stream()
                                .map(port -> "http://127.0.0.1:" + port)
                                .toList()));
        return DoorProcess.start(DoorFile.in(folder, node)
                .table(table)
                .pool("main", pool)
                .route("/", "main", new JsonObject().put("header", "X-Session-Id"))
                .write());
    }

    @Test
    void noSessionIsLostWithoutACauseOrHasTwoHomes() throws Exception {
        System.out.println("seed " + seed + " (replay with -Dseed=" + seed + ")");
        long begun = System.nanoTime();
        for (int pair = 0; pair < CLIENTS / 2; pair++) {
            AtomicReferenceArray<String> both = new AtomicReferenceArray<>(IDS_EACH_PAIR);
            for (int i = 0; i < IDS_EACH_PAIR; i++) {
                both.set(i, "s" + ids.incrementAndGet());
            }
            Random one = new Random(seed + pair);
            Random other = new Random(seed - pair - 1);
            clients.execute(() -> visit(both, one));
            clients.execute(() -> visit(both, other));
        }
        long round = 0;
        while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(Long.getLong("soak.seconds"))) {
            harm((int) (round++ % 5));
            pause(Duration.ofSeconds(12));
        }
        over = true;
        clients.shutdown();
        assertThat(clients.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        System.out.println(soak.summary() + "; served in calm " + soak.servedInCalm());
        assertThat(soak.wrongs(CAP)).isEmpty();
        assertThat(soak.servedInCalm()).isGreaterThanOrEqualTo(CALM);
    }

    /** One fault, whole, the kinds in turn. */
    private void harm(int kind) throws IOException {
        long begun = System.nanoTime();
        switch (kind) {
            case 0 -> {
                freeze(Objects.requireNonNull(doors.get("a")).pid());
                soak.fault("a door stopped for a while", begun);
            }
            case 1 -> {
                int port = instances.keySet().iterator().next();
                Process killed = Objects.requireNonNull(instances.get(port));
                soak.killed(killed.pid(), System.nanoTime());
                killed.destroyForcibly().onExit().join();
                startInstance(port);
                pause(Duration.ofSeconds(3));
                soak.fault("an instance killed", begun);
            }
            case 2 -> {
                redis.failOver();
                soak.fault("the table failed over", begun);
            }
            case 3 -> {
                Objects.requireNonNull(doors.remove("b")).kill();
                doors.put("b", door("b"));
                soak.fault("a door killed", begun);
            }
            default -> {
                freeze(instances.values().iterator().next().pid());
                soak.fault("an instance stopped for a while", begun);
            }
        }
    }

    private static void freeze(long pid) throws IOException {
        signal("STOP", pid);
        pause(Duration.ofSeconds(5));
        signal("CONT", pid);
    }

    private static void signal(String name, long pid) throws IOException {
        new ProcessBuilder("kill", "-" + name, "" + pid).start().onExit().join();
    }

    /** For as long as a fault lasts, or a calm: what is measured is what happens meanwhile. */
    private static void pause(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private void visit(AtomicReferenceArray<String> shared, Random random) {
        while (!over) {
            int at = random.nextInt(IDS_EACH_PAIR);
            String id = shared.get(at);
            String door = random.nextBoolean() ? "a" : "b";
            Soak.Seen seen = ask(door, id);
            soak.saw(seen);
            if (seen.status() == 404) {
                shared.compareAndSet(at, id, "s" + ids.incrementAndGet());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5 + random.nextInt(20)));
        }
    }

    private Soak.Seen ask(String name, String id) {
        long begun = System.nanoTime();
        DoorProcess door = doors.get(name);
        if (door == null) {
            return new Soak.Seen(id, name, begun, System.nanoTime(), 0, "no door");
        }
        try (RawClient client = RawClient.to(door.port()).patience(Await.PATIENCE)) {
            Answer answer = client.get("/count", "X-Session-Id: " + id + "\r\n").answer();
            // a cut answer is told as cut, and is none
            int status = answer.whole() ? answer.status() : 0;
            return new Soak.Seen(id, name, begun, System.nanoTime(), status, answer.whole() ? answer.body() : "cut");
        } catch (AssertionError | RuntimeException broken) {
            return new Soak.Seen(id, name, begun, System.nanoTime(), 0, "broken");
        }
    }
}
