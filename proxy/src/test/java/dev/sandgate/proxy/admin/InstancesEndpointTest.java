package dev.sandgate.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pools and instances as an operator sees and drains them. */
final class InstancesEndpointTest {

    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private static Answer use(TestDoor door, String path, String id) {
        try (RawClient client = door.connect()) {
            return client.get(path, "X-Session-Id: " + id + "\r\n").answer();
        }
    }

    private static String id(RecordingInstance instance) {
        return "127.0.0.1:" + instance.port();
    }

    private static String home(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.fields().first("X-Sandgate-Instance").orElseThrow();
    }

    @Test
    void tellsEachPoolInTheFilesOrder() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance(), kit.instance())
                .main(pool -> pool.perInstance(4).queue(7, Duration.ofSeconds(1)))
                .pool(PoolPlan.of("a-second", kit.instance()))
                .route("/second", "a-second", HEADER));
        use(door, "/x", "1");
        use(door, "/x", "2");
        use(door, "/x", "3");

        assertThat(Operator.of(door).json("/pools").encode()).isEqualTo("""
                        {"pools":[{"name":"main","source":"static","placement":"least-sessions",\
                        "instances":{"ready":2,"cooling":0,"draining":0},"slots":{"used":3,"free":5,"closed":0},\
                        "sessions":3,"reservations":0,"queue":{"waiting":0,"max":7}},\
                        {"name":"a-second","source":"static","placement":"least-sessions",\
                        "instances":{"ready":1,"cooling":0,"draining":0},"slots":{"used":0,"free":10,"closed":0},\
                        "sessions":0,"reservations":0,"queue":{"waiting":0,"max":10}}]}""");
    }

    @Test
    void tellsEachInstance() {
        RecordingInstance one = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(one, kit.instance())
                .pool(PoolPlan.of("second", kit.instance()))
                .route("/second", "second", HEADER));
        use(door, "/x", "1");
        Operator operator = Operator.of(door);

        assertThat(operator.instances("")).hasSize(3);
        assertThat(operator.instances("?pool=second")).hasSize(1);
        JsonObject first = operator.instances("?pool=main").get(0);
        assertThat(first.getString("id")).isEqualTo(id(one));
        assertThat(first.getString("pool")).isEqualTo("main");
        assertThat(first.getString("state")).isEqualTo("ready");
        assertThat(first.getString("address")).isEqualTo(id(one));
        assertThat(first.getString("incarnation")).isNotBlank();
        assertThat(first.getInteger("cap")).isEqualTo(10);
        assertThat(operator.instances("?pool=main"))
                .extracting(instance -> instance.getInteger("used"))
                .containsExactlyInAnyOrder(0, 1);
        assertThat(operator.instances(""))
                .allMatch(instance -> instance.getInteger("free") == 10 - instance.getInteger("used"));
    }

    @Test
    void aDrainingInstanceKeepsItsSessionsAndGetsNoNewOne() {
        RecordingInstance one = kit.instance();
        RecordingInstance two = kit.instance();
        TestDoor door =
                kit.open(DoorPlan.to(one, two).main(pool -> pool.perInstance(8)).debug());
        Operator operator = Operator.of(door);
        for (int session = 0; session < 4; session++) {
            use(door, "/x", "old" + session);
        }
        Answer drained = operator.ask("POST", "/instances/" + id(one) + "/drain");

        JsonObject told = Operator.json(drained);
        assertThat(told.getString("state")).isEqualTo("draining");
        assertThat(told.getInteger("used")).isEqualTo(2);
        assertThat(told.getInteger("free")).isZero();
        for (int session = 0; session < 6; session++) {
            assertThat(home(use(door, "/x", "new" + session))).isEqualTo(id(two));
        }
        int stayed = 0;
        for (int session = 0; session < 4; session++) {
            Answer answer = use(door, "/x", "old" + session);
            assertThat(answer.fields().all("X-Sandgate-Reason")).containsExactly("kept");
            stayed += home(answer).equals(id(one)) ? 1 : 0;
        }
        assertThat(stayed).isEqualTo(2);
        assertThat(operator.pool("main").getJsonObject("instances").encode())
                .isEqualTo("{\"ready\":1,\"cooling\":0,\"draining\":1}");
        assertThat(operator.pool("main").getJsonObject("slots").encode())
                .isEqualTo("{\"used\":10,\"free\":0,\"closed\":6}");
        assertThat(use(door, "/x", "too-many").status()).isEqualTo(503);
    }

    @Test
    void drainingTwiceIsDrainingOnceAndCanBeUndone() {
        RecordingInstance one = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(one)
                .main(pool -> pool.queue(0, Duration.ofMillis(50)))
                .debug());
        Operator operator = Operator.of(door);
        String drain = "/instances/" + id(one) + "/drain";
        for (int time = 0; time < 2; time++) {
            assertThat(Operator.json(operator.ask("POST", drain)).getString("state"))
                    .isEqualTo("draining");
        }
        Answer none = use(door, "/x", "1");
        assertThat(new JsonObject(none.body()).getString("reason")).isEqualTo("no-instance");
        for (int time = 0; time < 2; time++) {
            JsonObject told = Operator.json(operator.ask("DELETE", drain));
            assertThat(told.getString("state")).isEqualTo("ready");
            assertThat(told.getInteger("cap")).isEqualTo(10);
        }
        assertThat(home(use(door, "/x", "1"))).isEqualTo(id(one));
    }

    @Test
    void whoWaitsInTheQueueGetsTheSlotsOfAnInstanceThatDrainsNoMore() {
        RecordingInstance one = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(one).main(pool -> pool.queue(10, Duration.ofSeconds(20))));
        Operator operator = Operator.of(door);
        String drain = "/instances/" + id(one) + "/drain";
        operator.ask("POST", drain);
        RawClient waiting = kit.own(door.connect());
        waiting.get("/x", "X-Session-Id: 1\r\n");
        Await.until(() -> door.vitals().queued() == 1, () -> "nobody waits: " + door.vitals());
        assertThat(operator.pool("main").getJsonObject("queue").getInteger("waiting"))
                .isEqualTo(1);
        assertThat(operator.metrics().sum("sandgate_queue_waiting", "pool", "main"))
                .isEqualTo(1);

        operator.ask("DELETE", drain);
        assertThat(waiting.answer().status()).isEqualTo(200);
    }

    @Test
    void anInstanceOfTwoPoolsIsDrainedInTheOneThatIsNamed() {
        RecordingInstance shared = kit.instance();
        TestDoor door =
                kit.open(DoorPlan.to(shared).pool(PoolPlan.of("second", shared)).route("/second", "second", HEADER));
        Operator operator = Operator.of(door);
        String drain = "/instances/" + id(shared) + "/drain";

        Answer which = operator.ask("POST", drain);
        Operator.refused(which, 409, "instance-ambiguous");
        assertThat(new JsonObject(which.body()).getString("detail")).contains("main, second");
        assertThat(Operator.json(operator.ask("POST", drain + "?pool=second")).getString("pool"))
                .isEqualTo("second");
        assertThat(operator.instances("?pool=main").get(0).getString("state")).isEqualTo("ready");
        assertThat(operator.instances("?pool=second").get(0).getString("state")).isEqualTo("draining");
        Operator.refused(operator.ask("POST", "/instances/none:1/drain?pool=main"), 404, "instance-unknown");
        Operator.refused(operator.ask("POST", drain + "?pool=none"), 400, "parameter-invalid");
    }

    @Test
    void anIdIsWrittenInAPathWithOrWithoutEscapes() {
        RecordingInstance one = kit.instance();
        TestDoor door = kit.open(DoorPlan.toUrls(one.urlAt("localhost")));
        Operator operator = Operator.of(door);
        List<JsonObject> instances = operator.instances("");
        assertThat(instances).isNotEmpty();
        for (JsonObject instance : instances) {
            String id = instance.getString("id");
            assertThat(id).startsWith("localhost:" + one.port() + "@");
            String escaped = URLEncoder.encode(id, StandardCharsets.UTF_8);
            assertThat(escaped).contains("%3A").contains("%40");
            assertThat(Operator.json(operator.ask("POST", "/instances/" + escaped + "/drain"))
                            .getString("state"))
                    .isEqualTo("draining");
            assertThat(Operator.json(operator.ask("DELETE", "/instances/" + id + "/drain"))
                            .getString("state"))
                    .isEqualTo("ready");
        }
    }

    @Test
    void anInstanceThatNobodyReachesIsToldAsCooling() {
        DeadInstance dead = kit.own(DeadInstance.refusing());
        TestDoor door = kit.open(DoorPlan.toUrls(dead.url()));
        Operator operator = Operator.of(door);
        assertThat(use(door, "/x", "1").status()).isEqualTo(502);
        Await.until(
                () -> operator.instances("").get(0).getString("state").equals("cooling"),
                () -> operator.instances("").toString());
        JsonObject slots = operator.pool("main").getJsonObject("slots");
        assertThat(slots.getInteger("free") + slots.getInteger("closed")).isEqualTo(10);
    }
}
