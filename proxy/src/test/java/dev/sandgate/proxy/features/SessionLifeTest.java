package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How sessions end, and what their clients are told. */
final class SessionLifeTest {

    private static final Duration SHORT = Duration.ofMillis(400);
    /** For an answer's head to come, also where the machine has other work. */
    private static final Duration LONG_ENOUGH = Duration.ofSeconds(2);

    private static final String ID = "X-Session-Id: mine\r\n";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeEach
    void start() {
        instance = kit.instance();
    }

    private static Answer ask(TestDoor door, String... lines) {
        try (RawClient client = door.connect()) {
            return client.get("/x", lines).answer();
        }
    }

    private static void awaitSessions(TestDoor door, int count) {
        Await.until(() -> door.vitals().sessions() == count, () -> door.vitals() + ", not " + count);
    }

    private static void refused(Answer answer, String reason) {
        assertThat(answer.status()).isEqualTo(404);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo(reason);
        assertThat(answer.fields().has("Retry-After")).isFalse();
    }

    /** A made id of this door, in its header line. */
    private static String made(TestDoor door) {
        return "X-Session-Id: " + ask(door).fields().first("X-Session-Id").orElseThrow() + "\r\n";
    }

    @Test
    void anIdleSessionExpiresAndSaysSo() {
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.idleTimeout(SHORT))
                .affinity(new AffinityConfig.Header("X-Session-Id", true)));
        String id = made(door);
        assertThat(ask(door, id).status()).isEqualTo(200);

        awaitSessions(door, 0);
        refused(ask(door, id), "session-expired");
        refused(ask(door, id), "session-expired");
    }

    @Test
    void aSessionInUseDoesNotExpire() {
        TestDoor door = kit.open(DoorPlan.to(instance).main(pool -> pool.idleTimeout(SHORT)));
        CountDownLatch event = new CountDownLatch(1);
        instance.answering((request, line) -> {
            if (request.target().equals("/late")) {
                line.await(event);
            }
            Script.echo().play(request, line);
        });
        RawClient client = kit.own(door.connect()).get("/late", ID);
        instance.awaitRequest();
        ask(door, "X-Session-Id: other\r\n");

        awaitSessions(door, 1);
        event.countDown();
        assertThat(client.answer().body()).isEqualTo("GET /late");
        awaitSessions(door, 0);
    }

    @Test
    void aSessionThatLivedLongEnoughEndsThoughItIsUsed() {
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.idleTimeout(Duration.ofMillis(900)).maxLifetime(Duration.ofSeconds(1)))
                .affinity(new AffinityConfig.Header("X-Session-Id", true)));
        String id = made(door);

        Await.until(() -> ask(door, id).status() == 404, () -> "it never ends");
        refused(ask(door, id), "session-expired");
        awaitSessions(door, 0);
    }

    @Test
    void anAnswerUnderWayIsCutWhenItsSessionHasLivedLongEnough() {
        TestDoor door = kit.open(
                DoorPlan.to(instance).main(pool -> pool.idleTimeout(LONG_ENOUGH).maxLifetime(LONG_ENOUGH)));
        instance.answering(Script.rawThenStall("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
        Answer cut = ask(door, ID);

        assertThat(cut.status()).isEqualTo(200);
        assertThat(cut.whole()).isFalse();
        instance.awaitConnections(0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anIdThatEndedOpensANewSessionWhereThePoolAllowsIt(boolean reuse) {
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.idleTimeout(SHORT).reuseId(reuse))
                .debug());
        assertThat(ask(door, ID).status()).isEqualTo(200);
        awaitSessions(door, 0);

        Answer again = ask(door, ID);
        if (reuse) {
            assertThat(again.fields().all("X-Sandgate-Reason")).containsExactly("new");
        } else {
            refused(again, "session-expired");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSessionOfALostInstanceIsLostHonestlyOrRebound(boolean generate) {
        for (OnLost rule : OnLost.values()) {
            RecordingInstance first = kit.instance();
            RecordingInstance second = kit.instance();
            TestDoor door = kit.open(DoorPlan.to(first, second)
                    .main(pool -> pool.onLost(rule).lostAfter(Duration.ZERO))
                    .affinity(new AffinityConfig.Header("X-Session-Id", generate))
                    .debug());
            Answer opened = ask(door, generate ? "" : ID);
            String id = generate
                    ? "X-Session-Id: " + opened.fields().first("X-Session-Id").orElseThrow() + "\r\n"
                    : ID;
            String home = opened.fields().first("X-Sandgate-Instance").orElseThrow();
            (home.endsWith(":" + first.port()) ? first : second).close();

            // the first requests after the loss are the ones that find out
            Await.until(() -> ask(door, id).status() < 500, () -> "it is never told");
            Answer after = ask(door, id);
            if (rule == OnLost.REJECT) {
                refused(after, "session-lost");
            } else {
                assertThat(after.status()).isEqualTo(200);
                assertThat(after.fields().first("X-Sandgate-Instance").orElseThrow())
                        .isNotEqualTo(home);
                assertThat(ask(door, id).fields().all("X-Sandgate-Reason")).containsExactly("kept");
            }
        }
    }

    @Test
    void aSessionWhoseInstanceIsAwayForAMomentIsKept() {
        RecordingInstance other = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance, other).debug());
        Answer opened = ask(door, ID);
        String home = opened.fields().first("X-Sandgate-Instance").orElseThrow();
        RecordingInstance gone = home.endsWith(":" + instance.port()) ? instance : other;
        gone.close();

        Answer away = ask(door, ID);
        assertThat(away.status()).isEqualTo(503);
        assertThat(new JsonObject(away.body()).getString("reason")).isEqualTo("instance-unreachable");
        assertThat(away.fields().has("Retry-After")).isTrue();
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }
}
