package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Far more first requests than slots, at two nodes at once. */
final class CrowdTest {

    private static final int INSTANCES = 5;
    private static final int CAP = 10;
    private static final int PER_NODE = 500;
    private static final int ROUNDS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient client =
            vertx.createHttpClient(new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(PER_NODE));
    private final List<RecordingInstance> instances = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        done(vertx.close());
    }

    /** What a client heard. */
    private record Heard(int status, String reason) {}

    @Test
    void getsExactlyTheSlotsThatThereAreAndNoInstanceHoldsMoreThanItsCap() throws Exception {
        IntStream.range(0, INSTANCES).forEach(i -> instances.add(kit.instance()));
        Nodes nodes = kit.nodes();
        TestDoor a = nodes.open(plan());
        TestDoor b = nodes.open(plan());
        for (int round = 0; round < ROUNDS; round++) {
            instances.forEach(RecordingInstance::forget);
            List<Future<Heard>> asked = new ArrayList<>();
            for (int i = 0; i < PER_NODE; i++) {
                asked.add(ask(a, round + "-a-" + i));
                asked.add(ask(b, round + "-b-" + i));
            }
            List<Heard> heard = done(Future.all(asked)).list();
            assertThat(heard.stream().filter(each -> each.status() == 200)).hasSize(INSTANCES * CAP);
            assertThat(heard.stream().filter(each -> each.status() != 200))
                    .allSatisfy(each -> assertThat(each.reason()).isEqualTo("pool-full"));
            for (RecordingInstance instance : instances) {
                Set<String> sessions = new HashSet<>();
                instance.requests()
                        .forEach(seen -> sessions.addAll(seen.fields().all("X-Session-Id")));
                assertThat(sessions).hasSize(CAP);
            }
            // each by a node that has served it
            assertThat(end(a) + end(b)).isEqualTo(INSTANCES * CAP);
        }
    }

    private DoorPlan plan() {
        return DoorPlan.to(instances.toArray(RecordingInstance[]::new))
                .main(pool -> pool.perInstance(CAP)
                        .queue(0, Duration.ZERO)
                        .connect(PATIENCE)
                        .firstByte(PATIENCE))
                .connections(4 * PER_NODE, 4 * PER_NODE)
                .waits(PATIENCE, PATIENCE)
                .withoutAccessLog();
    }

    private Future<Heard> ask(TestDoor door, String session) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(door.port())
                .setURI("/x")
                .putHeader("X-Session-Id", session);
        // in one step on the client's loop: an answer that nobody listens to yet is lost
        return client.request(options).compose(request -> request.send().compose(answer -> answer.body()
                .map(body -> new Heard(answer.statusCode(), reason(answer.statusCode(), body)))));
    }

    private static String reason(int status, Buffer body) {
        return status == 200 ? "" : body.toJsonObject().getString("reason");
    }

    private static long end(TestDoor door) {
        return new JsonObject(door.admin("GET", "/sessions?limit=1000").body())
                .getJsonArray("sessions").stream()
                        .map(JsonObject.class::cast)
                        .map(session -> door.admin("DELETE", "/sessions/" + session.getString("id")))
                        .filter(answer -> answer.status() == 204)
                        .count();
    }

    private static <T> T done(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
