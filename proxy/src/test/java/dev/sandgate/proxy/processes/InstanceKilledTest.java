package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.Main;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.Template;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.WireWebSocket;
import dev.sandgate.proxy.pool.Starts;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One instance with twenty sessions of each kind, killed under all of them. */
final class InstanceKilledTest {

    private static final int EACH = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final String word = "TEST_" + UUID.randomUUID().toString().replace("-", "");
    private final Path state;

    InstanceKilledTest(@TempDir Path state) {
        this.state = state;
    }

    /** How a client brings its id: the request's line and fields that are its own. */
    private record Kind(String name, Function<Integer, String> target, Function<Integer, String> line) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("header", i -> "/count", i -> "X-Session-Id: header-" + i + "\r\n"),
            new Kind("query", i -> "/count?sid=query-" + i, i -> ""),
            new Kind("path", i -> "/status/path-" + i + "/200", i -> ""),
            new Kind("host", i -> "/count", i -> "Host: host-" + i + ".apps.example.com\r\n"),
            new Kind("principal", i -> "/count", i -> "X-Forwarded-User: caller-" + i + "\r\n"));

    private TestDoor open() {
        InstancesConfig.Processes instances = new InstancesConfig.Processes(
                new InstancesConfig.Command(Plan.java(), arguments()),
                Map.of(word, text("1")),
                Path.of("").toAbsolutePath(),
                0,
                1,
                Optional.of("/healthz"),
                PATIENCE,
                PATIENCE,
                Duration.ofSeconds(5));
        return kit.open(DoorPlan.to()
                .pool(PoolPlan.started("main", instances).perInstance(1000).queue(1000, PATIENCE))
                .route("/mcp", "main", mcp())
                .route("/sse", "main", mcp())
                .route("/messages", "main", mcp())
                .route("/status", "main", new AffinityConfig.Path("/status/"))
                .affinity(
                        new AffinityConfig.Header("X-Session-Id", false),
                        new AffinityConfig.Query("sid"),
                        new AffinityConfig.Host(false, ".apps.example.com"),
                        new AffinityConfig.Principal("X-Forwarded-User"),
                        new AffinityConfig.Cookie("sandgate", false, List.of()))
                .trusting("127.0.0.1")
                .waits(PATIENCE, PATIENCE)
                .state(state));
    }

    private static AffinityConfig mcp() {
        return new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of());
    }

    private static List<Template> arguments() {
        List<Template> arguments = new ArrayList<>();
        for (String argument : List.of(
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "sandbox",
                "--port")) {
            arguments.add(text(argument));
        }
        arguments.add(new Template(List.of(new Template.Blank("port"))));
        arguments.add(text("--name"));
        arguments.add(new Template(List.of(new Template.Blank("instance"))));
        return arguments;
    }

    private static Template text(String text) {
        return new Template(List.of(new Template.Text(text)));
    }

    private Answer once(TestDoor door, Kind kind, int session) {
        try (RawClient client = door.connect().patience(PATIENCE)) {
            String host = kind.name().equals("host") ? "" : "Host: a.test\r\n";
            return client.send("GET " + kind.target().apply(session) + " HTTP/1.1\r\n" + host
                            + kind.line().apply(session) + "Connection: close\r\n\r\n")
                    .answer();
        }
    }

    private static String reason(Answer answer) {
        return new JsonObject(answer.body()).getString("reason");
    }

    @Test
    void tellsEachClientAndServesNewSessionsFromANewLife() {
        kit.log().expect("ended by itself");
        TestDoor door = open();
        for (Kind kind : KINDS) {
            IntStream.range(0, EACH).forEach(i -> assertThat(once(door, kind, i).status())
                    .as(kind.name())
                    .isEqualTo(200));
        }
        List<String> cookies = cookies(door);
        List<McpWire> streamable = IntStream.range(0, EACH)
                .mapToObj(i -> McpWire.to(door.port()).open())
                .toList();
        List<McpSseWire> sse = IntStream.range(0, EACH)
                .mapToObj(i -> kit.own(McpSseWire.connect(door.port())))
                .toList();
        sse.forEach(McpSseWire::open);
        List<WireWebSocket> sockets = IntStream.range(0, EACH)
                .mapToObj(i -> kit.own(WireWebSocket.open(door.port(), "/ws", "X-Session-Id: socket-" + i)))
                .toList();
        sockets.forEach(
                socket -> assertThat(socket.json().getString("instance")).isEqualTo("main-1"));
        List<RawClient> slow = IntStream.range(0, EACH)
                .mapToObj(i -> kit.own(door.connect())
                        .patience(PATIENCE)
                        .get("/slow?head=60000", "X-Session-Id: slow-" + i + "\r\n"))
                .toList();
        int sessions = (KINDS.size() + 5) * EACH;
        Await.until(
                () -> door.vitals().sessions() == sessions, () -> door.vitals().toString());

        long killed = System.nanoTime();
        List<Long> instance = Marked.with(word);
        assertThat(instance).hasSize(1);
        ProcessHandle.of(instance.get(0)).orElseThrow().destroyForcibly();

        sockets.forEach(socket -> assertThat(socket.awaitClose().code()).isEqualTo(WireWebSocket.CUT));
        sse.forEach(wire -> wire.stream().awaitEnd());
        for (RawClient client : slow) {
            Answer answer = client.answer();
            assertThat(answer.status()).isIn(502, 404);
            // the last: of one that was still on its way to the instance
            assertThat(reason(answer)).isIn("instance-broken", "session-lost", "instance-unreachable");
        }
        Await.until(() -> door.vitals().sessions() == 0, () -> door.vitals().toString());
        for (Kind kind : KINDS) {
            for (int i = 0; i < EACH; i++) {
                Answer answer = once(door, kind, i);
                assertThat(answer.status()).as(kind.name()).isEqualTo(404);
                assertThat(reason(answer)).as(kind.name()).isEqualTo("session-lost");
            }
        }
        for (String cookie : cookies) {
            Answer answer = withCookie(door, cookie);
            assertThat(answer.status()).isEqualTo(404);
            assertThat(reason(answer)).isEqualTo("session-lost");
        }
        streamable.forEach(wire -> assertThat(wire.call("count").status()).isEqualTo(404));
        sse.forEach(wire -> assertThat(wire.post(new JsonObject()).status()).isEqualTo(404));
        System.err.printf(
                "%d sessions of a killed instance were told within %d ms%n",
                sessions, Duration.ofNanos(System.nanoTime() - killed).toMillis());

        assertThat(once(door, KINDS.get(0), EACH).status()).isEqualTo(200);
        assertThat(McpWire.to(door.port()).open().call("count").status()).isEqualTo(200);
        assertThat(door.door().starts("main")).isEqualTo(new Starts(2, 0, 1));
        assertThat(metrics(door))
                .contains("sandgate_instance_starts_total{outcome=\"ready\",pool=\"main\"} 2.0")
                .contains("sandgate_instance_starts_total{outcome=\"failed\",pool=\"main\"} 0.0")
                .contains("sandgate_instance_deaths_total{pool=\"main\"} 1.0");
    }

    private static String metrics(TestDoor door) {
        try (RawClient operator = RawClient.to(door.adminPort())) {
            return operator.send("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    .answer()
                    .body();
        }
    }

    private List<String> cookies(TestDoor door) {
        return IntStream.range(0, EACH)
                .mapToObj(i -> {
                    Answer answer = withCookie(door, "unrelated=1");
                    assertThat(answer.status()).isEqualTo(200);
                    String set = answer.fields().first("set-cookie").orElseThrow();
                    return set.substring(0, set.indexOf(';'));
                })
                .toList();
    }

    private Answer withCookie(TestDoor door, String cookie) {
        try (RawClient client = door.connect().patience(PATIENCE)) {
            return client.get("/count", "Cookie: " + cookie + "\r\n", "Connection: close\r\n")
                    .answer();
        }
    }
}
