package dev.sandgate.proxy.policies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.conf.PolicyConfig.Scope;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How often, how many at a time, how many sessions: what a client of the door sees. */
final class LimitTest {

    private static final Duration DAY = Duration.ofDays(1);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;

    @BeforeEach
    void start() {
        instance = kit.instance().answering(Script.ok("well"));
    }

    private static PolicyConfig.Key by(Part... parts) {
        return new PolicyConfig.Key(List.of(parts), 64);
    }

    /** This many a day, all at once. */
    private static PolicyConfig rate(int permits, Part... parts) {
        return new RateLimit("main/rateLimit", by(parts), permits, DAY, permits, Scope.NODE, Away.LOCAL, 1000);
    }

    private TestDoor door(PolicyConfig... policies) {
        return kit.open(DoorPlan.to(instance).policies(policies));
    }

    private static Answer from(String address, TestDoor door) {
        try (RawClient client = RawClient.from(address, door.port())) {
            return client.get("/").answer();
        }
    }

    @Test
    void whoComesTooOftenIsToldWhichLimitItMetAndWhenToComeAgain() {
        TestDoor door = door(rate(3, Part.IP));
        for (int at = 0; at < 3; at++) {
            assertThat(door.get().status()).isEqualTo(200);
        }

        Answer refused = door.get();

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.fields().all("Retry-After")).hasSize(1);
        assertThat(refused.fields().all("RateLimit-Policy")).containsExactly("\"main/rateLimit\";q=3;w=86400");
        assertThat(refused.fields().all("RateLimit"))
                .singleElement()
                .asString()
                .startsWith("\"main/rateLimit\";r=0;t=");
        JsonObject problem = new JsonObject(refused.body());
        assertThat(problem.getString("reason")).isEqualTo("rate-limited");
        assertThat(problem.getString("policy")).isEqualTo("main/rateLimit");
        assertThat(instance.requests()).hasSize(3);
        assertThat(door.admin("GET", "/metrics").body())
                .contains("sandgate_policy_refused_total{policy=\"main/rateLimit\"} 1");
        Await.until(
                () -> door.accessLog().stream().anyMatch(line -> line.contains("\"policy\":\"main/rateLimit\"")),
                () -> "the log does not name the policy: " + door.accessLog());
    }

    @Test
    void anotherAddressHasPermitsOfItsOwn() {
        TestDoor door = door(rate(1, Part.IP));

        assertThat(from("127.0.0.2", door).status()).isEqualTo(200);
        assertThat(from("127.0.0.2", door).status()).isEqualTo(429);
        assertThat(from("127.0.0.3", door).status()).isEqualTo(200);
    }

    @Test
    void aSessionIsLimitedByItselfAndARequestWithoutOneIsNot() {
        TestDoor door = door(rate(1, Part.SESSION));

        assertThat(door.ask("a").status()).isEqualTo(200);
        assertThat(door.ask("a").status()).isEqualTo(429);
        assertThat(door.ask("b").status()).isEqualTo(200);
        assertThat(door.get().status()).isEqualTo(200);
        assertThat(door.get().status()).isEqualTo(200);
    }

    @Test
    void policiesAreAskedInTheirOrderAndTheFirstThatRefusesIsNamed() {
        RateLimit first = new RateLimit("first", by(Part.ROUTE), 1, DAY, 1, Scope.NODE, Away.LOCAL, 1000);
        RateLimit second = new RateLimit("second", by(Part.ROUTE), 2, DAY, 2, Scope.NODE, Away.LOCAL, 1000);
        TestDoor door = door(first, second);

        door.get();

        assertThat(new JsonObject(door.get().body()).getString("policy")).isEqualTo("first");
    }

    @Test
    void aLimitThatTwoRoutesNameIsCountedTogether() {
        RateLimit shared = new RateLimit("shared", by(Part.IP), 2, DAY, 2, Scope.NODE, Away.LOCAL, 1000);
        TestDoor door = kit.open(DoorPlan.to(instance)
                .policies(shared)
                .pool(PoolPlan.of("other", instance))
                .route("/other", "other"));

        try (RawClient client = door.connect()) {
            assertThat(client.get("/other").answer().status()).isEqualTo(200);
            assertThat(client.get("/").answer().status()).isEqualTo(200);
            assertThat(client.get("/other").answer().status()).isEqualTo(429);
        }
    }

    @Test
    void anMcpClientThatAsksWhatAServerIsIsNeverToldAFourHundred() {
        TestDoor door = kit.open(DoorPlan.to(instance)
                .policies(rate(1, Part.IP))
                .affinity(new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of())));
        String discover = String.join(
                "\r\n",
                "POST / HTTP/1.1",
                "Host: 127.0.0.1",
                "MCP-Protocol-Version: 2026-07-28",
                "Mcp-Method: server/discover",
                "Content-Length: 0",
                "",
                "");
        try (RawClient client = door.connect()) {
            assertThat(client.send(discover).answer().status()).isEqualTo(200);
            Answer refused = client.send(discover).answer();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.fields().has("Retry-After")).isTrue();
            JsonObject error = new JsonObject(refused.body()).getJsonObject("error");
            assertThat(error.getJsonObject("data").getString("reason")).isEqualTo("rate-limited");
            assertThat(error.getJsonObject("data").getString("policy")).isEqualTo("main/rateLimit");
        }
    }

    @Test
    void soManyRequestsAtATimeAndNoMore() {
        CountDownLatch event = new CountDownLatch(1);
        instance.answering(Script.after(event, Script.ok("well")));
        TestDoor door = door(new PolicyConfig.Concurrency("few", by(Part.IP), 2, 0));
        try (RawClient one = door.connect();
                RawClient two = door.connect()) {
            one.get("/");
            two.get("/");
            Await.until(() -> instance.requests().size() == 2, () -> "two requests did not arrive");

            Answer refused = door.get();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.refusal()).isEqualTo("concurrency-limited");

            event.countDown();
            assertThat(one.answer().status()).isEqualTo(200);
            assertThat(two.answer().status()).isEqualTo(200);
        }
        Await.until(() -> door.get().status() == 200, () -> "the places were not given back");
    }

    @Test
    void aClientThatLeavesGivesItsPlaceBack() {
        CountDownLatch event = new CountDownLatch(1);
        instance.answering(Script.after(event, Script.ok("well")));
        TestDoor door = door(new PolicyConfig.Concurrency("one", by(Part.ROUTE), 1, 0));
        try (RawClient leaving = door.connect()) {
            leaving.get("/");
            instance.awaitRequest();
            assertThat(door.get().status()).isEqualTo(429);
            leaving.reset();
        }
        event.countDown();

        Await.until(() -> door.get().status() == 200, () -> "the place was not given back");
    }

    @Test
    void oneClientCannotTakeAllSlots() {
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.perInstance(100))
                .policies(new PolicyConfig.SessionQuota("fair", by(Part.IP), 5)));
        List<Integer> greedy = new ArrayList<>();
        for (int at = 0; at < 50; at++) {
            greedy.add(door.ask("greedy" + at).status());
        }

        assertThat(greedy).containsOnly(200, 429);
        assertThat(greedy.stream().filter(status -> status == 200)).hasSize(5);
        assertThat(door.ask("greedy0").status()).isEqualTo(200);
        try (RawClient other = RawClient.from("127.0.0.2", door.port())) {
            assertThat(other.get("/", "X-Session-Id: other\r\n").answer().status())
                    .isEqualTo(200);
        }
        assertThat(door.vitals().sessions()).isEqualTo(6);
    }

    @Test
    void aSessionThatIsOverMakesRoomForItsOwnersNext() {
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.idleTimeout(Duration.ofMillis(300)))
                .policies(new PolicyConfig.SessionQuota("one", by(Part.IP), 1)));
        assertThat(door.ask("a").status()).isEqualTo(200);
        assertThat(door.ask("b").refusal()).isEqualTo("sessions-limited");

        Await.until(() -> door.ask("b").status() == 200, () -> "the quota was not given back");
    }

    @Test
    void aSessionThatNoInstanceHeardOfCountsForNobody() {
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.perInstance(1).queue(0, Duration.ofSeconds(1)))
                .policies(new PolicyConfig.SessionQuota("two", by(Part.IP), 2)));
        assertThat(door.ask("a").status()).isEqualTo(200);
        for (int at = 0; at < 5; at++) {
            assertThat(door.ask("b").refusal()).isEqualTo("pool-full");
        }
    }

    @Test
    void thoseOfNoClassAreShedBeforeTheQueueIsFull() {
        TestDoor door = kit.open(DoorPlan.to(instance)
                .main(pool -> pool.perInstance(1).queue(2, Duration.ofMinutes(1)))
                .policies(new PolicyConfig.Shed("gold first", Map.of("gold", 100), 40)));
        assertThat(door.ask("a").status()).isEqualTo(200);
        try (RawClient waits = door.connect()) {
            waits.get("/", "X-Session-Id: b\r\n");
            Await.until(() -> door.vitals().queued() == 1, () -> "nobody waits");

            Answer shed = door.ask("c");

            assertThat(shed.status()).isEqualTo(503);
            assertThat(shed.refusal()).isEqualTo("shed");
            assertThat(door.ask("a").status()).isEqualTo(200);
        }
    }

    @Test
    void aStreamIsOneHoweverItIsAskedFor() {
        CountDownLatch event = new CountDownLatch(1);
        instance.answering(Script.after(event, Script.ok("well")));
        TestDoor door = door(new PolicyConfig.Concurrency("streams", by(Part.IP), 0, 1));
        try (RawClient first = door.connect()) {
            first.get("/", "Accept: text/event-stream\r\n");
            instance.awaitRequest();
            for (String asked :
                    List.of("Accept: TEXT/Event-Stream\r\n", "Accept: text/plain\r\nAccept: text/event-stream\r\n")) {
                try (RawClient second = door.connect()) {
                    assertThat(second.get("/", asked).answer().refusal()).isEqualTo("concurrency-limited");
                }
            }
            event.countDown();
        }
    }

    /** An instance that makes an MCP session whatever it is asked, behind a quota of so many for an address. */
    private TestDoor besideAnother(int quota) {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nMcp-Session-Id: made\r\nContent-Length: 2\r\n\r\n{}"));
        return kit.open(DoorPlan.to(instance)
                .policies(new PolicyConfig.SessionQuota("quota", by(Part.IP), quota))
                .affinity(
                        new AffinityConfig.Header("X-Session-Id", false),
                        new AffinityConfig.Mcp(List.of(), AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS, List.of())));
    }

    private static int post(TestDoor door, String session) {
        try (RawClient client = door.connect()) {
            String head = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Session-Id: " + session;
            return client.send(head + "\r\nContent-Length: 2\r\n\r\n{}")
                    .answer()
                    .status();
        }
    }

    @Test
    void aRequestThatOpensTwoSessionsCountsAsTwo() {
        TestDoor door = besideAnother(2);

        assertThat(post(door, "a")).isEqualTo(200);
        assertThat(door.vitals().sessions()).isEqualTo(2);
        assertThat(post(door, "b")).isEqualTo(429);
        assertThat(door.vitals().sessions()).isEqualTo(2);
    }

    @Test
    void aSecondSessionThatIsTooMuchIsRefusedAndEndedAtItsInstance() {
        TestDoor door = besideAnother(1);

        assertThat(post(door, "a")).isEqualTo(429);
        assertThat(door.vitals().sessions()).isEqualTo(1);
        Await.until(
                () -> instance.requests().stream()
                        .anyMatch(request -> request.method().equals("DELETE")),
                () -> "the instance keeps a session that nobody knows");
    }
}
