package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.RecordingInstance.HeadScript;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The answer is out before the request's body is: its client must be able to read it, and is not read to its end. */
final class EarlyAnswerTest {

    private static final String POST = "POST /up HTTP/1.1\r\nHost: a.test\r\n";
    private static final String PIECE = "x".repeat(64 * 1024);
    private static final int ENDLESS = 4096;
    private static final OptionalLong LIMIT = OptionalLong.of(100_000);

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void refusesAnUploadToAnUnknownRouteWithoutReadingItAll() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).at("/known"));
        refusesWhileItIsSent(
                door, "Content-Length: " + (long) ENDLESS * PIECE.length(), Told.once(404, "route-unknown"));
    }

    @Test
    void refusesABodyOverTheLimitByItsLength() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance).sizes(16 * 1024, LIMIT));
        Told tooLarge = Told.once(413, "body-too-large");
        RawClient client = kit.own(door.connect()).send(POST + "Content-Length: 100001\r\n\r\n");
        assertThat(Told.by(client.answer())).isEqualTo(tooLarge);
        refusesWhileItIsSent(door, "Content-Length: " + (long) ENDLESS * PIECE.length(), tooLarge);
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("POST", "/up", "content-length", "100001"), false);
        assertThat(Told.by(http2.awaitEnd(stream))).isEqualTo(tooLarge);
        assertThat(instance.accepted()).isZero();
    }

    @Test
    void refusesABodyOverTheLimitAsItComes() {
        RecordingInstance instance = kit.instance();
        // below what an HTTP/2 client may send before it is told more
        TestDoor door = kit.open(DoorPlan.to(instance).sizes(16 * 1024, OptionalLong.of(50_000)));
        Told tooLarge = Told.once(413, "body-too-large");
        RawClient client = kit.own(door.connect()).send(POST + "Transfer-Encoding: chunked\r\n\r\n");
        CompletableFuture<Integer> sending = sendAll(client, "10000\r\n" + PIECE + "\r\n");
        assertThat(Told.by(client.answer())).isEqualTo(tooLarge);
        client.awaitHangUp();
        assertThat(sending.join()).isLessThan(ENDLESS);
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("POST", "/up"), false);
        for (int i = 0; i < 4; i++) {
            http2.data(stream, "x".repeat(16_000), false);
        }
        assertThat(Told.by(http2.awaitEnd(stream))).isEqualTo(tooLarge);
        instance.awaitConnections(0);
        assertThat(instance.requests()).isEmpty();
        assertThat(http2.awaitEnd(http2.open(Ask.http2("GET", "/next"), true)).data())
                .isEqualTo("GET /next");
    }

    private void refusesWhileItIsSent(TestDoor door, String framing, Told refusal) {
        RawClient client = kit.own(door.connect()).send(POST + framing + "\r\n\r\n");
        CompletableFuture<Integer> sending = sendAll(client, PIECE);
        assertThat(Told.by(client.answer())).isEqualTo(refusal);
        long told = System.nanoTime();
        client.awaitHangUp();
        assertThat(System.nanoTime() - told).isLessThan(TimeUnit.SECONDS.toNanos(2));
        assertThat(sending.join()).isLessThan(ENDLESS);
    }

    /** A client that waits for its answer before it goes on is not reset while it reads it. */
    @ParameterizedTest
    @CsvSource({"/known, 100001, 413", "/unknown, 99999, 404"})
    void readsALittleMoreAfterItsRefusalAndHangsUpWithinASecond(String path, int length, int status) {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance).at("/known").sizes(16 * 1024, LIMIT));
        long before = System.nanoTime();
        RawClient client = kit.own(door.connect())
                .send("POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + length + "\r\n\r\n");
        Answer refusal = client.answer();
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.fields().all("connection")).containsExactly("close");
        client.send("x".repeat(10_000));
        client.awaitHangUp();
        assertThat(System.nanoTime() - before).isBetween(TimeUnit.SECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(4));
    }

    @Test
    void passesOnTheInstancesOwnEarlyAnswer() {
        String refusal = "too large, says the instance";
        RecordingInstance instance = kit.instance().onHead(early("413 Content Too Large", refusal));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client =
                kit.own(door.connect()).send(POST + "Content-Length: " + (long) ENDLESS * PIECE.length() + "\r\n\r\n");
        CompletableFuture<Integer> sending = sendAll(client, PIECE);
        Answer answer = client.answer();
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).isEqualTo(refusal);
        client.awaitHangUp();
        assertThat(sending.join()).isLessThan(ENDLESS);
        instance.awaitConnections(0);
        assertThat(Ask.once(door, "next").status()).isEqualTo(200);
    }

    @Test
    void passesOnALargeEarlyAnswerWhole() {
        String large = PIECE.repeat(64);
        RecordingInstance instance = kit.instance().onHead(early("200 OK", large));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect()).send(POST + "Content-Length: 200000\r\n\r\n" + PIECE);
        Answer answer = client.answer();
        assertThat(answer.whole()).isTrue();
        assertThat(answer.body().length()).isEqualTo(large.length());
        client.awaitHangUp();

        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("POST", "/up"), false);
        http2.data(stream, "x".repeat(16_000), false);
        Http2Stream http2Answer = http2.awaitEnd(stream);
        assertThat(http2Answer.data().length()).isEqualTo(large.length());
        assertThat(http2Answer.ended()).isTrue();
        instance.awaitConnections(0);
    }

    @Test
    void letsASlowHttp2ClientReadAllOfAnEarlyAnswer() {
        RecordingInstance instance = kit.instance().onHead(early("200 OK", "y".repeat(5000)));
        TestDoor door = kit.open(DoorPlan.to(instance).sizes(16 * 1024, LIMIT));
        RawHttp2Client client = kit.own(door.connectHttp2());
        client.frame(RawHttp2Client.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 10});
        int early = client.open(Ask.http2("POST", "/up"), false);
        client.data(early, "x", false);
        int refused = client.open(Ask.http2("POST", "/up", "content-length", "100001"), false);
        for (int stream : new int[] {early, refused}) {
            client.await(stream, sofar -> sofar.data().length() == 10);
            client.frame(RawHttp2Client.WINDOW_UPDATE, 0, stream, new byte[] {0, 1, 0, 0});
        }
        assertThat(client.awaitEnd(early).data()).hasSize(5000);
        assertThat(Told.by(client.awaitEnd(refused))).isEqualTo(Told.once(413, "body-too-large"));
        client.await(early, sofar -> sofar.reset().isPresent());
        client.await(refused, sofar -> sofar.reset().isPresent());
    }

    /** Hanging up on what is still being sent is a reset; the answer was there before. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void passesOnAnEarlyAnswerThatTheInstanceHangsUpAfter(boolean reset) {
        RecordingInstance instance = kit.instance().onHead((head, line) -> {
            line.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            if (reset) {
                line.reset();
            } else {
                line.close();
            }
        });
        TestDoor door = kit.open(DoorPlan.to(instance));
        for (int i = 0; i < 50; i++) {
            RawClient client = kit.own(door.connect())
                    .send(POST + "Content-Length: " + (long) ENDLESS * PIECE.length() + "\r\n\r\n");
            CompletableFuture<Integer> sending = sendAll(client, PIECE);
            Answer answer = client.answer();
            assertThat(answer.body()).as("round " + i).isEqualTo("big");
            sending.join();
        }
    }

    @Test
    void givesBackTheWindowOfUploadsThatNobodyRead() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).at("/known"));
        RawHttp2Client client = kit.own(door.connectHttp2());
        for (int i = 0; i < 20; i++) {
            int stream = client.open(Ask.http2("POST", "/unknown"), false);
            client.data(stream, "x".repeat(16_000), false);
            assertThat(Told.by(client.awaitEnd(stream))).isEqualTo(Told.once(404, "route-unknown"));
        }
        int last = client.open(Ask.http2("POST", "/known"), false);
        for (int i = 0; i < 3; i++) {
            client.data(last, "x".repeat(16_000), i == 2);
        }
        assertThat(client.awaitEnd(last).data()).isEqualTo("POST /known");
    }

    /** Answers an upload as soon as it has its head, and lets it stand. */
    private static HeadScript early(String status, String body) {
        return (head, line) -> {
            if (head.method().equals("POST")) {
                line.send("HTTP/1.1 " + status + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
                line.stall();
            }
        };
    }

    /** Sends this as often as the door takes it; how often that was. */
    private static CompletableFuture<Integer> sendAll(RawClient client, String piece) {
        return CompletableFuture.supplyAsync(() -> {
            int sent = 0;
            while (sent < ENDLESS && client.offer(piece)) {
                sent++;
            }
            return sent;
        });
    }
}
