package dev.sandgate.proxy.processes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.pool.Starts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Process pools of several nodes: each starts its own, and all reach them all. */
final class AdvertisedProcessesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final Path state;
    private Nodes nodes;

    AdvertisedProcessesTest(@TempDir Path state) {
        this.state = state;
    }

    @BeforeEach
    void start() {
        nodes = kit.nodes();
    }

    private TestDoor open(String node, String advertise, Plan plan) {
        return nodes.open(DoorPlan.to()
                .pool(PoolPlan.started("main", plan.config())
                        .perInstance(2)
                        .queue(100, PATIENCE)
                        .connect(Duration.ofSeconds(5))
                        .firstByte(PATIENCE))
                .node(node, advertise)
                .debug()
                .waits(PATIENCE, PATIENCE)
                .state(state.resolve(node)));
    }

    private static Answer ask(TestDoor door, String session) {
        try (RawClient client = door.connect().patience(PATIENCE)) {
            return client.get("/count", "X-Session-Id: " + session + "\r\n").answer();
        }
    }

    private static List<String> instances(TestDoor door) {
        return door.instances().stream().map(each -> each.getString("id")).toList();
    }

    @Test
    void aSessionOfOneNodesProcessIsServedByTheOtherNodeToo() {
        TestDoor a = open("a", "127.0.0.1", Plan.of().range(0, 1));
        TestDoor b = open("b", "127.0.0.1", Plan.of().range(0, 1));
        assertThat(ask(a, "one").home()).isEqualTo("a/main-1");
        Answer other = ask(b, "one");
        assertThat(other.home()).isEqualTo("a/main-1");
        assertThat(other.body()).endsWith(" 2");

        // the next to come by the other node gets the slot that is left, then one of that node's own
        assertThat(ask(b, "two").home()).isEqualTo("a/main-1");
        assertThat(ask(b, "three").home()).isEqualTo("b/main-1");
        assertThat(ask(a, "three").home()).isEqualTo("b/main-1");
        assertThat(a.door().starts("main")).isEqualTo(new Starts(1, 0, 0));
        assertThat(b.door().starts("main")).isEqualTo(new Starts(1, 0, 0));

        // its id has a slash, which a path says as %2F, also by way of another node
        assertThat(a.admin("POST", "/instances/b%2Fmain-1/drain").status()).isEqualTo(200);
        assertThat(a.admin("DELETE", "/nodes/b/instances/b%2Fmain-1/drain").status())
                .isEqualTo(200);

        b.close();
        Await.until(() -> instances(a).equals(List.of("a/main-1")), () -> instances(a)
                .toString());
        assertThat(ask(a, "three").status()).isEqualTo(404);
        assertThat(ask(a, "one").home()).isEqualTo("a/main-1");
    }

    @Test
    void aProcessThatOtherNodesCannotReachDoesNotStart() {
        kit.log().expect("did not start: it listens on 127.0.0.1:");
        kit.log().expect("and not on 127.0.0.2:");
        TestDoor a = open("a", "127.0.0.2", Plan.of().range(0, 1).stopTimeout(Duration.ZERO));
        Answer refused = ask(a, "one");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.refusal()).isEqualTo("start-failed");
        assertThat(a.door().starts("main").ready()).isZero();
        assertThat(kit.log().heard()).anyMatch(line -> line.contains("(expected: it listens on that address"));
    }
}
