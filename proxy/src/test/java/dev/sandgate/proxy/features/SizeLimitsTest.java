package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is too large is refused by its own status, before it costs an instance anything. */
final class SizeLimitsTest {

    private static final int HEAD = 2048;
    private static final int BODY = 1000;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private TestDoor door;

    @BeforeEach
    void open() {
        instance = kit.instance();
        door = kit.open(DoorPlan.to(instance).sizes(HEAD, OptionalLong.of(BODY)));
    }

    private void refused(Answer answer, int status, String reason) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo(reason);
        assertThat(instance.requests()).isEmpty();
    }

    @Test
    void fieldsOverTheLimitAre431() {
        RawClient one = kit.own(door.connect()).get("/", "X-Long: " + "a".repeat(HEAD) + "\r\n");
        refused(one.answer(), 431, "head-too-large");

        RawClient many = kit.own(door.connect()).get("/", "X-Some: value\r\n".repeat(HEAD / 10));
        refused(many.answer(), 431, "head-too-large");
    }

    @Test
    void aLineAndFieldsThatAreTooLongOnlyTogetherAre431() {
        RawClient client =
                kit.own(door.connect()).get("/" + "t".repeat(HEAD / 2), "X-Long: " + "a".repeat(HEAD / 2) + "\r\n");
        refused(client.answer(), 431, "head-too-large");
    }

    @Test
    void aTargetOverTheLimitIs414() {
        refused(kit.own(door.connect()).get("/" + "t".repeat(HEAD)).answer(), 414, "target-too-long");
        refused(kit.own(door.connect()).get("/?" + "q".repeat(3 * HEAD)).answer(), 414, "target-too-long");
    }

    @Test
    void aHeadJustUnderTheLimitPasses() {
        RawClient client = kit.own(door.connect()).get("/", "X-Long: " + "a".repeat(HEAD - 200) + "\r\n");
        assertThat(client.answer().status()).isEqualTo(200);
    }

    @Test
    void anAnnouncedBodyOverTheLimitIs413BeforeItIsSent() {
        RawClient client = kit.own(door.connect())
                .send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + (BODY + 1) + "\r\n\r\n");
        refused(client.answer(), 413, "body-too-large");
        client.awaitHangUp();
        assertThat(instance.accepted()).isZero();
    }

    @Test
    void aChunkedBodyOverTheLimitIs413AndNeverWholeAtTheInstance() {
        RawClient client =
                kit.own(door.connect()).send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int sent = 0; sent <= BODY; sent += 100) {
            client.offer("64\r\n" + "a".repeat(100) + "\r\n");
        }
        client.offer("0\r\n\r\n");
        refused(client.answer(), 413, "body-too-large");
    }

    @Test
    void aBodyOfExactlyTheLimitPasses() {
        RawClient client = kit.own(door.connect())
                .send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + BODY + "\r\n\r\n" + "a".repeat(BODY));
        assertThat(client.answer().status()).isEqualTo(200);
        client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + "a".repeat(BODY)
                + "\r\n0\r\n\r\n");
        assertThat(client.answer().status()).isEqualTo(200);
    }

    private static Fields head(String method, String path, String... more) {
        List<Fields.Field> fields = new ArrayList<>(List.of(
                new Fields.Field(":method", method),
                new Fields.Field(":scheme", "http"),
                new Fields.Field(":path", path),
                new Fields.Field(":authority", "a.test")));
        for (int at = 0; at < more.length; at += 2) {
            fields.add(new Fields.Field(more[at], more[at + 1]));
        }
        return new Fields(fields);
    }

    @Test
    void overHttp2TooLargeAHeadIs431() {
        RawHttp2Client client = kit.own(door.connectHttp2());
        Http2Stream answer = client.awaitEnd(client.open(head("GET", "/", "x-long", "a".repeat(HEAD)), true));
        assertThat(answer.status()).hasValue(431);

        Http2Stream next = client.awaitEnd(client.open(head("GET", "/next"), true));
        assertThat(next.data()).isEqualTo("GET /next");
    }

    @Test
    void overHttp2TooLargeABodyIs413() {
        RawHttp2Client client = kit.own(door.connectHttp2());
        int announced = client.open(head("POST", "/", "content-length", Integer.toString(BODY + 1)), false);
        assertThat(client.awaitEnd(announced).status()).hasValue(413);

        int streamed = client.open(head("POST", "/"), false);
        for (int sent = 0; sent <= BODY; sent += 100) {
            client.data(streamed, "a".repeat(100), false);
        }
        assertThat(client.awaitEnd(streamed).status()).hasValue(413);
        assertThat(instance.requests()).isEmpty();
    }
}
