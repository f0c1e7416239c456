package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Line;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An instance that hangs up before it has said anything. */
final class HangUpTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    /** Answers the first request of each connection, and hangs up when it has read the second. */
    private static final class OneAnswerEach implements Script {

        private final Set<Integer> used = ConcurrentHashMap.newKeySet();

        @Override
        public void play(SeenRequest request, Line line) throws IOException {
            if (used.add(request.connection())) {
                Script.echo().play(request, line);
            } else {
                line.close();
            }
        }
    }

    @Test
    void tells502AndAsksNobodyTwiceWhenAFreshConnectionIsHungUp() {
        RecordingInstance instance = kit.instance().answering(Script.rawThenClose(""));
        TestDoor door = kit.open(DoorPlan.to(instance));

        assertThat(Told.by(Ask.once(door, "a"))).isEqualTo(Told.once(502, "instance-broken"));
        assertThat(instance.heads()).hasSize(1);
        instance.answering(Script.rawThenReset(""));
        assertThat(Told.by(Ask.once(door, "a"))).isEqualTo(Told.once(502, "instance-broken"));
        assertThat(instance.heads()).hasSize(2);
        instance.awaitConnections(0);
        Ask.awaitLogged(door, "\"status\":502", "\"reason\":\"instance-broken\"");
    }

    @Test
    void tells502OverHttp2AndGoesOnWithTheOtherStreams() {
        RecordingInstance instance = kit.instance().answering(Script.rawThenReset(""));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawHttp2Client client = kit.own(door.connectHttp2());

        assertThat(Told.by(client.awaitEnd(client.open(Ask.http2("GET", "/broken"), true))))
                .isEqualTo(Told.once(502, "instance-broken"));
        instance.answering(Script.echo());
        assertThat(client.awaitEnd(client.open(Ask.http2("GET", "/sound"), true))
                        .data())
                .isEqualTo("GET /sound");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "OPTIONS", "DELETE"})
    void asksOnceMoreWhenAKeptConnectionWentStale(String method) {
        RecordingInstance instance = kit.instance().answering(new OneAnswerEach());
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect());

        assertThat(client.get("/first").answer().body()).isEqualTo("GET /first");
        awaitKept(door, 1);
        client.send(method + " /again HTTP/1.1\r\nHost: a.test\r\n\r\n");
        assertThat(client.answer().body()).isEqualTo(method + " /again");
        assertThat(instance.heads())
                .extracting(Object::toString)
                .containsExactly("GET /first", method + " /again", method + " /again");
    }

    @Test
    void neverAsksMoreThanTwiceAlsoWhenEachKeptConnectionGoesStale() {
        RecordingInstance instance = kit.instance().answering(new OneAnswerEach());
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.connections(1)));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            clients.add(kit.own(door.connect()));
        }
        for (int i = 0; i < 40; i++) {
            clients.get(i).get("/" + i);
        }
        assertThat(clients).allMatch(client -> client.answer().status() == 200);
        Map<String, Long> asked =
                instance.heads().stream().collect(Collectors.groupingBy(Object::toString, Collectors.counting()));
        assertThat(asked).hasSize(40).allSatisfy((request, times) -> assertThat(times)
                .isBetween(1L, 2L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /act HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\nbody",
                "POST /act HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n",
                "PUT /act HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\nbody",
                "POST /act HTTP/1.1\r\nHost: a.test\r\n\r\n",
                "PATCH /act HTTP/1.1\r\nHost: a.test\r\n\r\n"
            })
    void neverSendsTwiceWhatMayHaveBeenDone(String request) {
        RecordingInstance instance = kit.instance().answering(new OneAnswerEach());
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect());

        client.get("/first").answer();
        awaitKept(door, 1);
        client.send(request);
        assertThat(Told.by(client.answer())).isEqualTo(Told.once(502, "instance-broken"));
        assertThat(instance.heads())
                .filteredOn(head -> head.target().equals("/act"))
                .hasSize(1);
        assertThat(client.get("/next").answer().status()).isEqualTo(200);
    }

    @Test
    void forgetsAKeptConnectionThatTheInstanceClosed() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect());

        for (int i = 0; i < 5; i++) {
            client.send("POST /p HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\nbody");
            assertThat(client.answer().status()).isEqualTo(200);
            awaitKept(door, 1);
            instance.resetAll();
            awaitKept(door, 0);
        }
        assertThat(instance.requests()).hasSize(5);
    }

    /** What is kept is counted ten times a second. */
    private static void awaitKept(TestDoor door, int count) {
        Await.until(
                () -> door.vitals().keptOutbound() == count, () -> door.vitals().toString());
    }
}
