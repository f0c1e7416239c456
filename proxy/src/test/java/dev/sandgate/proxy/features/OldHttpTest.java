package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP/1.0, which knows no chunks, on either side of the door. */
final class OldHttpTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private TestDoor door;

    @BeforeEach
    void open() {
        instance = kit.instance();
        door = kit.open(DoorPlan.to(instance));
    }

    private RawClient old(String more) {
        return kit.own(door.connect()).send("GET /x HTTP/1.0\r\nHost: a.test\r\n" + more + "\r\n");
    }

    private static String chunked(String body) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n"
                + body + "\r\n0\r\n\r\n";
    }

    private static void refused(Answer answer) {
        assertThat(answer.status()).isEqualTo(505);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("version-unsupported");
    }

    @Test
    void anOldClientGetsAnAnswerWithItsLengthAndTheConnectionsEnd() {
        RawClient client = old("");
        Answer answer = client.answer();

        assertThat(answer.body()).isEqualTo("GET /x");
        assertThat(answer.fields().all("Content-Length")).containsExactly("6");
        client.awaitHangUp();
        SeenRequest seen = instance.awaitRequest();
        assertThat(seen.fields().first("Via").orElseThrow()).startsWith("1.0 ");
    }

    @Test
    void anOldClientMayKeepItsConnection() {
        RawClient client = old("Connection: keep-alive\r\n");
        for (int round = 0; round < 3; round++) {
            Answer answer = client.answer();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.fields().first("Connection").orElseThrow()).isEqualToIgnoringCase("keep-alive");
            client.send("GET /x HTTP/1.0\r\nHost: a.test\r\nConnection: Keep-Alive\r\n\r\n");
        }
        assertThat(client.answer().status()).isEqualTo(200);
    }

    @Test
    void anAnswerWithoutALengthIsGatheredAndGetsOne() {
        instance.answering(Script.raw(chunked("gathered")));
        Answer answer = old("").answer();

        assertThat(answer.body()).isEqualTo("gathered");
        assertThat(answer.fields().all("Content-Length")).containsExactly("8");
        assertThat(answer.fields().has("Transfer-Encoding")).isFalse();
    }

    @Test
    void anAnswerUntilTheConnectionsEndIsGatheredToo() {
        instance.answering(Script.rawThenClose("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
        Answer answer = old("Connection: keep-alive\r\n").answer();

        assertThat(answer.body()).isEqualTo("until the end");
        assertThat(answer.fields().all("Content-Length")).containsExactly("13");
    }

    @Test
    void aGatheredAnswerThatBreaksOffIsARefusalAndNotHalfAnAnswer() {
        instance.answering(Script.rawThenClose("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf"));
        Answer answer = old("").answer();

        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.body()).doesNotContain("half\"");
    }

    @Test
    void anAnswerOfUnknownLengthOverAMebibyteNeedsANewerClient() {
        String mebibyte = "a".repeat(1 << 20);
        instance.answering(Script.raw(chunked(mebibyte)));
        assertThat(old("").answer().body()).hasSize(1 << 20);

        instance.answering(Script.rawThenClose(chunked(mebibyte + "a")));
        refused(old("").answer());
    }

    @Test
    void anAnswerOfKnownLengthMayHaveAnyLength() {
        instance.answering(Script.ok("a".repeat(3 << 20)));
        assertThat(old("").answer().body()).hasSize(3 << 20);
    }

    @Test
    void anEventStreamNeedsANewerClient() {
        instance.answering(Script.rawThenStall(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"));
        refused(old("").answer());
        instance.awaitConnections(0);
    }

    @Test
    void anOldClientMayUploadWithALength() {
        RawClient client =
                kit.own(door.connect()).send("POST /x HTTP/1.0\r\nHost: a.test\r\nContent-Length: 4\r\n\r\nbody");
        assertThat(client.answer().status()).isEqualTo(200);
        assertThat(instance.awaitRequest().body()).isEqualTo("body");
    }

    @Test
    void anOldClientsHeadGetsNoBody() {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"));
        RawClient client = kit.own(door.connect()).send("HEAD /x HTTP/1.0\r\nHost: a.test\r\n\r\n");
        Answer answer = client.answer("HEAD").orElseThrow();

        assertThat(answer.fields().all("Content-Length")).containsExactly("5");
        client.awaitHangUp();
    }

    @Test
    void anOldInstanceIsServedAnewOnEachConnection() {
        instance.answering(Script.rawThenClose("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold"));
        RawClient client = kit.own(door.connect());
        for (int round = 1; round <= 3; round++) {
            assertThat(client.get("/x").answer().body()).isEqualTo("old");
        }
        assertThat(instance.accepted()).isEqualTo(3);

        instance.answering(Script.rawThenClose("HTTP/1.0 200 OK\r\n\r\nold until the end"));
        Answer answer = client.get("/x").answer();
        assertThat(answer.body()).isEqualTo("old until the end");
        assertThat(answer.whole()).isTrue();
    }
}
