package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nobody listens where an instance should be: now, for a while, or for good. */
final class DeadPortTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void givesEachNewSessionALiveInstanceWhileAnotherIsDead() {
        DeadInstance dead = kit.own(DeadInstance.refusing());
        RecordingInstance live = kit.instance();
        TestDoor door = kit.open(DoorPlan.toUrls(dead.url(), live.url()));

        for (int i = 0; i < 6; i++) {
            assertThat(Ask.once(door, "session-" + i).body()).isEqualTo("GET /");
        }
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        int stream = http2.open(Ask.http2("GET", "/two", "x-session-id", "session-7"), true);
        assertThat(http2.awaitEnd(stream).data()).isEqualTo("GET /two");
        assertThat(door.vitals().sessions()).isEqualTo(7);
    }

    @Test
    void givesAnUploadToTheLiveInstanceWhole() {
        DeadInstance dead = kit.own(DeadInstance.refusing());
        RecordingInstance live = kit.instance();
        TestDoor door = kit.open(DoorPlan.toUrls(dead.url(), live.url()));
        String body = "0123456789".repeat(10_000);

        for (int i = 0; i < 2; i++) {
            Answer answer = kit.own(door.connect())
                    .send("POST /up" + i + " HTTP/1.1\r\nHost: a.test\r\n" + Ask.session("up-" + i)
                            + "Content-Length: 100000\r\n\r\n" + body)
                    .answer();
            assertThat(answer.status()).isEqualTo(200);
        }
        assertThat(live.requests()).hasSize(2).allMatch(seen -> seen.body().equals(body));
    }

    @Test
    void tells502WhereEveryInstanceIsDead() {
        DeadInstance one = kit.own(DeadInstance.refusing());
        DeadInstance two = kit.own(DeadInstance.refusing());
        TestDoor door = kit.open(DoorPlan.toUrls(one.url(), two.url()));

        assertThat(Told.by(Ask.once(door, "a"))).isEqualTo(Told.once(502, "instance-unreachable"));
        assertThat(door.vitals().sessions()).isZero();
    }

    @Test
    void tells502OverHttp2AndToRequestsWithoutASession() {
        DeadInstance dead = kit.own(DeadInstance.refusing());
        TestDoor door = kit.open(DoorPlan.toUrls(dead.url()).affinity());
        RawHttp2Client http2 = kit.own(door.connectHttp2());

        int stream = http2.open(Ask.http2("GET", "/"), true);
        assertThat(Told.by(http2.awaitEnd(stream)).reason()).isEqualTo("instance-unreachable");
        int upload = http2.open(Ask.http2("POST", "/"), false);
        http2.data(upload, "half a body", false);
        assertThat(Told.by(http2.awaitEnd(upload)).reason()).isEqualTo("instance-unreachable");
    }

    @Test
    void keepsASessionWhoseInstanceIsAwayAndGoesOnThere() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        assertThat(Ask.once(door, "a").status()).isEqualTo(200);

        instance.close();
        DeadInstance dead = kit.own(DeadInstance.refusingAt(instance.port()));
        for (int i = 0; i < 3; i++) {
            assertThat(Told.by(Ask.once(door, "a"))).isEqualTo(Told.later(503, "instance-unreachable"));
        }
        assertThat(door.vitals().sessions()).isEqualTo(1);

        dead.close();
        RecordingInstance again = kit.own(RecordingInstance.startAt(instance.port()));
        assertThat(Ask.once(door, "a").status()).isEqualTo(200);
        assertThat(again.awaitRequest().fields().first("X-Session-Id")).contains("a");
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void losesTheSessionsOfAnInstanceThatStaysAwayAndUsesItAnewWhenItComesBack() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool ->
                        pool.perInstance(1).lostAfter(Duration.ofMillis(1200)).queue(0, Duration.ofSeconds(1))));
        assertThat(Ask.once(door, "old").status()).isEqualTo(200);

        instance.close();
        DeadInstance dead = kit.own(DeadInstance.refusingAt(instance.port()));
        assertThat(Told.by(Ask.once(door, "old"))).isEqualTo(Told.later(503, "instance-unreachable"));
        Await.until(
                () -> Told.by(Ask.once(door, "old")).equals(Told.once(404, "session-lost")),
                () -> "the session is never lost");
        assertThat(door.vitals().sessions()).isZero();
        assertThat(Told.by(Ask.once(door, "new")).status()).isEqualTo(503);

        dead.close();
        kit.own(RecordingInstance.startAt(instance.port()));
        Await.until(() -> Ask.once(door, "new").status() == 200, () -> "the instance is never used again");
        assertThat(Told.by(Ask.once(door, "old"))).isEqualTo(Told.once(404, "session-lost"));
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void sendsNoNewSessionToAnInstanceForASecondAfterItRefused() {
        RecordingInstance first = kit.instance();
        RecordingInstance other = kit.instance();
        first.close();
        DeadInstance dead = kit.own(DeadInstance.refusingAt(first.port()));
        TestDoor door = kit.open(DoorPlan.toUrls(dead.url(), other.url())
                .main(pool -> pool.perInstance(100_000).idleTimeout(Duration.ofSeconds(30))));

        long before = System.nanoTime();
        assertThat(Ask.once(door, "a").status()).isEqualTo(200);
        assertThat(Ask.once(door, "b").status()).isEqualTo(200);
        dead.close();
        RecordingInstance back = kit.own(RecordingInstance.startAt(first.port()));
        AtomicInteger opened = new AtomicInteger();
        Await.until(
                () -> Ask.once(door, "c" + opened.incrementAndGet()).status() == 200
                        && !back.heads().isEmpty(),
                () -> "it gets no session ever again");
        assertThat(System.nanoTime() - before).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(999));
        assertThat(opened.get()).isGreaterThan(2);
    }
}
