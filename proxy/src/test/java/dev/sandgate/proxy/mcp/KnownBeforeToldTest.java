package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpMessages;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A client never learns an id that the table does not hold: it uses the id over another connection, and so on another
 * event loop, as soon as it has read it, before the rest of the answer. {@code -Dknown.sessions=10000} is the full size.
 */
class KnownBeforeToldTest {

    private static final int SESSIONS = Integer.getInteger("known.sessions", 500);
    private static final int CLIENTS = 4;
    private static final int CONNECTIONS = 3;
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: ([0-9]+)\r\n");

    @RegisterExtension
    final Invariants kit = new Invariants();

    /** One client's kept connections: one learns, the others use what it learned, in turn. */
    private record Client(int port, RawClient learner, List<RawClient> others) {

        RawClient other(int turn) {
            return others.get(turn % others.size());
        }

        String request(String method, String target, String lines, String body) {
            return method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + lines
                    + "Accept: application/json, text/event-stream\r\nContent-Type: application/json\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body;
        }
    }

    /** What one session does; the statuses of the answers to it. */
    private interface Life {
        List<Integer> live(Client client, int turn);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void anIdThatAHeadTellsIsKnownToEveryOtherConnection() throws Exception {
        assertThat(run(this::streamable)).hasSize(2 * SESSIONS).containsOnly(200);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void anIdThatAnEndpointEventTellsIsKnownToEveryOtherConnection() throws Exception {
        assertThat(run(this::sse)).hasSize(SESSIONS).containsOnly(202);
    }

    private List<Integer> run(Life life) throws Exception {
        try (DemoPool pool = DemoPool.of(3)) {
            DoorPlan plan = pool.plan()
                    .main(main -> main.perInstance(50))
                    .waits(Await.PATIENCE, Await.PATIENCE)
                    .withoutAccessLog();
            try (TestDoor door = TestDoor.open(plan)) {
                List<Integer> statuses = run(life, door);
                Await.until(() -> door.vitals().sessions() == 0, () -> "sessions left: " + door.vitals());
                door.awaitRest();
                assertThat(pool.strays()).isZero();
                return statuses;
            }
        }
    }

    private List<Integer> run(Life life, TestDoor door) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
        try {
            List<Callable<List<Integer>>> clients = IntStream.range(0, CLIENTS)
                    .<Callable<List<Integer>>>mapToObj(number -> () -> live(life, door, number))
                    .toList();
            List<Integer> statuses = new ArrayList<>();
            for (Future<List<Integer>> client : threads.invokeAll(clients)) {
                statuses.addAll(client.get());
            }
            return statuses;
        } finally {
            threads.shutdownNow();
        }
    }

    private List<Integer> live(Life life, TestDoor door, int number) {
        Client client = new Client(
                door.port(),
                kit.own(door.connect()),
                IntStream.range(0, CONNECTIONS)
                        .mapToObj(i -> kit.own(door.connect()))
                        .toList());
        List<Integer> statuses = new ArrayList<>();
        for (int turn = number; turn < SESSIONS; turn += CLIENTS) {
            statuses.addAll(life.live(client, turn));
        }
        return statuses;
    }

    private List<Integer> streamable(Client client, int turn) {
        RawClient learner = client.learner();
        JsonObject initialize = McpMessages.request(1, "initialize", McpMessages.initialize(McpWire.NEWEST));
        learner.send(client.request("POST", "/mcp", "", initialize.encode()));
        String before = learner.bytesUntil("Mcp-Session-Id: ");
        String session = "Mcp-Session-Id: " + learner.bytesUntil("\r\n");
        RawClient other = client.other(turn);
        String count = McpMessages.request(2, "tools/call", McpMessages.tool("count", new JsonObject()))
                .encode();
        other.send(client.request("POST", "/mcp", session, count));
        Answer used = other.answer();
        String head = before + learner.bytesUntil("\r\n\r\n");
        Matcher length = LENGTH.matcher(head);
        if (!length.find()) {
            throw new AssertionError("an answer without a length: " + head);
        }
        learner.bytes(Integer.parseInt(length.group(1)));
        other.send(client.request("DELETE", "/mcp", session, ""));
        return List.of(used.status(), other.answer().status());
    }

    private List<Integer> sse(Client client, int turn) {
        try (RawClient stream = RawClient.to(client.port())) {
            stream.send(client.request("GET", "/sse", "", ""));
            stream.bytesUntil("data: ");
            String endpoint = stream.bytesUntil("\n").strip();
            RawClient other = client.other(turn);
            String count = McpMessages.request(2, "tools/call", McpMessages.tool("count", new JsonObject()))
                    .encode();
            other.send(client.request("POST", endpoint, "", count));
            int used = other.answer().status();
            // without a reset each session would leave a port in TIME_WAIT
            stream.reset();
            return List.of(used);
        }
    }
}
