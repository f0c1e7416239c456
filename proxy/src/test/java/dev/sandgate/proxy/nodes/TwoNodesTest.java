package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two nodes over the same static instances. */
final class TwoNodesTest {

    private static final List<CookieKey> KEYS = List.of(new CookieKey("k", "a secret for cookies of these tests only"));

    /** How a client brings its id. */
    enum By {
        HEADER(new AffinityConfig.Header("X-Session-Id", false)),
        QUERY(new AffinityConfig.Query("sid")),
        PATH(new AffinityConfig.Path("/s/")),
        HOST(new AffinityConfig.Host(false, ".apps.example.com")),
        PRINCIPAL(new AffinityConfig.Principal("X-Forwarded-User")),
        COOKIE(new AffinityConfig.Cookie("sid", false, KEYS));

        @SuppressWarnings("ImmutableEnumChecker") // records of configuration do not change
        private final AffinityConfig source;

        By(AffinityConfig source) {
            this.source = source;
        }

        private String request(String id, String cookie) {
            String target = this == QUERY ? "/?sid=" + id : this == PATH ? "/s/" + id + "/x" : "/";
            String host = this == HOST ? id + ".apps.example.com" : "a.test";
            String line = this == HEADER
                    ? "X-Session-Id: " + id + "\r\n"
                    : this == PRINCIPAL ? "X-Forwarded-User: " + id + "\r\n" : "";
            String carried = cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n";
            return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + line + carried + "\r\n";
        }
    }

    private static RedisProcess redis;

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final List<RecordingInstance> instances = new ArrayList<>();

    @BeforeAll
    static void startRedis() {
        redis = RedisProcess.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void empty() {
        redis.say("FLUSHALL");
        IntStream.range(0, 5).forEach(i -> instances.add(kit.instance()));
    }

    private DoorPlan plan() {
        return DoorPlan.to(instances.toArray(RecordingInstance[]::new))
                .redis(redis.url())
                .trusting("127.0.0.1")
                .debug();
    }

    private static Answer send(TestDoor door, String request) {
        try (RawClient client = door.connect()) {
            return client.send(request).answer();
        }
    }

    private static Answer ask(TestDoor door, String session) {
        return send(door, By.HEADER.request(session, ""));
    }

    private static String home(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.fields().first("X-Sandgate-Instance").orElseThrow();
    }

    private static Answer admin(TestDoor door, String method, String target) {
        try (RawClient client = RawClient.to(door.adminPort())) {
            return client.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                    .answer();
        }
    }

    private static String state(TestDoor door, String instance) {
        JsonObject told = new JsonObject(admin(door, "GET", "/instances").body());
        return told.getJsonArray("instances").stream()
                .map(JsonObject.class::cast)
                .filter(each -> each.getString("id").equals(instance))
                .map(each -> each.getString("state"))
                .findFirst()
                .orElse("none");
    }

    @ParameterizedTest
    @EnumSource
    void aSessionOfOneNodeHasTheSameHomeOnTheOther(By by) {
        TestDoor a = kit.open(plan().affinity(by.source)).awaitReady();
        TestDoor b = kit.open(plan().affinity(by.source)).awaitReady();
        for (int i = 0; i < 20; i++) {
            TestDoor first = i % 2 == 0 ? a : b;
            TestDoor second = i % 2 == 0 ? b : a;
            Answer opened = send(first, by.request("s" + i, ""));
            String cookie = opened.fields().first("Set-Cookie").orElse("").split(";", -1)[0];
            assertThat(cookie.isEmpty()).isEqualTo(by != By.COOKIE);
            for (int round = 0; round < 3; round++) {
                assertThat(home(send(second, by.request("s" + i, cookie)))).isEqualTo(home(opened));
                assertThat(home(send(first, by.request("s" + i, cookie)))).isEqualTo(home(opened));
            }
        }
    }

    @Test
    void anInstanceThatDrainsByOneNodeGetsNoNewSessionByTheOther() {
        TestDoor a = kit.open(plan()).awaitReady();
        TestDoor b = kit.open(plan()).awaitReady();
        String drained = home(ask(b, "kept"));
        assertThat(admin(a, "POST", "/instances/" + drained + "/drain").status())
                .isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            assertThat(home(ask(b, "new-" + i))).isNotEqualTo(drained);
        }
        assertThat(home(ask(b, "kept"))).isEqualTo(drained);
        Await.until(() -> state(b, drained).equals("draining"), () -> state(b, drained));
    }

    @Test
    void aNodeThatStartsLeavesADrainingInstanceAsItIs() {
        TestDoor a = kit.open(plan()).awaitReady();
        String drained = home(ask(a, "kept"));
        assertThat(admin(a, "POST", "/instances/" + drained + "/drain").status())
                .isEqualTo(200);
        TestDoor b = kit.open(plan()).awaitReady();
        assertThat(state(b, drained)).isEqualTo("draining");
        for (int i = 0; i < 20; i++) {
            assertThat(home(ask(b, "new-" + i))).isNotEqualTo(drained);
        }
        assertThat(home(ask(b, "kept"))).isEqualTo(drained);
    }

    @Test
    void aNodeThatStartsEndsNoSession() {
        TestDoor a = kit.open(plan()).awaitReady();
        String home = home(ask(a, "early"));
        TestDoor b = kit.open(plan()).awaitReady();
        assertThat(home(ask(a, "early"))).isEqualTo(home);
        assertThat(home(ask(b, "early"))).isEqualTo(home);
        b.close();
        assertThat(home(ask(a, "early"))).isEqualTo(home);
    }

    @Test
    void anInstanceThatOnlyTheOtherNodeKnowsIsReachedWhereTheTableSays() {
        TestDoor a = kit.open(plan()).awaitReady();
        TestDoor b = kit.open(DoorPlan.to(instances.get(0)).redis(redis.url()).debug())
                .awaitReady();
        for (int i = 0; i < 10; i++) {
            String home = home(ask(a, "s" + i));
            assertThat(home(ask(b, "s" + i))).isEqualTo(home);
        }
    }
}
