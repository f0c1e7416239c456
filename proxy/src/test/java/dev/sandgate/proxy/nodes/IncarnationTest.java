package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Static instances that tell which life of theirs it is. */
final class IncarnationTest {

    private static final String LIFE = "/life";
    private static RedisProcess redis;

    @RegisterExtension
    final Invariants kit = new Invariants();

    /** Where the table is. */
    enum Table {
        MEMORY,
        REDIS;

        DoorPlan in(DoorPlan plan) {
            return this == REDIS ? plan.redis(redis.url()) : plan;
        }
    }

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.say("FLUSHALL");
    }

    /** One that tells its life in a header and in a body, and otherwise what it is called. */
    private static RecordingInstance living(RecordingInstance instance, String life) {
        String body = "{\"boot\":{\"id\":\"" + life + "\"}}";
        String told = "HTTP/1.1 200 OK\r\nX-Life: " + life + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
        return instance.answering((request, line) -> {
            Script script = request.target().equals(LIFE) ? Script.raw(told) : Script.ok(life);
            script.play(request, line);
        });
    }

    private static DoorPlan plan(RecordingInstance instance, UnaryOperator<PoolPlan> incarnation) {
        return DoorPlan.to(instance).main(incarnation);
    }

    private static Answer ask(TestDoor door, String session) {
        try (RawClient client = door.connect()) {
            return client.get("/x", "X-Session-Id: " + session + "\r\n").answer();
        }
    }

    private static String incarnation(TestDoor door) {
        try (RawClient client = RawClient.to(door.adminPort())) {
            Answer answer = client.send("GET /instances HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer();
            return new JsonObject(answer.body())
                    .getJsonArray("instances").stream()
                            .map(JsonObject.class::cast)
                            .map(each -> each.getString("incarnation"))
                            .findFirst()
                            .orElse("none");
        }
    }

    private static void awaitIncarnation(TestDoor door, String expected) {
        Await.until(() -> incarnation(door).equals(expected), () -> incarnation(door));
    }

    @ParameterizedTest
    @EnumSource
    void isReadFromAHeaderBeforeTheInstanceIsUsed(Table table) {
        RecordingInstance instance = living(kit.instance(), "first");
        TestDoor door = kit.open(table.in(plan(instance, pool -> pool.incarnationInHeader("X-Life"))))
                .awaitReady();
        awaitIncarnation(door, "first");
        assertThat(ask(door, "a").body()).isEqualTo("first");
        assertThat(instance.requests().get(0).target()).isEqualTo(LIFE);
    }

    @ParameterizedTest
    @EnumSource
    void isReadFromAJsonBody(Table table) {
        RecordingInstance instance = living(kit.instance(), "first");
        TestDoor door = kit.open(table.in(plan(instance, pool -> pool.incarnationInBody("/boot/id"))))
                .awaitReady();
        awaitIncarnation(door, "first");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 503 Busy\r\nX-Life: a\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Life: a\r\nX-Life: b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Life: a b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nX-Life:\r\nContent-Length: 0\r\n\r\n"
            })
    void isAwaitedWhereTheInstanceDoesNotTellIt(String told) {
        RecordingInstance instance = kit.instance().answering(Script.raw(told));
        TestDoor door = kit.open(plan(
                        instance, pool -> pool.incarnationInHeader("X-Life").queue(0, java.time.Duration.ZERO)))
                .awaitReady();
        instance.awaitRequest();
        assertThat(ask(door, "a").status()).isEqualTo(503);
        assertThat(instance.requests())
                .allSatisfy(seen -> assertThat(seen.target()).isEqualTo(LIFE));
        living(instance, "at-last");
        awaitIncarnation(door, "at-last");
        assertThat(ask(door, "a").body()).isEqualTo("at-last");
    }

    @ParameterizedTest
    @EnumSource
    void ofARestartedInstanceIsAnotherAndItsSessionsAreLost(Table table) {
        RecordingInstance instance = living(kit.instance(), "first");
        TestDoor door = kit.open(table.in(plan(instance, pool -> pool.incarnationInHeader("X-Life"))))
                .awaitReady();
        awaitIncarnation(door, "first");
        assertThat(ask(door, "a").body()).isEqualTo("first");

        instance.close();
        living(kit.own(RecordingInstance.startAt(instance.port())), "second");

        // no request of the old session ever reaches the new life, whoever is first to notice
        Answer answer = ask(door, "a");
        while (answer.status() == 503 || answer.status() == 502) {
            answer = ask(door, "a");
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(404);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("session-lost");
        assertThat(ask(door, "b").body()).isEqualTo("second");
    }

    @Test
    void isNoticedByEachNodeAndTheSessionIsLostOnBoth() {
        RecordingInstance instance = living(kit.instance(), "first");
        List<TestDoor> doors = List.of(
                kit.open(Table.REDIS.in(plan(instance, pool -> pool.incarnationInHeader("X-Life"))))
                        .awaitReady(),
                kit.open(Table.REDIS.in(plan(instance, pool -> pool.incarnationInHeader("X-Life"))))
                        .awaitReady());
        doors.forEach(door -> awaitIncarnation(door, "first"));
        doors.forEach(door -> assertThat(ask(door, "a").body()).isEqualTo("first"));

        living(instance, "second");

        doors.forEach(door -> awaitIncarnation(door, "second"));
        doors.forEach(door -> assertThat(ask(door, "a").status()).isEqualTo(404));
        assertThat(ask(doors.get(0), "b").body()).isEqualTo("second");
        assertThat(ask(doors.get(1), "b").body()).isEqualTo("second");
    }
}
