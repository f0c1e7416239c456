package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Certificate;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a connection may keep the door waiting, and for what it is never cut. */
final class PatienceTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration LONG = Duration.ofSeconds(20);

    private static final Fields GET = new Fields(List.of(
            new Fields.Field(":method", "GET"),
            new Fields.Field(":scheme", "http"),
            new Fields.Field(":path", "/"),
            new Fields.Field(":authority", "a.test")));

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final long began = System.nanoTime();

    private Duration since() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Lets a good deal more than the short time go by: two connections, one after the other, are cut for their silence. */
    private void letTimeGoBy(TestDoor door) {
        for (int round = 0; round < 2; round++) {
            try (RawClient idle = door.connect()) {
                idle.awaitHangUp();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "GET / HT",
                "GET / HTTP/1.1\r\nHost: a.test\r\n",
                "PRI * HT",
                "PRI * HTTP/2.0\r\n\r\nSM"
            })
    void aConnectionWithoutAWholeHeadIsClosedInTime(String bytes) {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).waits(SHORT, LONG));
        RawClient client = kit.own(door.connect()).send(bytes);

        client.awaitHangUp();
        assertThat(since()).isBetween(SHORT, Duration.ofSeconds(6));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aByteEverySoOftenBuysNoTime(boolean http2) {
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .sizes(1 << 20, java.util.OptionalLong.empty())
                .waits(SHORT, LONG)
                .http2(http2));
        RawClient client = kit.own(door.connect()).send("GET / HTTP/1.1\r\nX: ");

        Await.until(() -> !client.offer("a"), () -> "the door goes on reading");
        assertThat(since()).isBetween(SHORT, Duration.ofSeconds(6));
    }

    @Test
    void halfATlsHandshakeIsClosedInTime() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .tls(Certificate.of("dns:localhost,ip:127.0.0.1").files())
                .waits(SHORT, LONG));
        RawClient silent = kit.own(door.connect());
        RawClient half = kit.own(door.connect()).send("\u0016\u0003\u0001\u0002\u0000\u0001\u0000");

        half.awaitHangUp();
        silent.awaitHangUp();
    }

    @Test
    void anHttp2ConnectionWithoutARequestIsClosedInTime() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).waits(SHORT, LONG));
        RawHttp2Client client = kit.own(door.connectHttp2());

        Await.until(client::closed, () -> "still open");
        assertThat(since()).isBetween(SHORT, Duration.ofSeconds(6));
    }

    @Test
    void aConnectionIsKeptBetweenRequestsForAsLongAsKeepAliveSays() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).waits(LONG, SHORT));
        RawClient client = kit.own(door.connect());
        for (int round = 0; round < 3; round++) {
            assertThat(client.get("/").answer().status()).isEqualTo(200);
        }

        client.awaitHangUp();
        assertThat(since()).isBetween(SHORT, Duration.ofSeconds(6));
    }

    @Test
    void theNextHeadMustBeWholeWithinKeepAlive() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).waits(LONG, SHORT));
        RawClient client = kit.own(door.connect());
        assertThat(client.get("/").answer().status()).isEqualTo(200);

        client.send("GET / HTTP/1.1\r\nHost: a.test\r\nX: ");
        Await.until(() -> !client.offer("a"), () -> "the door goes on reading");
    }

    @Test
    void anIdleHttp2ConnectionIsClosedAfterKeepAlive() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).waits(LONG, SHORT));
        RawHttp2Client client = kit.own(door.connectHttp2());
        assertThat(client.awaitEnd(client.open(GET, true)).status()).hasValue(200);

        Await.until(client::closed, () -> "still open");
        assertThat(since()).isBetween(SHORT, Duration.ofSeconds(6));
    }

    @Test
    void aLongAnswerIsCutByNeither() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance).waits(SHORT, SHORT));
        CountDownLatch event = new CountDownLatch(1);
        instance.answering((request, line) -> {
            line.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfirst");
            line.await(event);
            line.send("last");
        });
        RawClient client = kit.own(door.connect()).get("/");
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(GET, true);

        letTimeGoBy(door);
        event.countDown();
        Answer answer = client.answer();
        assertThat(answer.body()).isEqualTo("firstlast");
        assertThat(answer.whole()).isTrue();
        assertThat(http2.awaitEnd(stream).data()).isEqualTo("firstlast");
        client.awaitHangUp();
    }

    @Test
    void anAnswerThatIsLongInComingIsCutByNeither() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance).waits(SHORT, SHORT));
        CountDownLatch event = new CountDownLatch(1);
        instance.answering(Script.after(event, Script.ok("late")));
        RawClient client = kit.own(door.connect()).get("/");

        letTimeGoBy(door);
        event.countDown();
        assertThat(client.answer().body()).isEqualTo("late");
    }

    @Test
    void aSlowUploadIsCutByNeither() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance).waits(SHORT, SHORT));
        RawClient client =
                kit.own(door.connect()).send("PUT /slow HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\nfirst");

        letTimeGoBy(door);
        assertThat(client.send("last").answer().status()).isEqualTo(200);
        assertThat(instance.awaitRequest().body()).isEqualTo("firstlast");
    }
}
