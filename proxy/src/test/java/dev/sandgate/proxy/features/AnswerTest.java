package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers reach the client as the instance meant them: body, length, trailers, and none where there is none. */
final class AnswerTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private TestDoor door;

    @BeforeEach
    void open() {
        instance = kit.instance();
        door = kit.open(DoorPlan.to(instance));
    }

    private Http2Stream http2(String method) {
        RawHttp2Client client = kit.own(door.connectHttp2());
        return client.awaitEnd(client.open(Http2.head(method, "/x"), true));
    }

    /** Asks, and shows that the connection still serves. */
    private Answer http11(String method) {
        RawClient client = kit.own(door.connect());
        Answer answer = client.send(method + " /x HTTP/1.1\r\nHost: a.test\r\n\r\n")
                .answer(method)
                .orElseThrow();
        instance.answering(Script.echo());
        assertThat(client.get("/next").answer().body()).isEqualTo("GET /next");
        return answer;
    }

    @Test
    void chunksAndTheirTrailersReachAnHttp11Client() {
        instance.answering(
                Script.raw(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Sum: 7\r\nX-Name: caf\u00e9\r\n\r\n"));
        Answer answer = http11("GET");

        assertThat(answer.body()).isEqualTo("abcdefg");
        assertThat(answer.whole()).isTrue();
        assertThat(answer.fields().all("Transfer-Encoding")).containsExactly("chunked");
        assertThat(answer.trailers().list())
                .containsExactly(new Fields.Field("X-Sum", "7"), new Fields.Field("X-Name", "caf\u00e9"));
    }

    @Test
    void chunksAndTheirTrailersReachAnHttp2Client() {
        instance.answering(
                Script.raw(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 7\r\nX-Twice: a\r\nX-Twice: b\r\n\r\n"));
        Http2Stream answer = http2("GET");

        assertThat(answer.data()).isEqualTo("abc");
        assertThat(answer.ended()).isTrue();
        assertThat(answer.fields().has("transfer-encoding")).isFalse();
        Fields trailers = answer.trailers().orElseThrow();
        assertThat(trailers.all("x-sum")).containsExactly("7");
        assertThat(trailers.all("x-twice")).containsExactly("a", "b");
    }

    @Test
    void trailersThatMayOnlyStandInAHeadAreLeftOut() {
        instance.answering(
                Script.raw(
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nContent-Type: text/html\r\nX-Sandgate-Instance: forged\r\nX-Sum: 7\r\nHost: b\r\n\r\n"));
        Answer answer = http11("GET");

        assertThat(answer.trailers().list()).containsExactly(new Fields.Field("X-Sum", "7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", ""})
    void anAnswerToHeadHasNoBodyAndKeepsItsLength(String framing) {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nX-Kept: yes\r\n" + framing + "\r\n"));
        Answer answer = http11("HEAD");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields().all("X-Kept")).containsExactly("yes");
        assertThat(answer.fields().all("Content-Length")).isEqualTo(framing.startsWith("C") ? List.of("5") : List.of());
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nX-Kept: yes\r\n" + framing + "\r\n"));
        Http2Stream stream = http2("HEAD");
        assertThat(stream.status()).hasValue(200);
        assertThat(stream.data()).isEmpty();
        assertThat(stream.fields().all("content-length"))
                .isEqualTo(answer.fields().all("Content-Length"));
    }

    @Test
    void notModifiedHasNoBodyAndNoLengthOfOurs() {
        instance.answering(Script.raw("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"));
        Answer answer = http11("GET");

        assertThat(answer.status()).isEqualTo(304);
        assertThat(answer.fields().first("ETag")).contains("\"1\"");
        assertThat(answer.fields().has("Content-Length")).isFalse();
        assertThat(answer.fields().has("Transfer-Encoding")).isFalse();
        instance.answering(Script.raw("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"));
        assertThat(http2("GET").fields().has("content-length")).isFalse();
    }

    @Test
    void notModifiedKeepsTheLengthThatTheInstanceSays() {
        instance.answering(Script.raw("HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n"));
        assertThat(http11("GET").fields().all("Content-Length")).containsExactly("1234");
    }

    @Test
    void noContentHasNeitherBodyNorFraming() {
        for (String framing : new String[] {"", "Content-Length: 0\r\n"}) {
            instance.answering(Script.raw("HTTP/1.1 204 No Content\r\nX-Kept: yes\r\n" + framing + "\r\n"));
            Answer answer = http11("DELETE");
            assertThat(answer.status()).isEqualTo(204);
            assertThat(answer.fields().has("X-Kept")).isTrue();
            assertThat(answer.fields().has("Content-Length")).isFalse();
            assertThat(answer.fields().has("Transfer-Encoding")).isFalse();
        }
    }

    @Test
    void rangesPass() {
        instance.answering(
                Script.raw(
                        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-4/10\r\nAccept-Ranges: bytes\r\nContent-Length: 3\r\n\r\ncde"));
        RawClient client = kit.own(door.connect()).get("/x", "Range: bytes=2-4\r\nIf-Range: \"1\"\r\n");
        Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.body()).isEqualTo("cde");
        assertThat(answer.fields().first("Content-Range")).contains("bytes 2-4/10");
        assertThat(instance.awaitRequest().fields().first("Range")).contains("bytes=2-4");
        assertThat(instance.awaitRequest().fields().first("If-Range")).contains("\"1\"");
    }

    @Test
    void anAnswerUntilTheConnectionsEndGetsChunks() {
        instance.answering(Script.rawThenClose("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
        Answer answer = http11("GET");

        assertThat(answer.body()).isEqualTo("until the end");
        assertThat(answer.whole()).isTrue();
        assertThat(answer.fields().all("Transfer-Encoding")).containsExactly("chunked");
    }

    @Test
    void anEmptyAnswerIsEmpty() {
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        Answer answer = http11("GET");

        assertThat(answer.body()).isEmpty();
        assertThat(answer.fields().all("Content-Length")).containsExactly("0");
        instance.answering(Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        assertThat(http2("GET").ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 418, 500, 503, 599})
    void theInstancesOwnErrorsAreItsOwn(int status) {
        instance.answering(
                Script.raw("HTTP/1.1 " + status + " Own Words\r\nRetry-After: 7\r\nContent-Length: 3\r\n\r\nown"));
        Answer answer = http11("GET");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEqualTo("own");
        assertThat(answer.fields().first("Retry-After")).contains("7");
    }

    @Test
    void bytesOver7FInFieldsAndBodyArriveUnchanged() {
        String name = "attachment; filename=\"\u00e4\u00ff\u0080.txt\"";
        String body = "\u0000\u007f\u0080\u00ff\r\n";
        String raw = "HTTP/1.1 200 OK\r\nContent-Disposition: " + name + "\r\nContent-Length: 6\r\n\r\n" + body;
        instance.answering(Script.raw(raw));
        Answer answer = http11("GET");

        assertThat(answer.fields().all("Content-Disposition")).containsExactly(name);
        assertThat(answer.body()).isEqualTo(body);
        instance.answering(Script.raw(raw));
        Http2Stream stream = http2("GET");
        assertThat(stream.fields().all("content-disposition")).containsExactly(name);
        assertThat(stream.data()).isEqualTo(body);
    }

    @Test
    void anEventStreamIsThereBeforeItsFirstEvent() {
        CountDownLatch event = new CountDownLatch(1);
        instance.answering((request, line) -> {
            line.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            line.await(event);
            line.send("9\r\ndata: 1\n\n\r\n0\r\n\r\n");
        });
        RawClient client = kit.own(door.connect()).get("/x");
        assertThat(client.bytes(12)).isEqualTo("HTTP/1.1 200");
        event.countDown();
        assertThat(client.bytesUntil("data: 1\n\n")).contains("text/event-stream");
    }
}
