package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Line;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.SeenHead;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to instances are used again, and one that went stale meanwhile is nobody's misfortune. */
final class KeptConnectionTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final AtomicBoolean stale = new AtomicBoolean();
    private RecordingInstance instance;
    private RawClient client;

    @BeforeEach
    void open() {
        instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        client = kit.own(door.connect());
    }

    /** Hangs up on the next head that comes on a connection which served before. */
    private void goStale(boolean reset) {
        assertThat(client.get("/first").answer().status()).isEqualTo(200);
        stale.set(true);
        instance.onHead((head, line) -> hangUpOnce(head, line, reset));
    }

    private void hangUpOnce(SeenHead head, Line line, boolean reset) throws IOException {
        if (head.connection() == 1 && stale.getAndSet(false)) {
            if (reset) {
                line.reset();
            } else {
                line.close();
            }
        }
    }

    @Test
    void manyRequestsNeedOneConnection() {
        for (int round = 0; round < 10; round++) {
            assertThat(client.get("/" + round).answer().status()).isEqualTo(200);
        }
        assertThat(instance.accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestThatMayBeRepeatedGoesOutOnceMoreWhereItsConnectionHadGoneStale(boolean reset) {
        goStale(reset);

        assertThat(client.get("/second").answer().body()).isEqualTo("GET /second");
        assertThat(instance.accepted()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"false, POST", "true, POST", "true, PATCH"})
    void aRequestThatMayNotBeRepeatedIsSentOnce(boolean reset, String method) {
        goStale(reset);
        client.send(method + " /second HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
        Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(502);
        assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("instance-broken");
        assertThat(instance.heads())
                .filteredOn(head -> head.target().equals("/second"))
                .hasSize(1);
        assertThat(client.get("/third").answer().body()).isEqualTo("GET /third");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFreshConnectionThatHangsUpIsNotTriedAgain(boolean reset) {
        stale.set(true);
        instance.onHead((head, line) -> hangUpOnce(head, line, reset));

        assertThat(client.get("/first").answer().status()).isEqualTo(502);
        assertThat(instance.heads()).hasSize(1);
    }
}
