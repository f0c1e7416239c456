package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.conf.ConfigReader;
import dev.sandgate.conf.Reading;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

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
    void theQuickstartFileOpensADoorThatKeepsSessions(@TempDir Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        kit.own(() -> vertx.close().toCompletionStage().toCompletableFuture().get(8, TimeUnit.SECONDS));
        DemoSandbox one = sandbox(vertx, "one");
        DemoSandbox two = sandbox(vertx, "two");
        Path file = folder.resolve("quickstart.json");
        Files.writeString(
                file,
                Files.readString(Path.of("..", "conf", "quickstart.json"))
                        .replace("8080", "0")
                        .replace("9901", "0")
                        .replace("9001", Integer.toString(one.port()))
                        .replace("9002", Integer.toString(two.port())));
        Reading reading = new ConfigReader(Map.of()).read(file);
        assertThat(reading).isInstanceOf(Reading.Loaded.class);
        TestDoor door = kit.open(((Reading.Loaded) reading).config());

        Set<String> homes = new HashSet<>();
        for (int visitor = 0; visitor < 4; visitor++) {
            RawClient client = kit.own(door.connect());
            Answer first = client.get("/count").answer();
            String id = first.fields().first("X-Session-Id").orElseThrow();
            String home = first.fields().first("X-Sandgate-Instance").orElseThrow();
            homes.add(home);
            for (int count = 2; count <= 4; count++) {
                Answer next =
                        client.get("/count", "X-Session-Id: " + id + "\r\n").answer();
                assertThat(new JsonObject(next.body()).getInteger("count")).isEqualTo(count);
                assertThat(next.fields().first("X-Sandgate-Instance")).contains(home);
            }
        }
        assertThat(homes).hasSize(2);
        assertThat(one.sessions()).isEqualTo(2);
        assertThat(two.sessions()).isEqualTo(2);
        assertThat(admin(door, "/readyz").status()).isEqualTo(200);
    }

    private static DemoSandbox sandbox(Vertx vertx, String name) throws Exception {
        return DemoSandbox.start(vertx, "127.0.0.1", 0, name)
                .toCompletionStage()
                .toCompletableFuture()
                .get(8, TimeUnit.SECONDS);
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
