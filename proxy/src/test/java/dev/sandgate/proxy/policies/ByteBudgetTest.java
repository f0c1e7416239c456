package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.ByteBudget;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.WireWebSocket;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session that has moved its bytes moves no more. */
final class ByteBudgetTest {

    private static final int BUDGET = 10_000;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeEach
    void start() {
        instance = kit.instance().answering(Script.ok("a".repeat(BUDGET / 2 + 1)));
    }

    private TestDoor door(OptionalLong upload, OptionalLong download, AffinityConfig... sources) {
        PolicyConfig.Key key = new PolicyConfig.Key(List.of(Part.SESSION), PolicyConfig.Key.IPV6_PREFIX);
        DoorPlan plan = DoorPlan.to(instance).policies(new ByteBudget("bytes", key, upload, download));
        return kit.open(sources.length == 0 ? plan : plan.affinity(sources));
    }

    private TestDoor downloads() {
        return door(OptionalLong.empty(), OptionalLong.of(BUDGET));
    }

    private TestDoor uploads() {
        return door(OptionalLong.of(BUDGET), OptionalLong.empty());
    }

    /** The last bytes of a request are counted when it is over, a moment after its client has them. */
    private static Answer ask(TestDoor door, String session) {
        Answer answer = door.ask(session);
        door.awaitRest();
        return answer;
    }

    private static void spent(Answer answer) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.refusal()).isEqualTo("budget-spent");
        assertThat(answer.fields().has("Retry-After")).isFalse();
    }

    @Test
    void twoRequestsSpendItTogetherAndAnotherSessionHasItsOwn() {
        TestDoor door = downloads();

        assertThat(ask(door, "alice").status()).isEqualTo(200);
        assertThat(ask(door, "alice").status()).isEqualTo(200);
        spent(ask(door, "alice"));
        assertThat(ask(door, "bob").status()).isEqualTo(200);
        assertThat(door.get().status()).isEqualTo(200);
        assertThat(instance.requests()).hasSize(4);
    }

    @Test
    void aSessionThatBeginsAnewStartsAtZero() {
        TestDoor door = downloads();
        ask(door, "alice");
        ask(door, "alice");
        spent(ask(door, "alice"));
        String id = new JsonObject(door.admin("GET", "/sessions").body())
                .getJsonArray("sessions")
                .getJsonObject(0)
                .getString("id");

        assertThat(door.admin("DELETE", "/sessions/" + id).status()).isEqualTo(204);

        assertThat(ask(door, "alice").status()).isEqualTo(200);
    }

    @Test
    void theRequestThatOpensASessionCountsForIt() {
        TestDoor door =
                door(OptionalLong.empty(), OptionalLong.of(BUDGET), new AffinityConfig.Header("X-Session-Id", true));

        String id = door.get().fields().first("X-Session-Id").orElseThrow();
        door.awaitRest();

        assertThat(ask(door, id).status()).isEqualTo(200);
        spent(ask(door, id));
    }

    @Test
    void anUploadIsRefusedOnItsWay() {
        TestDoor door = uploads();
        RawClient client = kit.own(door.connect())
                .send("POST / HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: alice\r\nContent-Length: 1000000\r\n\r\n")
                .send("a".repeat(BUDGET + 1));

        spent(client.answer());
        client.awaitHangUp();
        spent(ask(door, "alice"));
        assertThat(instance.requests()).isEmpty();
    }

    @Test
    void aDownloadIsCutOnItsWay() {
        instance.answering(
                Script.rawThenStall("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "a".repeat(BUDGET + 1)));
        TestDoor door = downloads();

        Answer cut = ask(door, "alice");

        assertThat(cut.status()).isEqualTo(200);
        assertThat(cut.whole()).isFalse();
        Await.until(
                () -> door.accessLog().stream().anyMatch(line -> line.contains("budget-spent")),
                () -> "" + door.accessLog());
        spent(ask(door, "alice"));
    }

    @Test
    void aWebSocketIsCutAndItsBytesCount() {
        instance.answering(Script.rawThenStall(String.join(
                "\r\n",
                "HTTP/1.1 101 Switching Protocols",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                "",
                "")));
        TestDoor door = uploads();
        WireWebSocket socket = kit.own(WireWebSocket.open(door.port(), "/", "X-Session-Id: alice"));

        socket.send(Buffer.buffer("a".repeat(BUDGET)), 4);

        assertThat(socket.awaitClose().code()).isEqualTo(WireWebSocket.CUT);
        spent(ask(door, "alice"));
        assertThat(WireWebSocket.ask(door.port(), "/", "X-Session-Id: alice")
                        .handshake()
                        .status())
                .isEqualTo(429);
    }
}
