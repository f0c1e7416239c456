package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Static instances that tell which life of theirs it is. */
final class IncarnationTest {

    private static final String LIFE = "/life";

    @RegisterExtension
    final Invariants kit = new Invariants();

    /** Where the table is. */
    enum Table {
        MEMORY,
        REDIS
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

    private TestDoor open(Table table, RecordingInstance instance) {
        return open(table, instance, pool -> pool.incarnationInHeader("X-Life"));
    }

    private TestDoor open(Table table, RecordingInstance instance, UnaryOperator<PoolPlan> incarnation) {
        DoorPlan plan = DoorPlan.to(instance).main(incarnation);
        return table == Table.REDIS ? kit.nodes().open(plan) : kit.open(plan).awaitReady();
    }

    private static String incarnation(TestDoor door) {
        return door.instances().stream()
                .map(each -> each.getString("incarnation"))
                .findFirst()
                .orElse("none");
    }

    private static void awaitIncarnation(TestDoor door, String expected) {
        Await.until(() -> incarnation(door).equals(expected), () -> incarnation(door));
    }

    @ParameterizedTest
    @EnumSource
    void isReadFromAHeaderBeforeTheInstanceIsUsed(Table table) {
        RecordingInstance instance = living(kit.instance(), "first");
        TestDoor door = open(table, instance);
        awaitIncarnation(door, "first");
        assertThat(door.ask("a").body()).isEqualTo("first");
        assertThat(instance.requests().get(0).target()).isEqualTo(LIFE);
    }

    @ParameterizedTest
    @EnumSource
    void isReadFromAJsonBody(Table table) {
        RecordingInstance instance = living(kit.instance(), "first");
        TestDoor door = open(table, instance, pool -> pool.incarnationInBody("/boot/id"));
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
        TestDoor door = open(Table.MEMORY, instance, pool -> pool.incarnationInHeader("X-Life")
                .queue(0, Duration.ZERO));
        instance.awaitRequest();
        assertThat(door.ask("a").status()).isEqualTo(503);
        assertThat(instance.requests())
                .allSatisfy(seen -> assertThat(seen.target()).isEqualTo(LIFE));
        living(instance, "at-last");
        awaitIncarnation(door, "at-last");
        assertThat(door.ask("a").body()).isEqualTo("at-last");
    }

    @ParameterizedTest
    @EnumSource
    void ofARestartedInstanceIsAnotherAndItsSessionsAreLost(Table table) {
        RecordingInstance instance = living(kit.instance(), "first");
        TestDoor door = open(table, instance);
        awaitIncarnation(door, "first");
        assertThat(door.ask("a").body()).isEqualTo("first");

        instance.close();
        living(kit.own(RecordingInstance.startAt(instance.port())), "second");

        // no request of the old session ever reaches the new life, whoever is first to notice
        Answer answer = door.ask("a");
        while (answer.status() == 503 || answer.status() == 502) {
            answer = door.ask("a");
        }
        assertThat(answer.status()).as(answer.body()).isEqualTo(404);
        assertThat(answer.refusal()).isEqualTo("session-lost");
        assertThat(door.ask("b").body()).isEqualTo("second");
    }

    @Test
    void isNoticedByEachNodeAndTheSessionIsLostOnBoth() {
        RecordingInstance instance = living(kit.instance(), "first");
        DoorPlan plan = DoorPlan.to(instance).main(pool -> pool.incarnationInHeader("X-Life"));
        Nodes nodes = kit.nodes();
        List<TestDoor> doors = List.of(nodes.open(plan), nodes.open(plan));
        doors.forEach(door -> awaitIncarnation(door, "first"));
        doors.forEach(door -> assertThat(door.ask("a").body()).isEqualTo("first"));

        living(instance, "second");

        doors.forEach(door -> awaitIncarnation(door, "second"));
        doors.forEach(door -> assertThat(door.ask("a").status()).isEqualTo(404));
        assertThat(doors.get(0).ask("b").body()).isEqualTo("second");
        assertThat(doors.get(1).ask("b").body()).isEqualTo("second");
    }
}
