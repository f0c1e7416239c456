package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An instance that was emptied and dies before it is empty. */
final class DrainedAndDeadTest {

    private static RedisProcess redis;

    @RegisterExtension
    final Invariants kit = new Invariants();

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    private static Answer send(int port, String request) {
        try (RawClient client = RawClient.to(port)) {
            return client.send(request).answer();
        }
    }

    private static Answer ask(TestDoor door) {
        return send(door.port(), "GET / HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: mine\r\n\r\n");
    }

    private static String reason(Answer answer) {
        return answer.status() == 200 ? "" : new JsonObject(answer.body()).getString("reason");
    }

    @Test
    void itsSessionsAreToldAsLostThoughOnlyOneNodeHadARequestForIt() {
        RecordingInstance instance = kit.instance();
        DoorPlan plan = DoorPlan.to(instance).redis(redis.url()).main(pool -> pool.lostAfter(Duration.ofSeconds(2)));
        TestDoor one = kit.open(plan).awaitReady();
        TestDoor idle = kit.open(plan).awaitReady();
        assertThat(ask(one).status()).isEqualTo(200);
        String drain = "POST /instances/127.0.0.1:" + instance.port() + "/drain HTTP/1.1\r\nHost: localhost\r\n\r\n";
        assertThat(send(idle.adminPort(), drain).status()).isEqualTo(200);
        instance.close();
        assertThat(reason(ask(one))).isEqualTo("instance-unreachable");
        Await.until(() -> reason(ask(one)).equals("session-lost"), () -> reason(ask(one)));
    }
}
