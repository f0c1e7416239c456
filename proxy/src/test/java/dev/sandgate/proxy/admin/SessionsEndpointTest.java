package dev.sandgate.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.DemoSandbox;
import dev.sandgate.bench.sandbox.SandboxOptions;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions as an operator sees and ends them. */
final class SessionsEndpointTest {

    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private static Answer use(TestDoor door, String path, String id) {
        try (RawClient client = door.connect()) {
            return client.get(path, "X-Session-Id: " + id + "\r\n").answer();
        }
    }

    private static void openMany(TestDoor door, String path, String prefix, int count) {
        try (RawClient client = door.connect()) {
            for (int number = 0; number < count; number++) {
                Answer answer = client.get(path, "X-Session-Id: " + prefix + number + "\r\n")
                        .answer();
                assertThat(answer.status()).isEqualTo(200);
            }
        }
    }

    private static String only(List<JsonObject> sessions) {
        assertThat(sessions).hasSize(1);
        return sessions.get(0).getString("id");
    }

    private static String lastLogged(TestDoor door, int lines) {
        Await.until(() -> door.accessLog().size() >= lines, () -> "lines: " + door.accessLog());
        return new JsonObject(door.accessLog().get(lines - 1)).getString("session");
    }

    @Test
    void aSessionIsCalledAsInTheAccessLogAndToldAsItIs() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        Operator operator = Operator.of(door);
        assertThat(operator.json("/sessions").encode()).isEqualTo("{\"sessions\":[]}");
        use(door, "/x", "mine");

