package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients that wait for 100 before they send a body. */
final class ExpectTest {

    private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private TestDoor door;

    @BeforeEach
    void open() {
        instance = kit.instance();
        door = kit.open(DoorPlan.to(instance).sizes(16 * 1024, OptionalLong.of(1000)));
    }

    private RawClient waiting(String target, int length) {
        return kit.own(door.connect())
                .send("POST " + target + " HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: "
                        + length + "\r\n\r\n");
    }

    @Test
    void aClientThatWaitsGets100AndThenItsAnswer() {
        RawClient client = waiting("/x", 4);
        assertThat(client.bytes(CONTINUE.length())).isEqualTo(CONTINUE);

        Answer answer = client.send("body").answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.interim()).isEmpty();
        SeenRequest seen = instance.awaitRequest();
        assertThat(seen.body()).isEqualTo("body");
        assertThat(seen.fields().has("Expect")).isFalse();
        assertThat(client.get("/next").answer().body()).isEqualTo("GET /next");
    }

    @Test
    void aClientThatDoesNotWaitIsServedAlike() {
        RawClient client = waiting("/x", 4).send("body");

        assertThat(client.answer().status()).isEqualTo(200);
        assertThat(instance.awaitRequest().body()).isEqualTo("body");
    }

    @Test
    void chunksMayBeWaitedForToo() {
        RawClient client = kit.own(door.connect())
                .send("POST /x HTTP/1.1\r\nHost: a.test\r\nExpect: 100-Continue\r\nTransfer-Encoding: chunked\r\n\r\n");
        assertThat(client.bytes(CONTINUE.length())).isEqualTo(CONTINUE);

        assertThat(client.send("4\r\nbody\r\n0\r\n\r\n").answer().status()).isEqualTo(200);
        assertThat(instance.awaitRequest().body()).isEqualTo("body");
    }

    @Test
    void whatIsRefusedIsRefusedBefore100() {
        Answer tooLarge = waiting("/x", 1001).answer();
        assertThat(tooLarge.status()).isEqualTo(413);
        assertThat(tooLarge.interim()).isEmpty();

        Answer malformed = waiting("/a/../b", 4).answer();
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.interim()).isEmpty();
        assertThat(instance.heads()).isEmpty();
    }

    @Test
    void aRefusedClientMayStillSendItsBodyAndReadsTheAnswer() {
        RawClient client = waiting("/x", 1001).send("a".repeat(1001));

        assertThat(client.answer().status()).isEqualTo(413);
        client.awaitHangUp();
    }

    @Test
    void noOtherExpectationIsKnown() {
        RawClient client = kit.own(door.connect()).get("/x", "Expect: 200-ok\r\n");
        assertThat(client.answer().status()).isEqualTo(417);
    }

    @Test
    void anExpectationWithoutABodyGetsItsAnswerAlone() {
        RawClient client = kit.own(door.connect()).get("/x", "Expect: 100-continue\r\n");
        Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(client.get("/next").answer().body()).isEqualTo("GET /next");
    }

    @Test
    void overHttp2TheClientIsToldToGoOnToo() {
        RawHttp2Client client = kit.own(door.connectHttp2());
        int stream = client.open(Http2.head("POST", "/x", "expect", "100-continue"), false);
        client.await(stream, seen -> seen.status().isPresent());
        assertThat(client.stream(stream).status()).hasValue(100);
        client.data(stream, "body", true);

        Http2Stream answer = client.awaitEnd(stream);
        assertThat(answer.status()).hasValue(200);
        assertThat(instance.awaitRequest().body()).isEqualTo("body");
    }
}
