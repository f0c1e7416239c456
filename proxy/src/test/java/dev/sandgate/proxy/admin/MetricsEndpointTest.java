package dev.sandgate.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.request.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is counted, and how it is told to Prometheus. */
final class MetricsEndpointTest {

    private static final AffinityConfig HEADER = new AffinityConfig.Header("X-Session-Id", false);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private static void use(TestDoor door, String path, String id) {
        try (RawClient client = door.connect()) {
            client.get(path, "X-Session-Id: " + id + "\r\n").answer();
        }
    }

    private static PrometheusText atRest(TestDoor door) {
        Await.until(() -> door.vitals().atRest(), () -> "no rest: " + door.vitals());
        return Operator.of(door).metrics();
    }

    @Test
    void countsEveryRequestOnceByRouteAndReason() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance())
                .at("/x")
                .main(pool -> pool.perInstance(2).queue(0, Duration.ofMillis(50)))
                .pool(PoolPlan.named("dead", kit.own(DeadInstance.refusing()).url()))
                .pool(PoolPlan.of("spread", kit.instance()))
                .pool(PoolPlan.of(
                        "broken", kit.instance().answering(Script.raw("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"))))
                .route("/dead", "dead", HEADER)
                .route("/spread", "spread")
                .route("/broken", "broken"));
        for (int time = 0; time < 5; time++) {
            use(door, "/x", "one");
        }
        use(door, "/x", "two");
        use(door, "/x", "three");
        use(door, "/dead", "one");
        use(door, "/spread", "one");
        use(door, "/spread", "one");
        use(door, "/broken", "one");
        use(door, "/nowhere", "one");
        use(door, "/..", "one");

        PrometheusText text = atRest(door);
        String total = "sandgate_requests_total";
        assertThat(text.sum(total, "route", "main", "pool", "main", "reason", "new", "status", "2xx"))
                .isEqualTo(2);
        assertThat(text.sum(total, "route", "main", "reason", "kept", "status", "2xx"))
                .isEqualTo(4);
        assertThat(text.sum(total, "route", "main", "reason", "pool-full", "status", "5xx"))
                .isEqualTo(1);
        assertThat(text.sum(total, "route", "dead", "reason", "instance-unreachable", "status", "5xx"))
                .isEqualTo(1);
        assertThat(text.sum(total, "route", "spread", "reason", "spread", "status", "2xx"))
                .isEqualTo(2);
        assertThat(text.sum(total, "route", "broken", "reason", "spread", "status", "5xx"))
                .isEqualTo(1);
        assertThat(text.sum(total, "route", "", "pool", "", "reason", "route-unknown", "status", "4xx"))
                .isEqualTo(1);
        assertThat(text.sum(total, "route", "", "reason", "path-invalid", "status", "4xx"))
                .isEqualTo(1);
        assertThat(text.sum(total)).isEqualTo(13);
        assertThat(text.sum("sandgate_request_overhead_seconds_count")).isEqualTo(13);
        assertThat(text.sum("sandgate_request_overhead_seconds_sum")).isPositive();
        // two new ones and one refused in main, one in dead
        assertThat(text.sum("sandgate_queue_wait_seconds_count", "pool", "main"))
                .isEqualTo(3);
        assertThat(text.sum("sandgate_queue_wait_seconds_count", "pool", "dead"))
                .isEqualTo(1);
    }

    @Test
    void addsUpOverAllLoopsAndOnlyGrows() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).main(pool -> pool.perInstance(100)));
        Operator operator = Operator.of(door);
        Map<String, Double> before = operator.metrics().growing();
        int asked = 0;
        for (int round = 1; round <= 4; round++) {
            for (int client = 0; client < 6 * round; client++) {
                use(door, "/x", "s" + client);
                asked++;
            }
            PrometheusText text = atRest(door);
            assertThat(text.sum("sandgate_requests_total")).isEqualTo(asked);
            assertThat(text.sum("sandgate_request_overhead_seconds_count")).isEqualTo(asked);
            Map<String, Double> after = text.growing();
            assertThat(after.keySet()).containsAll(before.keySet());
            before.forEach(
                    (series, value) -> assertThat(after.get(series)).as(series).isGreaterThanOrEqualTo(value));
            before = after;
        }
    }

    @Test
    void leavesTheWaitForASlotOutOfTheOverhead() {
        RecordingInstance instance = kit.instance();
        TestDoor door =
                kit.open(DoorPlan.to(instance).main(pool -> pool.perInstance(1).queue(5, Duration.ofSeconds(20))));
        Operator operator = Operator.of(door);
        use(door, "/x", "first");
        RawClient waiting = kit.own(door.connect());
        waiting.get("/x", "X-Session-Id: second\r\n");
        Await.until(() -> door.vitals().queued() == 1, () -> "nobody waits: " + door.vitals());
        // until what it waits outweighs anything that the first, cold request cost
        double overhead = operator.metrics().sum("sandgate_request_overhead_seconds_sum");
        long since = System.nanoTime();
        Await.until(() -> System.nanoTime() - since > 5e9 * overhead, () -> "the first took seconds: " + overhead);
        operator.ask("DELETE", "/sessions/" + operator.sessions("").get(0).getString("id"));
        assertThat(waiting.answer().status()).isEqualTo(200);

        PrometheusText text = atRest(door);
        double waited = text.sum("sandgate_queue_wait_seconds_sum", "pool", "main");
        assertThat(waited).isGreaterThan(5 * overhead);
        assertThat(text.sum("sandgate_request_overhead_seconds_count")).isEqualTo(2);
        assertThat(text.sum("sandgate_request_overhead_seconds_sum")).isLessThan(waited);
    }

    @Test
    void tellsWhatAPoolHolds() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance(), kit.instance()).main(pool -> pool.perInstance(3)));
        Operator operator = Operator.of(door);
        use(door, "/x", "1");
        use(door, "/x", "2");
        String drained = operator.instances("").get(1).getString("id");
        operator.ask("POST", "/instances/" + drained + "/drain");
        operator.ask("DELETE", "/sessions/" + operator.sessions("").get(0).getString("id"));

        PrometheusText text = atRest(door);
        assertThat(text.sum("sandgate_sessions", "pool", "main")).isEqualTo(1);
        assertThat(text.sum("sandgate_reservations", "pool", "main")).isZero();
        assertThat(text.sum("sandgate_slots", "pool", "main", "state", "used")).isEqualTo(1);
        assertThat(text.sum("sandgate_slots", "pool", "main")).isEqualTo(6);
        assertThat(text.sum("sandgate_instances", "pool", "main", "state", "ready"))
                .isEqualTo(1);
        assertThat(text.sum("sandgate_instances", "pool", "main", "state", "draining"))
                .isEqualTo(1);
        assertThat(text.sum("sandgate_instances", "pool", "main", "state", "cooling"))
                .isZero();
        assertThat(text.sum("sandgate_sessions_ended_total", "pool", "main", "why", "ended"))
                .isEqualTo(1);
        assertThat(text.sum("sandgate_sessions_ended_total")).isEqualTo(1);
        assertThat(text.sum("sandgate_queue_waiting", "pool", "main")).isZero();
    }

    @Test
    void tellsWhatIsUnderWayAndHowManyBytesWent() {
        CountDownLatch event = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering(Script.after(event, Script.ok("0123456789")));
        TestDoor door = kit.open(DoorPlan.to(instance).connections(2, 2));
        Operator operator = Operator.of(door);
        RawClient client = kit.own(door.connect());
        client.send("POST /x HTTP/1.1\r\nHost: a.test\r\nX-Session-Id: a\r\nContent-Length: 5\r\n\r\nhello");
        instance.awaitRequest();
        PrometheusText during = operator.metrics();
        assertThat(during.sum("sandgate_requests_under_way")).isEqualTo(1);
        assertThat(during.sum("sandgate_requests_total")).isZero();
        assertThat(during.sum("sandgate_inbound_connections", "listener", "public"))
                .isEqualTo(1);
        Await.until(
                () -> operator.metrics().sum("sandgate_outbound_connections", "state", "busy") == 1,
                () -> "no connection is busy");
        RawClient second = kit.own(door.connect());
        second.get("/x", "X-Session-Id: b\r\n");
        RawClient third = kit.own(door.connect());
        third.awaitHangUp();
        assertThat(operator.metrics().sum("sandgate_accept_refused_total", "listener", "public"))
                .isEqualTo(1);
        event.countDown();
        assertThat(client.answer().body()).isEqualTo("0123456789");
        assertThat(second.answer().status()).isEqualTo(200);

        PrometheusText after = atRest(door);
        assertThat(after.sum("sandgate_requests_under_way")).isZero();
        assertThat(after.sum("sandgate_body_bytes_total", "route", "main", "direction", "in"))
                .isEqualTo(5);
        assertThat(after.sum("sandgate_body_bytes_total", "route", "main", "direction", "out"))
                .isEqualTo(20);
    }

    @Test
    void hasNoLabelThatClientsOrInstancesMake() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        for (int client = 0; client < 5; client++) {
            use(door, "/path" + client, "planted" + client);
        }
        PrometheusText text = atRest(door);
        Set<String> values = new HashSet<>();
        text.families().values().stream()
                .filter(family -> family.name().startsWith("sandgate_"))
                .flatMap(family -> family.samples().stream())
                .forEach(sample -> sample.labels().forEach((label, value) -> {
                    if (!label.equals("le")) {
                        values.add(label + "=" + value);
                    }
                }));
        Set<String> allowed = new TreeSet<>(
                Settlement.reasons().stream().map(word -> "reason=" + word).toList());
        allowed.addAll(Set.of("route=main", "pool=main", "listener=public", "direction=in", "direction=out"));
        for (String state : Set.of("used", "free", "closed", "ready", "cooling", "draining", "busy", "kept")) {
            allowed.add("state=" + state);
        }
        allowed.addAll(Set.of("why=ended", "why=expired", "why=lost", "status=2xx"));
        assertThat(allowed).containsAll(values);
    }

    @Test
    void everyWordThatARequestMayEndWithIsItsOwn() {
        assertThat(Settlement.reasons()).doesNotHaveDuplicates().hasSizeGreaterThan(Reason.values().length);
        assertThat(Settlement.reasons()).allMatch(word -> word.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void theJvmsOwnAreBesideOurs() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()));
        assertThat(Operator.of(door).metrics().families().keySet())
                .contains("jvm_memory_used_bytes", "process_files_open_files", "process_uptime_seconds");
    }

    @Test
    void everyMetricStandsInTheManualWithItsType() throws IOException {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()));
        use(door, "/x", "1");
        String manual = Files.readString(Path.of("..", "docs", "admin.md"));
        PrometheusText text = atRest(door);
        Set<String> untold = text.families().values().stream()
                .filter(family -> family.name().startsWith("sandgate_"))
                .map(family -> "| `" + family.name() + "` | " + family.type() + " |")
                .filter(row -> !manual.contains(row))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(untold).isEmpty();
    }
}
