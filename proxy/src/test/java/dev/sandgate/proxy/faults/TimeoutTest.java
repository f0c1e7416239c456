package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing fails, and nothing happens. */
final class TimeoutTest {

    private static final Duration SHORT = Duration.ofMillis(300);

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void tells504WhenTheInstanceNeverAnswers() {
        RecordingInstance instance = kit.instance().answering(Script.rawThenStall(""));
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.firstByte(SHORT)));

        assertThat(Told.by(Ask.once(door, "a"))).isEqualTo(Told.once(504, "instance-timeout"));
        instance.awaitConnections(0);
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        assertThat(Told.by(http2.awaitEnd(http2.open(Ask.http2("GET", "/"), true))))
                .isEqualTo(Told.once(504, "instance-timeout"));
        instance.awaitConnections(0);
        assertThat(instance.requests()).hasSize(2);
    }

    @Test
    void tells504WhenTheInstanceNeverFinishesItsHead() {
        RecordingInstance instance = kit.instance().answering(Script.rawThenStall("HTTP/1.1 200 OK\r\nX-"));
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.firstByte(SHORT)));
        assertThat(Told.by(Ask.once(door, "a"))).isEqualTo(Told.once(504, "instance-timeout"));
        instance.awaitConnections(0);
    }

    @Test
    void countsAnInstanceThatTakesNoConnectionAsUnreachable() {
        DeadInstance silent = kit.own(DeadInstance.silent());
        TestDoor door = kit.open(DoorPlan.toUrls(silent.url()).main(pool -> pool.connect(SHORT)));
        assertThat(Told.by(Ask.once(door, "a"))).isEqualTo(Told.once(502, "instance-unreachable"));
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void countsAnInstanceThatNeverFinishesItsTlsHandshakeAsUnreachable() throws IOException {
        ServerSocket silent = kit.own(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        URI url = URI.create("https://127.0.0.1:" + silent.getLocalPort());
        TestDoor door =
                kit.open(DoorPlan.toUrls(url).main(pool -> pool.connect(SHORT).connectionWait(Duration.ofSeconds(5))));
        assertThat(Told.by(Ask.once(door, "a"))).isEqualTo(Told.once(502, "instance-unreachable"));
    }

    @Test
    void tells503WhenNoConnectionComesFree() {
        CountDownLatch release = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering(Script.after(release, Script.echo()));
        TestDoor door =
                kit.open(DoorPlan.to(instance).main(pool -> pool.connections(1).connectionWait(SHORT)));
        int loops = Runtime.getRuntime().availableProcessors();
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4 * loops; i++) {
            clients.add(kit.own(door.connect()).get("/" + i));
        }
        Ask.awaitLogged(door, "\"reason\":\"instance-busy\"");
        Await.until(() -> door.vitals().requests() == loops, () -> door.vitals().toString());
        release.countDown();
        List<Answer> answers = clients.stream().map(RawClient::answer).toList();
        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(loops);
        assertThat(answers)
                .filteredOn(answer -> answer.status() != 200)
                .hasSize(3 * loops)
                .allMatch(answer -> Told.by(answer).equals(Told.later(503, "instance-busy")));
        assertThat(instance.accepted()).isEqualTo(loops);
    }

    @Test
    void cutsAnAnswerThatStallsAndLeavesAnEventStreamAlone() {
        CountDownLatch goOn = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering((request, line) -> {
            if (request.target().equals("/events")) {
                line.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 4\r\n\r\nab");
                line.await(goOn);
                line.send("cd");
            } else {
                line.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
                line.stall();
            }
        });
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.idle(SHORT)));
        RawClient events = kit.own(door.connect()).get("/events");
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("GET", "/events"), true);
        http2.await(stream, sofar -> sofar.data().equals("ab"));

        for (int i = 0; i < 2; i++) {
            Answer cut = kit.own(door.connect()).get("/stalls").answer();
            assertThat(cut.whole()).isFalse();
            assertThat(cut.body()).isEqualTo("half");
        }
        Http2Stream cut = http2.awaitEnd(http2.open(Ask.http2("GET", "/stalls"), true));
        assertThat(cut.reset()).hasValue(2);
        Ask.awaitLogged(door, "\"path\":\"/stalls\"", "\"reason\":\"stream-idle\"");

        goOn.countDown();
        assertThat(events.answer().body()).isEqualTo("abcd");
        assertThat(http2.awaitEnd(stream).data()).isEqualTo("abcd");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void holdsLittleOfAnAnswerThatNobodyReadsAndCutsIt(boolean http2) {
        AtomicLong sent = new AtomicLong();
        String piece = "x".repeat(64 * 1024);
        RecordingInstance instance = kit.instance().answering((request, line) -> {
            line.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            while (sent.get() < 1_000_000_000) {
                line.send(piece); // until the door hangs up
                sent.addAndGet(piece.length());
            }
        });
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.idle(SHORT)));
        if (http2) {
            RawHttp2Client client = kit.own(door.connectHttp2());
            client.frame(RawHttp2Client.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 10});
            Http2Stream cut = client.awaitEnd(client.open(Ask.http2("GET", "/big"), true));
            assertThat(cut.data()).hasSize(10);
            assertThat(cut.reset()).hasValue(2);
        } else {
            kit.own(door.connect()).get("/big");
        }
        Ask.awaitLogged(door, "\"path\":\"/big\"", "\"reason\":\"stream-idle\"");
        instance.awaitConnections(0);
        assertThat(sent.get()).isLessThan(50_000_000);
    }

    @Test
    void tells408WhenTheUploadStalls() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.idle(SHORT)));
        RawClient client =
                kit.own(door.connect()).send("POST /up HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\n\r\nhalf");
        assertThat(Told.by(client.answer())).isEqualTo(Told.once(408, "request-timeout"));
        client.awaitHangUp();
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("POST", "/up"), false);
        http2.data(stream, "half", false);
        assertThat(Told.by(http2.awaitEnd(stream))).isEqualTo(Told.once(408, "request-timeout"));
        instance.awaitConnections(0);
        assertThat(instance.requests()).isEmpty();
    }

    @Test
    void blamesTheInstanceWhenItDoesNotReadTheUpload() {
        CountDownLatch over = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().onHead((head, line) -> {
            line.await(over);
            line.close();
        });
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.idle(SHORT)));
        RawClient client =
                kit.own(door.connect()).send("POST /up HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000000\r\n\r\n");
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            String piece = "x".repeat(64 * 1024);
            while (client.offer(piece)) {}
        });
        assertThat(Told.by(client.answer())).isEqualTo(Told.once(504, "instance-timeout"));
        sending.join();
        over.countDown();
        instance.awaitConnections(0);
    }
}
