package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How many connections a listener takes, in all and from one address. */
final class AcceptGateTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RawClient admitted(TestDoor door, String source) {
        RawClient client = kit.own(RawClient.from(source, door.port()));
        assertThat(client.get("/").answer().status()).isEqualTo(200);
        return client;
    }

    private void refused(TestDoor door, String source) {
        try (RawClient client = RawClient.from(source, door.port())) {
            client.awaitHangUp();
        }
    }

    private static void awaitConnections(TestDoor door, int count) {
        Await.until(() -> door.vitals().connections() == count, () -> door.vitals() + ", not " + count);
    }

    @Test
    void aConnectionOverTheBoundIsClosedAndTheNextGetsInOnceOneIsGone() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).connections(3, 100));
        RawClient first = admitted(door, "127.0.0.1");
        RawClient second = admitted(door, "127.0.0.2");
        admitted(door, "127.0.0.3");

        refused(door, "127.0.0.1");
        refused(door, "127.0.0.4");
        assertThat(door.vitals().connections()).isEqualTo(3);
        first.close();
        awaitConnections(door, 2);
        admitted(door, "127.0.0.4");
        refused(door, "127.0.0.5");
        assertThat(second.get("/").answer().status()).isEqualTo(200);
    }

    @Test
    void anAddressOverItsBoundIsRefusedAndOthersAreNot() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).connections(100, 2));
        RawClient first = admitted(door, "127.0.0.2");
        admitted(door, "127.0.0.2");

        refused(door, "127.0.0.2");
        refused(door, "127.0.0.2");
        admitted(door, "127.0.0.1");
        admitted(door, "127.0.0.3");
        first.reset();
        awaitConnections(door, 3);
        admitted(door, "127.0.0.2");
        refused(door, "127.0.0.2");
    }

    @Test
    void refusedConnectionsLeaveNothingBehind() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).connections(1, 1));
        RawClient only = admitted(door, "127.0.0.1");
        for (int attempt = 0; attempt < 50; attempt++) {
            refused(door, "127.0.0." + (1 + attempt % 3));
        }
        only.close();
        awaitConnections(door, 0);
        admitted(door, "127.0.0.3");
    }

    @Test
    void aConnectionThatSaysNothingCountsToo() {
        TestDoor door = kit.open(DoorPlan.to(kit.instance()).connections(1, 1));
        RawClient silent = kit.own(door.connect());
        awaitConnections(door, 1);

        refused(door, "127.0.0.2");
        silent.close();
        awaitConnections(door, 0);
        admitted(door, "127.0.0.2");
    }
}
