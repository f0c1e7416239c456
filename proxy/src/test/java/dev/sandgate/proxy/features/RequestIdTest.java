package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One id per request, the same for the client, the instance and the log; and requests that went in a circle. */
final class RequestIdTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private TestDoor door;

    @BeforeEach
    void open() {
        instance = kit.instance();
        door = kit.open(DoorPlan.to(instance));
    }

    /** The id of the answer, once the instance and the log have it too. */
    private String id(String... lines) {
        instance.forget();
        Answer answer = kit.own(door.connect()).get("/x", lines).answer();
        assertThat(answer.fields().all("X-Request-Id")).hasSize(1);
        String id = answer.fields().first("X-Request-Id").orElseThrow();
        assertThat(instance.awaitRequest().fields().all("X-Request-Id")).containsExactly(id);
        Await.until(
                () -> door.accessLog().stream()
                        .anyMatch(line -> new JsonObject(line).getString("id").equals(id)),
                () -> "no line for " + id + " in " + door.accessLog());
        return id;
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7f.3-B_9", "550e8400-e29b-41d4-a716-446655440000"})
    void aWellFormedIdOfTheClientIsKept(String given) {
        assertThat(id("X-Request-Id: " + given + "\r\n")).isEqualTo(given);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with blank", "a\"b", "a,b", "<x>", "a/b"})
    void anyOtherIsReplaced(String given) {
        assertThat(id("X-Request-Id: " + given + "\r\n")).matches("[0-9a-f]{16}");
    }

    @Test
    void anIdThatIsTooLongIsReplaced() {
        assertThat(id("X-Request-Id: " + "a".repeat(128) + "\r\n")).hasSize(128);
        assertThat(id("X-Request-Id: " + "a".repeat(129) + "\r\n")).hasSize(16);
    }

    @Test
    void idsOfOurMakingAreAllDifferent() {
        Set<String> ids = new HashSet<>();
        for (int round = 0; round < 8; round++) {
            ids.add(id());
        }
        assertThat(ids).hasSize(8).allMatch(made -> made.matches("[0-9a-f]{16}"));
    }

    @Test
    void theInstanceCannotChangeIt() {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nX-Request-Id: other\r\nContent-Length: 0\r\n\r\n"));
        assertThat(id("X-Request-Id: mine\r\n")).isEqualTo("mine");
    }

    @Test
    void aRefusalHasOneToo() {
        Answer answer =
                kit.own(door.connect()).get("/..", "X-Request-Id: mine\r\n").answer();

        assertThat(answer.fields().all("X-Request-Id")).containsExactly("mine");
        assertThat(new JsonObject(answer.body()).getString("requestId")).isEqualTo("mine");
    }

    @Test
    void aDoorThatIsItsOwnInstanceSaysSo() {
        TestDoor circle = door;
        instance.answering((request, line) -> {
            try (RawClient again = circle.connect()) {
                again.send("GET " + request.target() + " HTTP/1.1\r\nHost: a.test\r\nVia: "
                        + String.join(", ", request.fields().all("Via")) + "\r\nConnection: close\r\n\r\n");
                line.send(again.bytesToTheEnd());
                line.close();
            }
        });
        Answer answer =
                kit.own(circle.connect()).get("/x", "Via: 1.1 elsewhere\r\n").answer();

        assertThat(answer.status()).isEqualTo(508);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("loop-detected");
        assertThat(instance.requests()).hasSize(1);
    }

    @Test
    void anotherDoorInTheWayIsNoCircle() {
        TestDoor outer = kit.open(DoorPlan.toUrls(java.net.URI.create("http://127.0.0.1:" + door.port())));
        Answer answer =
                kit.own(outer.connect()).get("/x", "X-Request-Id: through\r\n").answer();

        assertThat(answer.body()).isEqualTo("GET /x");
        assertThat(answer.fields().all("X-Request-Id")).containsExactly("through");
        assertThat(answer.fields().all("Via")).hasSize(2).doesNotHaveDuplicates();
        assertThat(instance.awaitRequest().fields().all("Via")).hasSize(2).doesNotHaveDuplicates();
    }
}
