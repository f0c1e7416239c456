package dev.sandgate.proxy.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Nodes;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node that hides session ids otherwise than those that were there before it. */
final class AnotherKeyTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    @ParameterizedTest
    @ValueSource(strings = {"one", "two"})
    void isNotReadyAndSaysWhichKeyItLacks(String id) {
        kit.log().expect("other nodes hide session ids with the key \"one\"");
        Nodes nodes = kit.nodes();
        RecordingInstance instance = kit.instance();
        TestDoor first = nodes.open(DoorPlan.to(instance));
        TestDoor other = nodes.openAway(
                DoorPlan.to(instance).hidingIdsBy(id, "another secret of the tests, and of nobody else"));
        Await.until(
                () -> why(other).equals("pool main: the table's key one is missing here, or has another secret"),
                () -> why(other));
        assertThat(other.admin("GET", "/readyz").status()).isEqualTo(503);
        assertThat(first.admin("GET", "/readyz").status()).isEqualTo(200);
    }

    private static String why(TestDoor door) {
        return new JsonObject(door.admin("GET", "/readyz").body()).getString("why", "");
    }
}
