package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.PolicyConfig.ByteBudget;
import dev.sandgate.conf.PolicyConfig.Key;
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
        Key key = new Key(List.of(Part.SESSION), Key.IPV6_PREFIX);
        DoorPlan plan = DoorPlan.to(instance).policies(new ByteBudget("bytes", key, upload, download));
        return kit.open(sources.length == 0 ? plan : plan.affinity(sources));
    }

    private TestDoor downloads() {
        return door(OptionalLong.empty(), OptionalLong.of(BUDGET));
    }

    private TestDoor uploads() {
        return door(OptionalLong.of(BUDGET), OptionalLong.empty());
    }

    private static void spent(Answer answer) {
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.refusal()).isEqualTo("budget-spent");
        assertThat(answer.fields().has("Retry-After")).isFalse();
    }

    @Test
    void twoRequestsSpendItTogetherAndAnotherSessionHasItsOwn() {
        TestDoor door = downloads();

        assertThat(door.ask("alice").status()).isEqualTo(200);
        assertThat(door.ask("alice").status()).isEqualTo(200);
        spent(door.ask("alice"));
        assertThat(door.ask("bob").status()).isEqualTo(200);
        assertThat(door.get().status()).isEqualTo(200);
        assertThat(instance.requests()).hasSize(4);
    }

    @Test
    void aSessionThatBeginsAnewStartsAtZero() {
        TestDoor door = downloads();
        door.ask("alice");
        door.ask("alice");
        spent(door.ask("alice"));
        String id = new JsonObject(door.admin("GET", "/sessions").body())
                .getJsonArray("sessions")
                .getJsonObject(0)
                .getString("id");

        assertThat(door.admin("DELETE", "/sessions/" + id).status()).isEqualTo(204);

        assertThat(door.ask("alice").status()).isEqualTo(200);
    }

    @Test
    void theRequestThatOpensASessionCountsForIt() {
        TestDoor door = door(
                OptionalLong.empty(), OptionalLong.of(BUDGET), new AffinityConfig.Header("X-Session-Id", true));

        String id = door.get().fields().first("X-Session-Id").orElseThrow();

        assertThat(door.ask(id).status()).isEqualTo(200);
        spent(door.ask(id));
    }

    @Test
    void anUploadIsRefusedOnItsWay() {
        TestDoor door = uploads();
        RawClient client = kit.own(door.connect())
                .send("POST / HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: alice\r\nContent-Length: 1000000\r\n\r\n")
                .send("a".repeat(BUDGET + 1));

        spent(client.answer());
        client.awaitHangUp();
        spent(door.ask("alice"));
        assertThat(instance.requests()).isEmpty();
    }

    @Test
    void aDownloadIsCutOnItsWay() {
        instance.answering(Script.rawThenStall(
                "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + "a".repeat(BUDGET + 1)));
        TestDoor door = downloads();

        Answer cut = door.ask("alice");

        assertThat(cut.status()).isEqualTo(200);
        assertThat(cut.whole()).isFalse();
        Await.until(
                () -> door.accessLog().stream().anyMatch(line -> line.contains("budget-spent")),
                () -> "" + door.accessLog());
        spent(door.ask("alice"));
    }

    @Test
    void aWebSocketIsCutAndItsBytesCount() {
        instance.answering(Script.rawThenStall("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                + "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"));
        TestDoor door = uploads();
        WireWebSocket socket = kit.own(WireWebSocket.open(door.port(), "/", "X-Session-Id: alice"));

        socket.send(Buffer.buffer("a".repeat(BUDGET)), 4);

        assertThat(socket.awaitClose().code()).isEqualTo(WireWebSocket.CUT);
        spent(door.ask("alice"));
        assertThat(WireWebSocket.ask(door.port(), "/", "X-Session-Id: alice")
                        .handshake()
                        .status())
                .isEqualTo(429);
    }
}
