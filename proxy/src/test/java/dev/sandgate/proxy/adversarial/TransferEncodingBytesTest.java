package dev.sandgate.proxy.adversarial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Every control and high byte around Transfer-Encoding, beside a Content-Length that says otherwise. */
final class TransferEncodingBytesTest {

    private static final String HIDDEN = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n";

    private static final List<String> LINES = List.of(
            "\u00a4Transfer-Encoding: chunked",
            "Transfer-Encoding:\u00a4chunked",
            "Transfer-Encoding\u00a4: chunked",
            "Transfer-Encoding: chunked\u00a4");

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void noByteAroundTransferEncodingMakesTwoRequestsOfOne() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance).waits(Duration.ofSeconds(1), Duration.ofSeconds(2)));
        List<Integer> bytes = IntStream.concat(IntStream.range(0x01, 0x20), IntStream.range(0x7f, 0x100))
                .boxed()
                .toList();
        for (int place = 0; place < LINES.size(); place++) {
            for (int b : bytes) {
                send(door, "/" + place + "-" + b, LINES.get(place).replace('\u00a4', (char) b));
            }
        }
        kit.check();

        assertThat(instance.malformed()).isEmpty();
        assertThat(instance.heads()).noneMatch(head -> head.target().contains("/smuggled"));
        assertThat(instance.requests()).extracting(SeenRequest::target).doesNotHaveDuplicates();
        assertThat(instance.requests()).extracting(SeenRequest::body).allMatch(HIDDEN::equals);
    }

    private static void send(TestDoor door, String path, String line) {
        try (RawClient client = door.connect().patience(Duration.ofSeconds(4))) {
            client.offer("POST " + path + " HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nContent-Length: "
                    + HIDDEN.length() + "\r\n" + line + "\r\n\r\n" + HIDDEN);
            assertThat(client.answersToTheEnd()).hasSizeLessThanOrEqualTo(1);
        }
    }
}
