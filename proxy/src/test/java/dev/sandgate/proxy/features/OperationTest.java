package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator sees: the admin listener, a config file that becomes a door, names that become instances. */
final class OperationTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private Answer admin(TestDoor door, String target) {
        try (RawClient client = RawClient.to(door.adminPort())) {
            return client.get(target).answer();
        }
    }

    @Test
    void aNodeIsAliveAndReady() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()));

        for (String target : List.of("/livez", "/readyz")) {
            Answer answer = admin(door, target);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.fields().first("Content-Type")).contains("application/json");
            assertThat(answer.fields().first("Cache-Control")).contains("no-store");
        }
        assertThat(new JsonObject(admin(door, "/livez").body()).getString("status"))
                .isEqualTo("alive");
        assertThat(new JsonObject(admin(door, "/readyz").body()).getString("status"))
                .isEqualTo("ready");
    }

    @Test
    void theAdminsPathsAreNotServedToClients() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));

        assertThat(kit.own(door.connect()).get("/livez").answer().body()).isEqualTo("GET /livez");
    }

    @Test
    void aNodeThatClosesIsAliveAndNotReadyAndFinishesWhatItHas() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance).shutdownTimeout(Duration.ofSeconds(20)));
        CountDownLatch event = new CountDownLatch(1);
        instance.answering(Script.after(event, Script.ok("late")));
        RawClient client = kit.own(door.connect()).get("/x");
        instance.awaitRequest();
        var closing = door.door().close();

        Await.until(() -> admin(door, "/readyz").status() == 503, () -> "still ready");
        assertThat(new JsonObject(admin(door, "/readyz").body()).getString("status"))
                .isEqualTo("stopping");
        assertThat(admin(door, "/livez").status()).isEqualTo(200);
        assertThat(closing.isComplete()).isFalse();
        event.countDown();
        assertThat(client.answer().body()).isEqualTo("late");
        Await.until(closing::isComplete, () -> "it never closes");
        assertThat(closing.succeeded()).isTrue();
    }

    @Test
    void aHostNameStandsForItsAddresses() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.toUrls(instance.urlAt("localhost")).debug());
        RawClient client = kit.own(door.connect());
        Set<String> homes = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            Answer answer = client.get("/x", "X-Session-Id: s\r\n").answer();
            assertThat(answer.status()).isEqualTo(200);
            homes.addAll(answer.fields().all("X-Sandgate-Instance"));
        }
        assertThat(homes).containsExactly("localhost:" + instance.port() + "@127.0.0.1");
    }

    @Test
    void aNameThatDoesNotResolveIsWarnedOfAndTheDoorOpens() throws IOException {
        kit.log().expect("no-such-host.invalid");
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.toUrls(URI.create("http://no-such-host.invalid:9"), instance.url())
                .pool(PoolPlan.named("nobody", URI.create("http://no-such-host.invalid:9")))
                .route("/nobody", "nobody"));

        assertThat(kit.log().heard()).anyMatch(line -> line.contains("cannot be resolved"));
        RawClient client = kit.own(door.connect());
        for (int round = 0; round < 3; round++) {
            assertThat(client.get("/x", "X-Session-Id: " + round + "\r\n")
                            .answer()
                            .status())
                    .isEqualTo(200);
        }
        Answer nobody = client.get("/nobody").answer();
        assertThat(nobody.status()).isEqualTo(503);
        assertThat(new JsonObject(nobody.body()).getString("reason")).isEqualTo("no-instance");
        assertThat(nobody.fields().has("Retry-After")).isTrue();
    }
}