        List<JsonObject> sessions = operator.sessions("");
        String name = only(sessions);
        assertThat(name).matches("[0-9a-f]{16}").isEqualTo(lastLogged(door, 1));
        JsonObject session = sessions.get(0);
        assertThat(session.getString("pool")).isEqualTo("main");
        assertThat(session.getString("instance")).isEqualTo("127.0.0.1:" + instance.port());
        assertThat(session.getString("incarnation")).isNotBlank();
        assertThat(session.getString("source")).isEqualTo("header");
        assertThat(session.getLong("generation")).isPositive();
        assertThat(session.getLong("ageSeconds")).isBetween(0L, 60L);
        assertThat(session.getLong("idleSeconds")).isBetween(0L, 60L);
        assertThat(session.getLong("leftSeconds")).as("unused so far").isBetween(0L, 30L);
        assertThat(session.getInteger("underWay")).isZero();
        assertThat(operator.json("/sessions/" + name).getString("id")).isEqualTo(name);
        for (String unknown : List.of("0123456789abcdef", "mine", name + "0", "%20", "x".repeat(500))) {
            Operator.refused(operator.get("/sessions/" + unknown), 404, "session-unknown");
            Operator.refused(operator.ask("DELETE", "/sessions/" + unknown), 404, "session-unknown");
        }
    }

    @Test
    void theSameIdInTwoPoolsOrOfTwoSourcesIsTwoSessions() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .pool(PoolPlan.of("other", kit.instance()))
                .route("/other", "other", HEADER, new AffinityConfig.Query("s")));
        use(door, "/x", "mine");
        use(door, "/other", "mine");
        try (RawClient client = door.connect()) {
            client.get("/other?s=mine").answer();
        }
        assertThat(Operator.of(door).sessions(""))
                .extracting(session -> session.getString("id"))
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    @Test
    void pagesThroughAllSessionsWithoutAMissOrADouble() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .main(pool -> pool.perInstance(500))
                .pool(PoolPlan.of("other", kit.instance()).perInstance(500))
                .route("/other", "other", HEADER));
        openMany(door, "/x", "a", 150);
        openMany(door, "/other", "b", 100);
        Operator operator = Operator.of(door);
        Set<String> seen = new HashSet<>();
        List<Integer> sizes = new ArrayList<>();
        String next = "";
        do {
            JsonObject page = operator.json("/sessions?limit=40" + next);
            List<JsonObject> sessions = Operator.list(page, "sessions");
            sizes.add(sessions.size());
            for (JsonObject session : sessions) {
                assertThat(seen.add(session.getString("id"))).as("twice").isTrue();
            }
            // what ends on a page that was seen moves nobody behind it
            operator.ask("DELETE", "/sessions/" + sessions.get(0).getString("id"));
            next = page.containsKey("next") ? "&after=" + page.getString("next") : "";
        } while (!next.isEmpty());

        assertThat(seen).hasSize(250);
        assertThat(sizes).containsExactly(40, 40, 40, 40, 40, 40, 10);
        assertThat(door.vitals().sessions()).isEqualTo(250 - sizes.size());
        assertThat(operator.sessions("")).hasSize(100);
        assertThat(operator.sessions("?limit=1000")).hasSize(250 - sizes.size());
        JsonObject exact = operator.json("/sessions?limit=" + (250 - sizes.size()));
        assertThat(exact.containsKey("next")).isFalse();
    }

    @Test
    void filtersByPoolInstanceAndSource() {
        RecordingInstance one = kit.instance();
        RecordingInstance two = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(one, two)
                .main(pool -> pool.perInstance(100))
                .pool(PoolPlan.of("other", kit.instance()))
                .route("/other", "other", new AffinityConfig.Query("s")));
        openMany(door, "/x", "a", 60);
        try (RawClient client = door.connect()) {
            client.get("/other?s=1").answer();
            client.get("/other?s=2").answer();
        }
        Operator operator = Operator.of(door);
        String first = "127.0.0.1:" + one.port();
        assertThat(operator.sessions("?pool=other")).hasSize(2);
        assertThat(operator.sessions("?source=query")).hasSize(2);
        assertThat(operator.sessions("?source=mcp")).isEmpty();
        assertThat(operator.sessions("?source=query&pool=main")).isEmpty();
        assertThat(operator.sessions("?instance=" + first))
                .hasSize(30)
                .allMatch(session -> session.getString("instance").equals(first));
        assertThat(operator.sessions("?instance=nobody")).isEmpty();

        JsonObject page = operator.json("/sessions?limit=20&instance=" + first);
        String rest = "?instance=" + first + "&after=" + page.getString("next");
        assertThat(Operator.list(page, "sessions")).hasSize(20);
        assertThat(operator.sessions(rest)).hasSize(10);
        assertThat(operator.sessions(rest + "&pool=main")).hasSize(10);
        assertThat(operator.sessions("?pool=other&after=" + page.getString("next")))
                .hasSize(2);
        String end = operator.json("/sessions?pool=other&limit=1").getString("next");
        assertThat(operator.sessions("?pool=main&after=" + end)).isEmpty();
        assertThat(operator.sessions("?after=" + end)).hasSize(1);
    }

    @Test
    void anEndedSessionFreesItsSlotAndItsIdBeginsAnew() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.perInstance(1).queue(0, Duration.ofMillis(50)))
                .debug());
        Operator operator = Operator.of(door);
        use(door, "/x", "first");
        assertThat(use(door, "/x", "second").status()).as("full").isEqualTo(503);
        String name = only(operator.sessions(""));

        Answer ended = operator.ask("DELETE", "/sessions/" + name);
        assertThat(ended.status()).isEqualTo(204);
        assertThat(ended.body()).isEmpty();
        Operator.refused(operator.ask("DELETE", "/sessions/" + name), 404, "session-unknown");
        Operator.refused(operator.get("/sessions/" + name), 404, "session-unknown");
        assertThat(operator.pool("main").getJsonObject("slots").getInteger("free"))
                .isEqualTo(1);
        Answer again = use(door, "/x", "first");
        assertThat(again.fields().all("X-Sandgate-Reason")).containsExactly("new");
        assertThat(only(operator.sessions(""))).isEqualTo(name);
    }

    @Test
    void theClientOfAnEndedSessionIsToldSoWhereItsIdMayNotComeBack() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).main(pool -> pool.reuseId(false)));
        Operator operator = Operator.of(door);
        use(door, "/x", "mine");
        operator.ask("DELETE", "/sessions/" + only(operator.sessions("")));

        Answer told = use(door, "/x", "mine");
        assertThat(told.status()).isEqualTo(404);
        assertThat(new JsonObject(told.body()).getString("reason")).isEqualTo("session-ended");
    }

    @Test
    void anMcpClientOfAnEndedSessionIsToldToBeginAnewAndDoes() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        kit.own(() -> Await.finished(vertx.close()));
        DemoSandbox sandbox = Await.finished(DemoSandbox.start(vertx, SandboxOptions.of("127.0.0.1", 0, "sandbox")));
        TestDoor door = kit.open(DoorPlan.toUrls(URI.create(sandbox.url()))
                .affinity(new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of())));
        McpWire client = McpWire.to(door.port()).open();
        Operator operator = Operator.of(door);
        String name = only(operator.sessions("?source=mcp"));
        assertThat(operator.ask("DELETE", "/sessions/" + name).status()).isEqualTo(204);

        McpAnswer told = client.call("count");
        assertThat(told.status()).isEqualTo(404);
        JsonObject error = new JsonObject(told.body()).getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32001);
        assertThat(error.getJsonObject("data").getString("reason")).isEqualTo("session-ended");
        McpWire anew = McpWire.to(door.port()).open();
        assertThat(anew.call("count").status()).isEqualTo(200);
        assertThat(only(operator.sessions(""))).isNotEqualTo(name);
    }

    @Test
    void anOpenStreamOfAnEndedSessionIsCut() {
        CountDownLatch never = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering((request, line) -> {
            line.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            line.send("9\r\ndata: 1\n\n\r\n");
            line.await(never);
        });
        kit.own(never::countDown);
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect());
        client.get("/x", "X-Session-Id: mine\r\n");
        client.bytesUntil("data: 1");
        Operator operator = Operator.of(door);
        List<JsonObject> sessions = operator.sessions("");
        assertThat(sessions.get(0).getInteger("underWay")).isEqualTo(1);

        operator.ask("DELETE", "/sessions/" + only(sessions));
        assertThat(client.bytesToTheEnd()).as("no end of a whole body").doesNotContain("0\r\n\r\n");
        Await.until(() -> !door.accessLog().isEmpty(), () -> "no line");
        assertThat(new JsonObject(door.accessLog().get(0)).getString("reason")).isEqualTo("session-ended");
        assertThat(operator.sessions("")).isEmpty();
    }

    @Test
    void aRequestOfAnEndedSessionThatHasNoAnswerYetIsRefused() {
        CountDownLatch never = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering(Script.after(never, Script.ok("late")));
        kit.own(never::countDown);
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect());
        client.get("/x", "X-Session-Id: mine\r\n");
        instance.awaitRequest();
        Operator operator = Operator.of(door);
        operator.ask("DELETE", "/sessions/" + only(operator.sessions("")));

        Answer told = client.answer();
        assertThat(told.status()).isEqualTo(404);
        assertThat(new JsonObject(told.body()).getString("reason")).isEqualTo("session-ended");
    }

    @Test
    void noAnswerHoldsASessionsId() {
        String planted = "planted5ecretSessionId";
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .admin("127.0.0.1", Optional.empty())
                .pool(PoolPlan.of("paths", kit.instance()))
                .route("/s", "paths", new AffinityConfig.Path("/s/")));
        use(door, "/x", planted);
        use(door, "/s/" + planted + "/x", "none");
        Operator operator = Operator.of(door);
        for (JsonObject session : operator.sessions("")) {
            operator.json("/sessions/" + session.getString("id"));
            operator.metrics();
            operator.ask("DELETE", "/sessions/" + session.getString("id"));
        }
        operator.get("/sessions/" + planted);
        operator.get("/pools");
        operator.get("/instances");
        operator.metrics();

        assertThat(operator.heard()).hasSizeGreaterThan(8).noneMatch(answer -> answer.contains(planted));
    }
}
