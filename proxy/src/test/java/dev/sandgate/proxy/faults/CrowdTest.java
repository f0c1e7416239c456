package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** More first requests at once than there is room for; the sandboxes count their sessions themselves. */
final class CrowdTest {

    private static final String EVENTS = "/events?n=0&every=60000";
    private static final Duration MAX_WAIT = Duration.ofMillis(2500);
    /** A thousand connections at once take their time where all run on one machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void placesAThousandSessionsAndLetsTheNextInWhenOneEnds() {
        Sandboxes sandboxes = kit.own(new Sandboxes(50, 20));
        // a session lives as long as its stream, and a second longer
        TestDoor door = kit.open(DoorPlan.toUrls(sandboxes.urls())
                .connections(2000, 2000)
                .waits(PATIENCE, PATIENCE)
                .main(pool -> pool.perInstance(20)
                        .idleTimeout(Duration.ofSeconds(1))
                        .queue(100, MAX_WAIT)
                        .connect(PATIENCE)
                        .connectionWait(PATIENCE)
                        .firstByte(PATIENCE)));
        List<RawClient> clients = IntStream.range(0, 1000)
                .mapToObj(i -> kit.own(door.connect()).patience(PATIENCE))
                .toList();
        IntStream.range(0, 1000).parallel().forEach(i -> clients.get(i).get(EVENTS, Ask.session("session-" + i)));
        clients.forEach(client -> assertThat(client.bytes(12)).isEqualTo("HTTP/1.1 200"));

        assertThat(door.vitals().sessions()).isEqualTo(1000);
        assertThat(sandboxes.sessions()).isEqualTo(1000);
        assertThat(sandboxes.list()).allMatch(sandbox -> sandbox.highestSessions() == 20);

        long before = System.nanoTime();
        assertThat(Told.by(Ask.once(door, "one-more"))).isEqualTo(Told.later(503, "pool-full"));
        assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(MAX_WAIT.toNanos());

        RawClient waiting = kit.own(door.connect()).get("/count", Ask.session("one-more"));
        leave(door, clients.get(500), "session-500");
        Answer answer = waiting.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(new JsonObject(answer.body()).getInteger("count")).isEqualTo(1);
        assertThat(sandboxes.list()).allMatch(sandbox -> sandbox.highestSessions() <= 20);
        clients.forEach(RawClient::reset);
    }

    /** Ends the session at its sandbox, then its stream: a second later the door forgets it too. */
    private void leave(TestDoor door, RawClient client, String session) {
        Answer ended = kit.own(door.connect())
                .send("DELETE /session HTTP/1.1\r\nHost: a.test\r\n" + Ask.session(session) + "\r\n")
                .answer();
        assertThat(ended.status()).isEqualTo(204);
        client.reset();
    }

    @Test
    void landsTwoFirstRequestsOfOneSessionOnOneInstance() {
        Sandboxes sandboxes = kit.own(new Sandboxes(4, 0));
        TestDoor door = kit.open(DoorPlan.toUrls(sandboxes.urls()).main(pool -> pool.perInstance(100)));
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            clients.add(kit.own(door.connect()));
        }
        for (int round = 0; round < 200; round++) {
            String session = Ask.session("round-" + round);
            clients.parallelStream().forEach(client -> client.get("/count", session));
            List<String> instances = clients.stream()
                    .map(RawClient::answer)
                    .map(answer -> new JsonObject(answer.body()).getString("instance"))
                    .distinct()
                    .toList();
            assertThat(instances).as("round " + round).hasSize(1);
        }
        assertThat(door.vitals().sessions()).isEqualTo(200);
        assertThat(sandboxes.sessions()).isEqualTo(200);
        assertThat(sandboxes.list()).extracting(DemoSandbox::sessions).containsOnly(50);
    }
}
