package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpMessages;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.SseEvent;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.Told;
import dev.sandgate.proxy.kit.WireStream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams of MCP sessions: what a server asks and tells between a request and its answer, and after a cut. */
class McpStreamsTest {

    private static final JsonObject NOTHING = new JsonObject();

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final DemoPool pool = DemoPool.of(4);
    private final List<McpWire> clients = new ArrayList<>();

    @BeforeEach
    void ownPool() {
        kit.own(pool);
    }

    @AfterEach
    void nobodyWentAstray() {
        assertThat(pool.strays()).isZero();
    }

    /** One session on each sandbox, so that a request in the wrong place is seen. */
    private TestDoor door() {
        TestDoor door = kit.open(pool.plan());
        for (int i = 0; i < 4; i++) {
            clients.add(McpWire.to(door.port()).open());
        }
        return door;
    }

    private WireStream own(WireStream stream) {
        return kit.own(stream);
    }

    private static JsonObject question(String on) {
        return new JsonObject().put("question", "who?").put("on", on);
    }

    private static void isAnswered(JsonObject answer, String said) {
        assertThat(Told.in(answer).all().getJsonObject("answer").getString("text"))
                .isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"post", "get"})
    void aClientsAnswerToItsServerIsAPostOfItsOwnAndComesHome(String on) {
        door();
        List<WireStream> calls = new ArrayList<>();
        List<JsonObject> questions = new ArrayList<>();
        for (McpWire client : clients) {
            WireStream events = own(client.events());
            assertThat(events.status()).isEqualTo(200);
            WireStream call = own(client.startCall("ask", question(on)));
            calls.add(call);
            questions.add((on.equals("get") ? events : call).message());
        }
        for (int i = 0; i < clients.size(); i++) {
            assertThat(questions.get(i).getString("method")).isEqualTo("sampling/createMessage");
            assertThat(clients.get(i).respond(questions.get(i), McpMessages.sampled("client " + i)))
                    .isEqualTo(202);
        }
        for (int i = 0; i < clients.size(); i++) {
            WireStream call = calls.get(i);
            isAnswered(on.equals("get") ? new JsonObject(call.body()) : call.message(), "client " + i);
        }
    }

    @Test
    void anSseClientsAnswerToItsServerComesHome() {
        TestDoor door = kit.open(pool.plan());
        for (int i = 0; i < 4; i++) {
            McpSseWire client = kit.own(McpSseWire.connect(door.port()));
            client.open();
            int call = client.start("tools/call", McpMessages.tool("ask", question("get")));
            assertThat(client.respond(client.message(), McpMessages.sampled("client " + i)))
                    .isEqualTo(202);
            isAnswered(client.await(call), "client " + i);
        }
    }

    @Test
    void progressComesInItsOrderWhileTheCallRuns() {
        TestDoor door = door();
        WireStream call = own(clients.get(0)
                .startCall("slow", new JsonObject().put("steps", 20).put("every", 2)));
        McpSseWire sse = kit.own(McpSseWire.connect(door.port()));
        sse.open();
        int id = sse.start(
                "tools/call",
                McpMessages.tool("slow", new JsonObject().put("steps", 20).put("every", 2)));
        for (int step = 1; step <= 20; step++) {
            assertThat(call.message().getJsonObject("params").getInteger("progress"))
                    .isEqualTo(step);
            assertThat(sse.message().getJsonObject("params").getInteger("progress"))
                    .isEqualTo(step);
        }
        assertThat(Told.in(call.message()).session()).isEqualTo(clients.get(0).session());
        assertThat(call.awaitEnd()).isTrue();
        assertThat(Told.in(sse.await(id)).instance()).isNotEmpty();
    }

    @Test
    void aCutStreamGoesOnWhereItWasAtTheSameInstance() {
        door();
        for (McpWire client : clients) {
            String home = client.call("whoami").told().instance();
            WireStream call = own(client.startCall(
                    "slow", new JsonObject().put("steps", 6).put("every", 2).put("cutAfter", 2)));
            call.event();
            SseEvent last = call.event();
            assertThat(call.awaitEnd()).isTrue();
            WireStream rest = own(client.resume(last.id().orElseThrow()));
            for (int step = 3; step <= 6; step++) {
                assertThat(rest.message().getJsonObject("params").getInteger("progress"))
                        .isEqualTo(step);
            }
            Told told = Told.in(rest.message());
            assertThat(told.instance()).isEqualTo(home);
            assertThat(told.session()).isEqualTo(client.session());
        }
    }

    @Test
    void aBatchPassesAsItIs() {
        TestDoor door = kit.open(pool.plan());
        McpWire client = McpWire.to(door.port()).version("2025-03-26").open();
        JsonArray batch = new JsonArray()
                .add(McpMessages.request(11, "tools/call", McpMessages.tool("count", NOTHING)))
                .add(McpMessages.notification("notifications/roots/list_changed", NOTHING))
                .add(McpMessages.request(12, "tools/call", McpMessages.tool("count", NOTHING)));
        McpAnswer answer = client.post(batch.encode());
        assertThat(answer.messages())
                .extracting(message -> message.getInteger("id"))
                .containsExactly(11, 12);
        assertThat(answer.messages())
                .extracting(message -> Told.in(message).count())
                .containsExactly(1L, 2L);
    }

    @Test
    void aGetsHeadComesBeforeAnythingIsSaidOnIt() {
        door();
        McpWire client = clients.get(1);
        WireStream events = own(client.events());
        assertThat(events.status()).isEqualTo(200);
        assertThat(events.heard()).endsWith("\r\n\r\n");
        client.call("tell", new JsonObject().put("times", 2));
        assertThat(events.message()
                        .getJsonObject("params")
                        .getJsonObject("data")
                        .getInteger("n"))
                .isEqualTo(1);
        assertThat(events.message()
                        .getJsonObject("params")
                        .getJsonObject("data")
                        .getInteger("n"))
                .isEqualTo(2);
    }

    @Test
    void aSecondGetIsTheInstancesToRefuseAndADroppedOneIsDroppedThere() {
        door();
        McpWire client = clients.get(2);
        for (int again = 0; again < 3; again++) {
            WireStream events = own(client.events());
            assertThat(events.status()).isEqualTo(200);
            WireStream second = own(client.events());
            assertThat(second.status()).isEqualTo(409);
            assertThat(second.body()).contains("the session has its stream already");
            client.call("tell");
            assertThat(events.message().getString("method")).isEqualTo("notifications/message");
            // nothing more is said on it: the instance hears of its end from the door alone
            events.close();
            Await.until(() -> pool.streams() == 0, () -> "the instance still has a stream: " + pool.streams());
        }
    }

    @Test
    void aCallWhoseClientLeftIsLeftAtTheInstance() {
        door();
        WireStream call = own(clients.get(3)
                .startCall("slow", new JsonObject().put("steps", 10_000).put("every", 50)));
        call.event();
        call.reset();
        Await.until(() -> pool.streams() == 0, () -> "the instance still has a stream: " + pool.streams());
        assertThat(clients.get(3).call("count").told().count()).isEqualTo(1);
    }
}
