package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.RouteLimits;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A route that takes only bodies of a size, and only clients of a speed. */
final class RouteLimitsTest {

    private static final int BODY = 1000;
    private static final Duration LONG = Duration.ofSeconds(30);
    /** Of an answer: more than all buffers between an instance and its client. */
    private static final int MEBIBYTES = 64;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeEach
    void start() {
        instance = kit.instance();
    }

    private TestDoor door(RouteLimits limits, OptionalLong ofListener) {
        RouteConfig route = RouteConfig.plain(
                        "r", List.of(), List.of("/small"), Map.of(), "main", List.of(), List.of(), false)
                .changing(RewriteConfig.NOTHING, Optional.empty(), limits);
        return kit.open(DoorPlan.to(instance)
                .main(pool -> pool.firstByte(LONG).idle(LONG))
                .sizes(16 * 1024, ofListener)
                .route(route));
    }

    private TestDoor smallBodies() {
        return door(new RouteLimits(OptionalLong.of(BODY), OptionalLong.empty()), OptionalLong.empty());
    }

    private RawClient post(TestDoor door, String target, String lines) {
        return kit.own(door.connect()).send("POST " + target + " HTTP/1.1\r\nHost: a.test\r\n" + lines + "\r\n");
    }

    @Test
    void anAnnouncedBodyOverTheRoutesLimitIs413AndOthersPass() {
        TestDoor door = smallBodies();

        Answer refused =
                post(door, "/small", "Content-Length: " + (BODY + 1) + "\r\n").answer();
        Answer fits = post(door, "/small", "Content-Length: " + BODY + "\r\n")
                .send("a".repeat(BODY))
                .answer();
        Answer elsewhere = post(door, "/", "Content-Length: " + (BODY + 1) + "\r\n")
                .send("a".repeat(BODY + 1))
                .answer();

        assertThat(refused.refusal()).isEqualTo("body-too-large");
        assertThat(fits.status()).isEqualTo(200);
        assertThat(elsewhere.status()).isEqualTo(200);
        assertThat(instance.requests()).hasSize(2);
    }

    @Test
    void theSmallerOfTheListenersAndTheRoutesLimitCounts() {
        TestDoor door = door(new RouteLimits(OptionalLong.of(BODY), OptionalLong.empty()), OptionalLong.of(BODY / 10));
        assertThat(post(door, "/small", "Content-Length: " + BODY / 2 + "\r\n")
                        .answer()
                        .refusal())
                .isEqualTo("body-too-large");
    }

    @Test
    void aChunkedBodyIs413OnItsWayAndNeverWholeAtTheInstance() {
        RawClient client = post(smallBodies(), "/small", "Transfer-Encoding: chunked\r\n");
        for (int sent = 0; sent <= BODY; sent += 100) {
            client.offer("64\r\n" + "a".repeat(100) + "\r\n");
        }

        assertThat(client.answer().refusal()).isEqualTo("body-too-large");
        client.awaitHangUp();
        assertThat(instance.requests()).isEmpty();
    }

    @Test
    void anHttp2BodyWithoutALengthIs413OnItsWay() {
        RawHttp2Client client = kit.own(smallBodies().connectHttp2());
        int stream = client.open(Http2.head("POST", "/small"), false);
        client.upload(stream, "a".repeat(BODY + 1), false);

        assertThat(client.awaitEnd(stream).status()).hasValue(413);
        assertThat(instance.requests()).isEmpty();
    }

    // All at once: each takes the five seconds of grace.
    @Test
    void aClientThatIsWaitedForTooLongIsCutAndOneThatWaitsItselfIsNot() throws Exception {
        CountDownLatch answer = kit.own(new Latch()).latch;
        instance.answering((request, line) -> {
            if (request.target().endsWith("/large")) {
                line.send("HTTP/1.1 200 OK\r\nContent-Length: " + (MEBIBYTES << 20) + "\r\n\r\n");
                String piece = "a".repeat(1 << 20);
                for (int sent = 0; sent < MEBIBYTES; sent++) {
                    line.send(piece);
                }
            } else {
                line.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hello\n\n");
                line.await(answer);
                line.send("data: x\n\n");
                line.close();
            }
        });
        TestDoor door = door(new RouteLimits(OptionalLong.empty(), OptionalLong.of(64 * 1024)), OptionalLong.empty());
        RawHttp2Client http2 = kit.own(door.connectHttp2());

        RawClient silent = kit.own(door.connect()).get("/small/events");
        RawClient upload =
                post(door, "/small/slow", "Content-Length: 1000000\r\n").send("a");
        RawClient fast =
                post(door, "/other/slow", "Content-Length: 1000000\r\n").send("a");
        int slow = http2.open(Http2.head("POST", "/small/slow"), false);
        http2.data(slow, "a", false);
        RawClient download = kit.own(door.connect()).get("/small/large");
        silent.bytesUntil("hello");

        Answer late = upload.answer();
        assertThat(late.status()).isEqualTo(408);
        assertThat(late.refusal()).isEqualTo("client-too-slow");
        upload.awaitHangUp();
        Http2Stream reset = http2.awaitEnd(slow);
        assertThat(reset.status()).hasValue(408);
        Await.until(() -> log(door, "client-too-slow") == 3, () -> "" + door.accessLog());
        assertThat(download.answer().whole()).isFalse();

        assertThat(log(door, "/small/events")).isZero();
        answer.countDown();
        assertThat(silent.bytesToTheEnd()).contains("data: x");
        fast.close();
    }

    private static long log(TestDoor door, String what) {
        return door.accessLog().stream().filter(line -> line.contains(what)).count();
    }

    /** Lets the instance go on also where the test fails. */
    private static final class Latch implements AutoCloseable {

        private final CountDownLatch latch = new CountDownLatch(1);

        @Override
        public void close() {
            latch.countDown();
        }
    }
}
