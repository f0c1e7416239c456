package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoint event is found however its bytes come, and tells nothing of the instance's address. */
class EndpointHoldTest {

    private static EndpointHold hold(String path) {
        return new EndpointHold(
                path,
                name -> AffinityConfig.Mcp.DEFAULT_ID_PARAMETERS.stream()
                        .anyMatch(each -> each.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))),
                0);
    }

    private static Optional<EndpointHold.Found> offerByteByByte(EndpointHold hold, String stream) {
        byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at++) {
            Optional<EndpointHold.Found> found = hold.offer(Buffer.buffer(new byte[] {bytes[at]}));
            if (found.isPresent()) {
                // nothing behind the event is waited for, not even the LF of its last CRLF
                assertThat(bytes.length - at - 1).isLessThanOrEqualTo(stream.endsWith("\r\n") ? 1 : 0);
                return found;
            }
        }
        return Optional.empty();
    }

    private static Stream<String> streams() {
        return Stream.of("\n", "\r", "\r\n").flatMap(end -> Stream.of(
                        "event: endpoint#data: /messages?sessionId=a1##",
                        "event:endpoint#data:/messages?sessionId=a1##",
                        "data: /messages?sessionId=a1#event: endpoint##",
                        "\uFEFFevent: endpoint#data: /messages?sessionId=a1##",
                        "\uFEFFdata: /messages?sessionId=a1#event: endpoint##",
                        ": hello##: again#event: endpoint#id: 7#retry: 5#data: /messages?sessionId=a1##",
                        "event: message#data: {}##event: endpoint#data: /messages?sessionId=a1##")
                .map(lines -> lines.replace("#", end)));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void theEventIsFoundWithItsLastByteWhateverEndsItsLines(String stream) {
        EndpointHold.Found found = offerByteByByte(hold("/sse"), stream).orElseThrow();
        assertThat(found.id()).contains("a1");
        String whole = stream.replace("data:/", "data: /");
        String withoutLastLf = whole.substring(0, whole.length() - 1);
        assertThat(found.stream().toString()).isEqualTo(stream.endsWith("\r\n") ? withoutLastLf : whole);
    }

    @ParameterizedTest
    @CsvSource({
        "/sse,     /messages?sessionId=a1,                  /messages?sessionId=a1",
        "/sse,     messages?session_id=a1,                  /messages?session_id=a1",
        "/a/b/sse, messages?sessionid=a1,                   /a/b/messages?sessionid=a1",
        "/a/sse,   /other/messages/?SESSIONID=a1&x=%20y,    /other/messages/?SESSIONID=a1&x=%20y",
        "/a/sse,   ?sessionid=a1,                           /a/sse?sessionid=a1",
        "/a/sse,   http://10.0.0.1:9/messages?sessionId=a1, /messages?sessionId=a1",
        "/a/sse,   http://10.0.0.1:9?sessionId=a1,          /?sessionId=a1",
        "/a/sse,   //10.0.0.1/messages?sessionId=a1,        /messages?sessionId=a1",
        "/a/b/sse, ../messages?sessionId=a1,                /a/messages?sessionId=a1",
        "/a/sse,   ../../../messages?sessionId=a1,          /messages?sessionId=a1",
        "/a/sse,   /x/./../messages?sessionId=a1,           /messages?sessionId=a1",
        "/a/sse,   /v1..2/messages?sessionId=a1,            /v1..2/messages?sessionId=a1",
    })
    void theEndpointBecomesAPathWithoutDotSegments(String path, String told, String passed) {
        EndpointHold.Found found = offerByteByByte(hold(path), "event: endpoint\ndata: " + told + "\n\n")
                .orElseThrow();
        assertThat(found.id()).contains("a1");
        assertThat(found.stream().toString()).isEqualTo("event: endpoint\ndata: " + passed + "\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/messages", "/messages?x=1", "http://10.0.0.1:9/messages"})
    void anEndpointWithoutAnIdIsPassedAtOnce(String told) {
        EndpointHold.Found found = offerByteByByte(hold("/sse"), "event: endpoint\ndata: " + told + "\n\n")
                .orElseThrow();
        assertThat(found.id()).isEmpty();
        assertThat(found.stream().toString())
                .startsWith("event: endpoint\ndata: /messages")
                .doesNotContain("10.0.0.1");
    }

    @Test
    void theEventIsWaitedForNoLongerThanFiveSecondsOr64KiB() {
        EndpointHold hold = hold("/sse");
        assertThat(hold.isOver(TimeUnit.SECONDS.toNanos(5))).isFalse();
        assertThat(hold.isOver(TimeUnit.SECONDS.toNanos(5) + 1)).isTrue();
        hold.offer(Buffer.buffer(":".repeat(64 * 1024)));
        assertThat(hold.isOver(0)).isFalse();
        hold.offer(Buffer.buffer(":"));
        assertThat(hold.isOver(0)).isTrue();
    }
}
