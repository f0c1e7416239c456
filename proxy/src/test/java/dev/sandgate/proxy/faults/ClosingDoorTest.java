package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.Future;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A door that is told to close while it is in use. */
final class ClosingDoorTest {

    private static final String EVENTS = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1";

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void letsRequestsFinishAndTakesNoNewConnection() {
        CountDownLatch release = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering(Script.after(release, Script.echo()));
        TestDoor door = kit.open(DoorPlan.to(instance).shutdownTimeout(Duration.ofSeconds(6)));
        int port = door.port();
        RawClient idle = kit.own(door.connect()).get("/idle");
        RawClient client = kit.own(door.connect()).get("/under-way");
        RawClient upload =
                kit.own(door.connect()).send("POST /upload HTTP/1.1\r\nHost: a.test\r\nContent-Length: 8\r\n\r\nhalf");
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("GET", "/two"), true);
        for (String target : new String[] {"/idle", "/under-way", "/upload", "/two"}) {
            instance.awaitHead(head -> head.target().equals(target));
        }

        long before = System.nanoTime();
        Future<Void> closed = door.door().close();
        Await.until(() -> refuses(port), () -> "it still takes connections");
        assertThat(closed.isComplete()).isFalse();
        upload.send("done");
        release.countDown();
        assertThat(idle.answer().body()).isEqualTo("GET /idle");
        assertThat(client.answer().body()).isEqualTo("GET /under-way");
        assertThat(upload.answer().body()).isEqualTo("POST /upload");
        Http2Stream answer = http2.awaitEnd(stream);
        assertThat(answer.data()).isEqualTo("GET /two");
        assertThat(http2.goAway()).hasValue(0);
        client.awaitHangUp();
        upload.awaitHangUp();
        Await.until(closed::succeeded, () -> "it does not close");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        instance.awaitConnections(0);
        assertThat(door.vitals().connections()).isZero();
    }

    @Test
    void hangsUpOnIdleConnectionsAtOnce() {
        RecordingInstance instance = kit.instance();
        Duration patience = Duration.ofMinutes(1);
        TestDoor door = kit.open(
                DoorPlan.to(instance).shutdownTimeout(Duration.ofSeconds(6)).waits(patience, patience));
        RawClient used = kit.own(door.connect());
        used.get("/").answer();
        RawClient silent = kit.own(door.connect());
        RawClient half = kit.own(door.connect()).send("GET / HTTP/1.1\r\nHo");
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        http2.awaitEnd(http2.open(Ask.http2("GET", "/"), true));
        Await.until(() -> door.vitals().connections() == 4, () -> door.vitals().toString());

        long before = System.nanoTime();
        Future<Void> closed = door.door().close();
        used.awaitHangUp();
        silent.awaitHangUp();
        half.awaitHangUp();
        Await.until(closed::succeeded, () -> "it does not close");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        instance.awaitConnections(0);
    }

    @Test
    void cutsStreamsAtTheDeadline() {
        RecordingInstance instance = kit.instance().answering(Script.rawThenStall(EVENTS));
        Duration deadline = Duration.ofMillis(700);
        TestDoor door = kit.open(DoorPlan.to(instance).shutdownTimeout(deadline));
        RawClient client = kit.own(door.connect()).get("/events");
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("GET", "/events"), true);
        http2.await(stream, sofar -> sofar.data().equals("data: 1"));

        long before = System.nanoTime();
        Future<Void> closed = door.door().close();
        Answer cut = client.answer();
        assertThat(cut.body()).isEqualTo("data: 1");
        assertThat(cut.whole()).isFalse();
        Duration after = Duration.ofNanos(System.nanoTime() - before);
        assertThat(after).isBetween(deadline.minusMillis(50), deadline.plusSeconds(2));
        assertThat(http2.awaitEnd(stream).ended()).isFalse();
        Await.until(closed::succeeded, () -> "it does not close");
        instance.awaitConnections(0);
        assertThat(door.vitals().connections()).isZero();
        assertThat(door.accessLog()).hasSize(2);
    }

    private static boolean refuses(int port) {
        try {
            RawClient.to(port).close();
            return false;
        } catch (UncheckedIOException refused) {
            return true;
        }
    }
}
