package dev.sandgate.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AnswersTest {

    private final SandboxUnderTest under = new SandboxUnderTest();

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void sendsAsManyEventsAsAskedWithIdsAndItsName() throws Exception {
        HttpResponse<String> events = under.get("/events?n=3&every=1", SandboxOptions.SESSION_HEADER, "s1");
        assertThat(events.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        String first = "id: 1\ndata: {\"instance\":\"a\",\"session\":\"s1\",\"count\":1,\"n\":1}\n\n";
        assertThat(events.body()).startsWith(first).contains("\nid: 3\n").doesNotContain("id: 4");
    }

    @Test
    void sendsEventsWithoutEndUntilTheClientLeaves() throws Exception {
        HttpResponse<InputStream> events = under.send(under.to("/events?n=0&every=1"), BodyHandlers.ofInputStream());
        try (LineNumberReader lines =
                new LineNumberReader(new InputStreamReader(events.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.lines().filter("id: 30"::equals).findFirst()).isPresent();
        }
    }

    @Test
    void waitsBeforeTheHeadAndBetweenPieces() throws Exception {
        long start = System.nanoTime();
        HttpResponse<String> slow = under.get("/slow?head=150&body=100&pieces=3");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(350));
        assertThat(slow.body()).isEqualTo("piece 1 of 3 from a\npiece 2 of 3 from a\npiece 3 of 3 from a\n");
    }

    @Test
    void answersTheStatusThatIsAskedFor() throws Exception {
        assertThat(under.get("/status/418").statusCode()).isEqualTo(418);
        assertThat(under.get("/status/204").statusCode()).isEqualTo(204);
        assertThat(under.get("/status/304").statusCode()).isEqualTo(304);
        assertThat(under.get("/status/302").headers().firstValue("Location")).hasValue("/count");
        assertThat(under.get("/status/99").statusCode()).isEqualTo(400);
    }

    @Test
    void showsTheRequestAsItArrived() throws Exception {
        try (Socket socket = under.connect()) {
            String request = "PATCH /headers?q=%20x HTTP/1.1\r\n"
                    + String.join("\r\n", "hOST: sandbox", "X-Two: 1", "A: b", "x-two: 2", "Connection: close", "", "");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            JsonObject shown = new JsonObject(answer.substring(answer.indexOf("\r\n\r\n")));
            assertThat(shown.getString("method")).isEqualTo("PATCH");
            assertThat(shown.getString("target")).isEqualTo("/headers?q=%20x");
            assertThat(shown.getJsonArray("fields").stream().map(String::valueOf))
                    .containsExactly(
                            "[\"hOST\",\"sandbox\"]",
                            "[\"X-Two\",\"1\"]",
                            "[\"A\",\"b\"]",
                            "[\"x-two\",\"2\"]",
                            "[\"Connection\",\"close\"]");
        }
    }

    @Test
    void sendsTrailersAfterAChunkedBody() throws Exception {
        try (Socket socket = under.connect()) {
            String request = "GET /trailers HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).endsWith("\r\n0\r\nX-Instance: a\r\nX-Length: 16\r\n\r\n");
        }
    }

    @Test
    void refusesWhatItDoesNotServe() throws Exception {
        assertThat(under.get("/elsewhere").statusCode()).isEqualTo(404);
        HttpResponse<String> wrong = under.get("/sink");
        assertThat(wrong.statusCode()).isEqualTo(405);
        assertThat(wrong.headers().firstValue("Allow")).hasValue("PUT");
    }
}
