package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final List<RecordingInstance> instances = new ArrayList<>();
    private Nodes nodes;

    @BeforeEach
    void start() {
        nodes = kit.nodes();
        IntStream.range(0, 5).forEach(i -> instances.add(kit.instance()));
    }

    private DoorPlan plan() {
        return DoorPlan.to(instances.toArray(RecordingInstance[]::new))
                .trusting("127.0.0.1")
                .debug();
    }

    private static Answer send(TestDoor door, String request) {
        try (RawClient client = door.connect()) {
            return client.send(request).answer();
        }
    }

    private static String state(TestDoor door, String instance) {
        return door.instances().stream()
                .filter(each -> each.getString("id").equals(instance))
                .map(each -> each.getString("state"))
                .findFirst()
                .orElse("none");
    }

    @ParameterizedTest
    @EnumSource
    void aSessionOfOneNodeHasTheSameHomeOnTheOther(By by) {
        TestDoor a = nodes.open(plan().affinity(by.source));
        TestDoor b = nodes.open(plan().affinity(by.source));
        for (int i = 0; i < 20; i++) {
            TestDoor first = i % 2 == 0 ? a : b;
            TestDoor second = i % 2 == 0 ? b : a;
            Answer opened = send(first, by.request("s" + i, ""));
            String cookie = opened.fields().first("Set-Cookie").orElse("").split(";", -1)[0];
            assertThat(cookie.isEmpty()).isEqualTo(by != By.COOKIE);
            for (int round = 0; round < 3; round++) {
                assertThat(send(second, by.request("s" + i, cookie)).home()).isEqualTo(opened.home());
                assertThat(send(first, by.request("s" + i, cookie)).home()).isEqualTo(opened.home());
            }
        }
    }

    @Test
    void anInstanceThatDrainsByOneNodeGetsNoNewSessionByTheOther() {
        TestDoor a = nodes.open(plan());
        TestDoor b = nodes.open(plan());
        String drained = b.ask("kept").home();
        assertThat(a.admin("POST", "/instances/" + drained + "/drain").status()).isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            assertThat(b.ask("new-" + i).home()).isNotEqualTo(drained);
        }
        assertThat(b.ask("kept").home()).isEqualTo(drained);
        Await.until(() -> state(b, drained).equals("draining"), () -> state(b, drained));
    }

    @Test
    void aNodeThatStartsLeavesADrainingInstanceAsItIs() {
        TestDoor a = nodes.open(plan());
        String drained = a.ask("kept").home();
        assertThat(a.admin("POST", "/instances/" + drained + "/drain").status()).isEqualTo(200);
        TestDoor b = nodes.open(plan());
        assertThat(state(b, drained)).isEqualTo("draining");
        for (int i = 0; i < 20; i++) {
            assertThat(b.ask("new-" + i).home()).isNotEqualTo(drained);
        }
        assertThat(b.ask("kept").home()).isEqualTo(drained);
    }

    @Test
    void aNodeThatStartsEndsNoSession() {
        TestDoor a = nodes.open(plan());
        String home = a.ask("early").home();
        TestDoor b = nodes.open(plan());
        assertThat(a.ask("early").home()).isEqualTo(home);
        assertThat(b.ask("early").home()).isEqualTo(home);
        b.close();
        assertThat(a.ask("early").home()).isEqualTo(home);
    }

    @Test
    void anInstanceThatOnlyTheOtherNodeKnowsIsReachedWhereTheTableSays() {
        TestDoor a = nodes.open(plan());
        TestDoor b = nodes.open(DoorPlan.to(instances.get(0)).debug());
        for (int i = 0; i < 10; i++) {
            String home = a.ask("s" + i).home();
            assertThat(b.ask("s" + i).home()).isEqualTo(home);
        }
    }
}
