package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpMessages;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.WireStream;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MCP clients are told when something is wrong: the status and the JSON-RPC error that they recover from. */
class McpStatusesTest {

    private static final int GENERIC = -32000;
    private static final int NO_SESSION = -32001;
    private static final String PING =
            McpMessages.request(1, "ping", new JsonObject()).encode();
    private static final String INITIALIZED = "HTTP/1.1 200 OK\r\nMcp-Session-Id: a1\r\nContent-Type: application/json"
            + "\r\nContent-Length: 36\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private DemoPool pool(int count) {
        return kit.own(DemoPool.of(count));
    }

    private static void isRefused(McpAnswer answer, int status, int code, String reason) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.fields().first("Content-Type")).contains("application/json");
        assertThat(answer.message().getString("jsonrpc")).isEqualTo("2.0");
        assertThat(answer.message().containsKey("id")).isTrue();
        assertThat(answer.message().getValue("id")).isNull();
        assertThat(answer.error().getInteger("code")).isEqualTo(code);
        assertThat(answer.error().getString("message")).isNotEmpty();
        assertThat(answer.error().getJsonObject("data").getString("reason")).isEqualTo(reason);
        assertThat(answer.fields().all("Retry-After")).hasSize(status == 503 ? 1 : 0);
    }

    /** A GET's refusal, which comes as a whole answer too. */
    private static void isRefused(WireStream stream, int status, String reason) {
        assertThat(stream.status()).isEqualTo(status);
        JsonObject error = new JsonObject(stream.body()).getJsonObject("error");
        assertThat(error.getJsonObject("data").getString("reason")).isEqualTo(reason);
    }

    @Test
    void anUnknownSessionIsNotFoundByAnyMethodAndNeverForwarded() {
        DemoPool pool = pool(2);
        McpWire nobody = McpWire.to(kit.open(pool.plan()).port()).session("nobody");
        isRefused(nobody.call("count"), 404, NO_SESSION, "session-unknown");
        isRefused(nobody.delete(), 404, NO_SESSION, "session-unknown");
        isRefused(kit.own(nobody.events()), 404, "session-unknown");
        isRefused(kit.own(nobody.resume("get-1")), 404, "session-unknown");
        assertThat(nobody.notify("notifications/initialized", new JsonObject())).isEqualTo(404);
        assertThat(pool.sum(sandbox -> sandbox.requests())).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sessionId=nobody",
                "sessionId=",
                "sessionId",
                "sessionId=a&sessionId=a",
                "sessionId=a&session_id=b",
                "sessionId=%zz",
                "sessionId=%20"
            })
    void anSseSessionThatIsNotOrCannotBeKnownIsNotFoundAndNeverForwarded(String query) {
        DemoPool pool = pool(2);
        TestDoor door = kit.open(pool.plan());
        McpAnswer answer = McpSseWire.postTo(door.port(), "/messages?" + query, List.of(), PING);
        isRefused(answer, 404, NO_SESSION, "session-unknown");
        assertThat(pool.sum(sandbox -> sandbox.requests())).isZero();
    }

    @Test
    void anSsePostWithoutAnIdIsTheInstancesToRefuse() {
        DemoPool pool = pool(1);
        TestDoor door = kit.open(pool.plan());
        McpAnswer answer = McpSseWire.postTo(door.port(), "/messages", List.of(), PING);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().getString("message")).isEqualTo("sessionId is missing");
    }

    @Test
    void anIdThatCannotExistIsUnknown() {
        DemoPool pool = pool(1);
        TestDoor door = kit.open(pool.plan());
        for (String id : List.of("a b", "x".repeat(1025))) {
            isRefused(McpWire.to(door.port()).session(id).call("count"), 404, NO_SESSION, "session-unknown");
        }
        assertThat(pool.sum(sandbox -> sandbox.requests())).isZero();
    }

    @Test
    void twoIdLinesAreABadRequest() {
        DemoPool pool = pool(1);
        McpWire client = McpWire.to(kit.open(pool.plan()).port()).open();
        McpAnswer answer = client.with("Mcp-Session-Id", client.session()).call("count");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("request-malformed");
    }

    @Test
    void whatIsNoSessionsIsTheInstancesToRefuse() {
        TestDoor door = kit.open(pool(1).plan());
        McpAnswer answer = McpWire.to(door.port()).call("count");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error().getString("message")).isEqualTo("Mcp-Session-Id is missing");
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void aFullPoolSaysWhenToComeAgain() {
        TestDoor door = kit.open(pool(1).plan().main(main -> main.perInstance(1).queue(0, Duration.ZERO)));
        McpWire first = McpWire.to(door.port()).open();
        isRefused(McpWire.to(door.port()).initialize(), 503, GENERIC, "pool-full");
        McpSseWire stream = kit.own(McpSseWire.ask(door.port(), "/sse"));
        isRefused(stream.stream(), 503, "pool-full");
        assertThat(stream.stream().head().fields().has("Retry-After")).isTrue();
        assertThat(first.call("count").told().count()).isEqualTo(1);
        first.delete();
        McpWire.to(door.port()).open();
    }

    @Test
    void aBodyThatIsTooLargeIsToldAsThat() {
        TestDoor door = kit.open(pool(1).plan().sizes(16 * 1024, OptionalLong.of(2000)));
        McpWire client = McpWire.to(door.port()).open();
        isRefused(client.call("count", new JsonObject().put("x", "x".repeat(2000))), 413, GENERIC, "body-too-large");
        assertThat(client.call("count").told().count()).isEqualTo(1);
    }

    @Test
    void aNameOfAnotherMachineIsForbiddenOnALoopbackListener() {
        DemoPool pool = pool(1);
        TestDoor door = kit.open(pool.plan());
        isRefused(McpWire.to(door.port()).with("Host", "evil.test").initialize(), 403, GENERIC, "forbidden");
        isRefused(McpWire.to(door.port()).with("Origin", "http://127.0.0.1:1").initialize(), 403, GENERIC, "forbidden");
        assertThat(pool.sum(sandbox -> sandbox.requests())).isZero();
        McpWire.to(door.port())
                .with("Origin", "http://127.0.0.1:" + door.port())
                .open();
    }

    /** A door to one instance, and a session of Streamable HTTP there. */
    private McpWire session(RecordingInstance instance, UnaryOperator<DoorPlan> change) {
        instance.answering(Script.raw(INITIALIZED));
        TestDoor door = kit.open(change.apply(DoorPlan.to(instance).affinity(DemoPool.MCP)));
        McpWire client = McpWire.to(door.port());
        assertThat(client.initialize().status()).isEqualTo(200);
        assertThat(door.vitals().sessions()).isEqualTo(1);
        return client;
    }

    @Test
    void theInstancesOwn404EndsTheSessionAndFreesItsSlot() {
        RecordingInstance instance = kit.instance();
        McpWire client =
                session(instance, plan -> plan.main(main -> main.perInstance(1).queue(0, Duration.ZERO)));
        instance.answering(Script.raw("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngone"));
        assertThat(client.call("count").body()).isEqualTo("gone");
        int seen = instance.requests().size();
        isRefused(client.call("count"), 404, NO_SESSION, "session-ended");
        assertThat(instance.requests()).hasSize(seen);
        instance.answering(Script.raw(INITIALIZED.replace("a1", "a2")));
        assertThat(client.initialize().status()).isEqualTo(200);
    }

    @Test
    void anInstanceThatIsNotReachedIsWaitedForAndThenItsSessionsAreLost() {
        RecordingInstance instance = kit.instance();
        McpWire client = session(instance, plan -> plan.main(main -> main.lostAfter(Duration.ofSeconds(3))));
        int port = instance.port();
        instance.close();
        try (DeadInstance dead = DeadInstance.refusingAt(port)) {
            assertThat(dead.url().getPort()).isEqualTo(port);
            isRefused(client.call("count"), 503, GENERIC, "instance-unreachable");
            isRefused(client.call("count"), 503, GENERIC, "instance-unreachable");
            Await.until(() -> client.call("count").status() == 404, () -> "the session is not lost");
            isRefused(client.call("count"), 404, NO_SESSION, "session-lost");
        }
    }

    @Test
    void aSessionOutlivesAnAnswerThatDidNotComeInTime() {
        RecordingInstance instance = kit.instance();
        McpWire client = session(instance, plan -> plan.main(main -> main.firstByte(Duration.ofMillis(300))));
        instance.answering(Script.rawThenStall(""));
        isRefused(client.call("count"), 504, GENERIC, "instance-timeout");
        instance.answering(Script.raw("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"));
        assertThat(client.call("count").status()).isEqualTo(202);
    }

    @Test
    void anInstanceThatHangsUpIsToldAsThatAndKeepsTheSession() {
        RecordingInstance instance = kit.instance();
        McpWire client = session(instance, plan -> plan);
        instance.answering(Script.rawThenClose(""));
        isRefused(client.call("count"), 502, GENERIC, "instance-broken");
        instance.answering(Script.raw("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"));
        Await.until(() -> client.call("count").status() == 202, () -> "the session is not served again");
    }

    @Test
    void whatTheInstanceRefusesItselfPassesAndKeepsTheSession() {
        RecordingInstance instance = kit.instance();
        McpWire client = session(instance, plan -> plan);
        for (int status : List.of(400, 401, 403, 405, 409, 429, 500, 503)) {
            instance.answering(Script.raw("HTTP/1.1 " + status + " No\r\nContent-Length: 2\r\n\r\nno"));
            McpAnswer answer = client.call("count");
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).isEqualTo("no");
        }
        instance.answering(Script.raw("HTTP/1.1 405 No\r\nContent-Length: 2\r\n\r\nno"));
        assertThat(client.delete().status()).isEqualTo(405);
        instance.answering(Script.raw("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"));
        assertThat(client.call("count").status()).isEqualTo(202);
    }

    @Test
    void aLostSseSessionsStreamIsCutAndItsPostsAreNotFound() {
        RecordingInstance instance = kit.instance();
        instance.answering((request, line) -> {
            if (request.method().equals("GET")) {
                line.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
                line.send("event: endpoint\ndata: /messages?sessionId=a1\n\n");
                line.stall();
            } else {
                line.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            }
        });
        TestDoor door = kit.open(DoorPlan.to(instance).affinity(DemoPool.MCP));
        McpSseWire client = kit.own(McpSseWire.connect(door.port()));
        assertThat(client.post(McpMessages.request(1, "ping", new JsonObject())).status())
                .isEqualTo(404);
        assertThat(client.stream().awaitEnd()).isFalse();
        isRefused(client.post(McpMessages.request(2, "ping", new JsonObject())), 404, NO_SESSION, "session-ended");
    }
}
