package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Field values are bytes to whoever only passes them on: a browser sends a cookie as the page wrote it. */
final class OpaqueValuesTest {

    private static final String UTF_8 = "name=gr\u00c3\u00bc\u00c3\u009fe; b=\u00ff";

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final RecordingInstance instance = kit.instance();

    @Test
    void passTheDoorByteForByte() {
        TestDoor door = kit.open(DoorPlan.to(instance));
        int status = kit.own(door.connect())
                .get("/", "Cookie: " + UTF_8 + "\r\n")
                .answer()
                .status();

        assertThat(status).isEqualTo(200);
        assertThat(instance.awaitRequest().fields().first("cookie")).contains(UTF_8);
    }

    @Test
    void passFromHttp2ByteForByte() {
        RawHttp2Client client = kit.own(kit.open(DoorPlan.to(instance)).connectHttp2());
        int stream = client.open(
                new Fields(List.of(
                        new Fields.Field(":method", "GET"),
                        new Fields.Field(":scheme", "http"),
                        new Fields.Field(":path", "/"),
                        new Fields.Field(":authority", "a.test"),
                        new Fields.Field("cookie", UTF_8))),
                true);

        assertThat(client.awaitEnd(stream).status()).hasValue(200);
        assertThat(instance.awaitRequest().fields().first("cookie")).contains(UTF_8);
    }

    @Test
    void doNotPassAsASessionId() {
        TestDoor door = kit.open(DoorPlan.to(instance));
        int status = kit.own(door.connect())
                .get("/", "X-Session-Id: gr\u00fc\u00df\r\n")
                .answer()
                .status();

        assertThat(status).isEqualTo(400);
        assertThat(instance.requests()).isEmpty();
    }
}
