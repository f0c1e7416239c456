package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An HTTP/2 stream closes with the last byte of its answer: that is no client who left. */
final class Http2AnswerEndTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    @ParameterizedTest
    @CsvSource({
        "HEAD, HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\n",
        "GET, HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n0\\r\\n\\r\\n",
        "GET, HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello",
        "GET, HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n"
    })
    void isLoggedAsAnsweredAndItsConnectionServesTheNext(String method, String answer) {
        RecordingInstance instance = kit.instance();
        instance.answering(Script.raw(answer.replace("\\r\\n", "\r\n")));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawHttp2Client client = kit.own(door.connectHttp2());

        for (int request = 1; request <= 3; request++) {
            int lines = request;
            assertThat(client.awaitEnd(client.open(head(method), true)).status())
                    .hasValue(200);
            Await.until(() -> door.accessLog().size() == lines, () -> "the log: " + door.accessLog());
        }

        assertThat(door.accessLog())
                .allSatisfy(line -> assertThat(line).contains("\"status\":200").doesNotContain("client-gone"));
        assertThat(instance.accepted()).isEqualTo(1);
    }

    @Test
    void ofARefusalIsLoggedWithItsReason() {
        RecordingInstance instance = kit.instance();
        instance.answering(Script.rawThenClose(""));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawHttp2Client client = kit.own(door.connectHttp2());

        assertThat(client.awaitEnd(client.open(head("GET"), true)).status()).hasValue(502);
        Await.until(() -> door.accessLog().size() == 1, () -> "the log: " + door.accessLog());

        assertThat(door.accessLog())
                .singleElement()
                .asString()
                .contains("\"status\":502")
                .contains("\"reason\":\"instance-broken\"");
    }

    private static Fields head(String method) {
        return new Fields(List.of(
                new Fields.Field(":method", method),
                new Fields.Field(":scheme", "http"),
                new Fields.Field(":path", "/"),
                new Fields.Field(":authority", "a.test"),
                new Fields.Field("x-session-id", "one")));
    }
}
