package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that leaves in the middle: its instance hears of it at once, and nothing is held for it any longer. */
final class ClientGoneTest {

    private static final String EVENTS = String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "Content-Type: text/event-stream",
            "Transfer-Encoding: chunked",
            "",
            "8",
            "data: 1\n",
            "");

    @RegisterExtension
    final Invariants kit = new Invariants();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cutsTheUploadWhenTheClientDiesHalfWay(boolean reset) {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        for (String framing :
                new String[] {"Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"}) {
            RawClient client = door.connect().send("POST /up HTTP/1.1\r\nHost: a.test\r\n" + framing);
            Await.until(
                    () -> instance.received().stream().anyMatch(text -> text.contains("half")),
                    () -> "the half never arrives");
            leave(client, reset);
            atOnce(() -> instance.connections() == 0);
            instance.forget();
        }
        assertThat(instance.requests()).isEmpty();
        Ask.awaitLogged(door, "\"status\":499", "\"reason\":\"client-gone\"", "\"bytesIn\":4");
    }

    @Test
    void cutsTheUploadOfAnHttp2StreamAndServesTheOthers() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawHttp2Client client = kit.own(door.connectHttp2());
        int stream = client.open(Ask.http2("POST", "/up"), false);
        client.data(stream, "half", false);
        Await.until(
                () -> instance.received().stream().anyMatch(text -> text.contains("half")),
                () -> "the half never arrives");
        client.reset(stream, 8);
        atOnce(() -> instance.connections() == 0);
        assertThat(instance.requests()).isEmpty();
        assertThat(client.awaitEnd(client.open(Ask.http2("GET", "/next"), true)).data())
                .isEqualTo("GET /next");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closesTheInstancesStreamWhenItsReaderLeaves(boolean reset) {
        RecordingInstance instance = kit.instance().answering(Script.rawThenStall(EVENTS));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = door.connect().get("/events");
        awaitText(client, "data: 1");
        leave(client, reset);
        atOnce(() -> instance.connections() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void closesTheInstancesStreamOfAnHttp2Client(boolean wholeConnection) {
        RecordingInstance instance = kit.instance().answering(Script.rawThenStall(EVENTS));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawHttp2Client client = kit.own(door.connectHttp2());
        int stream = client.open(Ask.http2("GET", "/events"), true);
        client.await(stream, sofar -> sofar.data().contains("data: 1"));
        if (wholeConnection) {
            client.close();
        } else {
            client.reset(stream, 8);
        }
        atOnce(() -> instance.connections() == 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stopsTheDownloadWhenTheClientLeaves(boolean reset) {
        RecordingInstance instance = kit.instance().answering((request, line) -> {
            line.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            String piece = "x".repeat(64 * 1024);
            while (true) {
                line.send(piece); // until the door hangs up
            }
        });
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = door.connect().get("/big");
        awaitText(client, "xxxxxxxx");
        leave(client, reset);
        atOnce(() -> instance.connections() == 0);
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("GET", "/big"), true);
        http2.await(stream, sofar -> sofar.data().length() > 100);
        http2.reset(stream, 8);
        atOnce(() -> instance.connections() == 0);
    }

    @Test
    void leavesBeforeTheHeadOfItsAnswer() {
        RecordingInstance instance = kit.instance().answering(Script.rawThenStall(""));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = door.connect().get("/never");
        instance.awaitRequest();
        client.close();
        atOnce(() -> instance.connections() == 0);
    }

    /** What it had sent waits unread in the door: the kit sees whether that memory comes back. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesNoMemoryBehindOfWhatNobodyRead(boolean pipelined) {
        CountDownLatch over = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().onHead((seen, line) -> {
            line.await(over);
            line.close();
        });
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.idle(Duration.ofMillis(500))));
        RawClient client = door.connect();
        if (pipelined) {
            client.get("/held");
        }
        String path = pipelined ? "/behind" : "/held";
        client.send("POST " + path + " HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100000000\r\n\r\n");
        instance.awaitHead(seen -> seen.target().equals("/held"));
        CompletableFuture.runAsync(() -> {
                    String piece = "x".repeat(64 * 1024);
                    for (int i = 0; i < 50 && client.offer(piece); i++) {}
                })
                .completeOnTimeout(null, 500, TimeUnit.MILLISECONDS)
                .join();
        client.reset();
        Await.until(() -> door.vitals().connections() == 0, () -> door.vitals().toString());
        over.countDown();
        instance.awaitConnections(0);
        assertThat(instance.heads()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /b HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: b\r\n\r\n",
                "POST /b HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: b\r\nContent-Length: 4\r\n\r\nbody",
                "POST /b HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: b\r\nContent-Length: 40\r\n\r\nbody",
                "POST /b HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: b\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n"
            })
    void leavesTheQueueAtOnce(String request) {
        RecordingInstance instance = kit.instance();
        TestDoor door = fullPool(instance);
        for (boolean reset : new boolean[] {true, false}) {
            RawClient client = door.connect().send(request);
            Await.until(() -> door.vitals().queued() == 1, () -> "it never waits");
            leave(client, reset);
            atOnce(() -> door.vitals().queued() == 0 && door.vitals().requests() == 0);
        }
        assertThat(instance.heads()).hasSize(1);
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void leavesTheQueueAtOnceOverHttp2() {
        RecordingInstance instance = kit.instance();
        TestDoor door = fullPool(instance);
        RawHttp2Client client = kit.own(door.connectHttp2());
        int bare = client.open(Ask.http2("GET", "/b", "x-session-id", "b"), true);
        int upload = client.open(Ask.http2("POST", "/b", "x-session-id", "c"), false);
        client.data(upload, "half", false);
        Await.until(() -> door.vitals().queued() == 2, () -> "they never wait");
        client.reset(bare, 8);
        client.reset(upload, 8);
        atOnce(() -> door.vitals().queued() == 0 && door.vitals().requests() == 0);
        assertThat(instance.heads()).hasSize(1);
    }

    private TestDoor fullPool(RecordingInstance instance) {
        TestDoor door =
                kit.open(DoorPlan.to(instance).main(pool -> pool.perInstance(1).queue(10, Duration.ofSeconds(20))));
        assertThat(Ask.once(door, "a").status()).isEqualTo(200);
        return door;
    }

    private static void awaitText(RawClient client, String text) {
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf(text) < 0) {
            heard.append(client.bytes(1));
        }
    }

    private static void leave(RawClient client, boolean reset) {
        if (reset) {
            client.reset();
        } else {
            client.close();
        }
    }

    private static void atOnce(BooleanSupplier done) {
        long before = System.nanoTime();
        Await.until(done, () -> "nobody hears that the client left");
        assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(1));
    }
}
