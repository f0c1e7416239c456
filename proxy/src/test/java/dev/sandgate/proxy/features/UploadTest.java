package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Request bodies arrive whole and framed once, however the client framed them. */
final class UploadTest {

    private static final String KIB = "0123456789abcde\n".repeat(64);

    @RegisterExtension
    final Invariants kit = new Invariants();

    private RecordingInstance instance;
    private TestDoor door;

    @BeforeEach
    void open() {
        instance = kit.instance();
        door = kit.open(DoorPlan.to(instance));
    }

    @Test
    void aLengthStaysALength() {
        RawClient client = kit.own(door.connect())
                .send("POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1024\r\n\r\n")
                .send(KIB);

        assertThat(client.answer().status()).isEqualTo(200);
        SeenRequest seen = instance.awaitRequest();
        assertThat(seen.body()).isEqualTo(KIB);
        assertThat(seen.fields().all("Content-Length")).containsExactly("1024");
        assertThat(seen.fields().has("Transfer-Encoding")).isFalse();
    }

    @Test
    void chunksStayChunksWithoutTheirExtensions() {
        RawClient client = kit.own(door.connect())
                .send("POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n")
                .send("3;name=value\r\nabc\r\n")
                .send("400\r\n" + KIB + "\r\n")
                .send("0\r\n\r\n");

        assertThat(client.answer().status()).isEqualTo(200);
        SeenRequest seen = instance.awaitRequest();
        assertThat(seen.body()).isEqualTo("abc" + KIB);
        assertThat(seen.fields().all("Transfer-Encoding")).containsExactly("chunked");
        assertThat(client.get("/next").answer().body()).isEqualTo("GET /next");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 0\r\n", "Transfer-Encoding: chunked\r\n"})
    void anEmptyBodyIsSaidToBeEmpty(String framing) {
        String end = framing.startsWith("T") ? "0\r\n\r\n" : "";
        RawClient client =
                kit.own(door.connect()).send("POST /x HTTP/1.1\r\nHost: a.test\r\n" + framing + "\r\n" + end);

        assertThat(client.answer().status()).isEqualTo(200);
        SeenRequest seen = instance.awaitRequest();
        assertThat(seen.body()).isEmpty();
        assertThat(seen.fields().has("Content-Length") || seen.fields().has("Transfer-Encoding"))
                .isTrue();
    }

    @Test
    void aRequestWithoutABodyGetsNoFraming() {
        kit.own(door.connect()).get("/x").answer();
        RawHttp2Client http2 = kit.own(door.connectHttp2());
        http2.awaitEnd(http2.open(Http2.head("GET", "/x"), true));
        http2.awaitEnd(http2.open(Http2.head("DELETE", "/x"), true));

        assertThat(instance.requests()).hasSize(3).allSatisfy(seen -> {
            assertThat(seen.fields().has("Content-Length")).isFalse();
            assertThat(seen.fields().has("Transfer-Encoding")).isFalse();
        });
    }

    @Test
    void anHttp2UploadOfAMebibyteWithoutALengthArrivesWhole() {
        RawHttp2Client client = kit.own(door.connectHttp2());
        int stream = client.open(Http2.head("POST", "/x"), false);
        StringBuilder all = new StringBuilder();
        for (int piece = 0; piece < 128; piece++) {
            String data = (piece + ":" + KIB.repeat(8)).substring(0, 8192);
            all.append(data);
            client.upload(stream, data, piece == 127);
        }

        assertThat(client.awaitEnd(stream).status()).hasValue(200);
        assertThat(instance.awaitRequest().body()).isEqualTo(all.toString()).hasSize(1 << 20);
    }

    @Test
    void anHttp2UploadWithALengthKeepsIt() {
        RawHttp2Client client = kit.own(door.connectHttp2());
        int stream = client.open(Http2.head("POST", "/x", "content-length", "2048"), false);
        client.data(stream, KIB, false);
        client.data(stream, KIB, true);

        assertThat(client.awaitEnd(stream).status()).hasValue(200);
        SeenRequest seen = instance.awaitRequest();
        assertThat(seen.body()).isEqualTo(KIB + KIB);
        assertThat(seen.fields().all("Content-Length")).containsExactly("2048");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tiny"})
    void anHttp2UploadInOneLastFrameArrives(String body) {
        RawHttp2Client client = kit.own(door.connectHttp2());
        for (int round = 0; round < 20; round++) {
            int stream = client.open(Http2.head("POST", "/" + round), false);
            client.data(stream, body, true);
            Http2Stream answer = client.awaitEnd(stream);
            assertThat(answer.data()).isEqualTo("POST /" + round);
        }
        assertThat(instance.requests())
                .hasSize(20)
                .extracting(SeenRequest::body)
                .containsOnly(body);
    }

    @Test
    void anHttp2UploadThatEndsLaterThanItsLastByteArrives() {
        RawHttp2Client client = kit.own(door.connectHttp2());
        int late = client.open(Http2.head("POST", "/late"), false);
        // another exchange in between: the head of the first has long been read
        client.awaitEnd(client.open(Http2.head("GET", "/between"), true));
        client.data(late, "some", false);
        instance.awaitHead(head -> head.target().equals("/late"));
        client.data(late, "", true);

        assertThat(client.awaitEnd(late).data()).isEqualTo("POST /late");
        assertThat(instance.awaitRequest(seen -> seen.target().equals("/late")).body())
                .isEqualTo("some");
    }

    @Test
    void manyHttp2UploadsAtOnceDoNotMix() {
        RawHttp2Client client = kit.own(door.connectHttp2());
        int[] streams = new int[20];
        for (int at = 0; at < streams.length; at++) {
            streams[at] = client.open(Http2.head("POST", "/" + at), false);
        }
        for (int round = 0; round < 4; round++) {
            for (int at = 0; at < streams.length; at++) {
                client.upload(streams[at], (char) ('a' + at) + KIB, round == 3);
            }
        }
        for (int at = 0; at < streams.length; at++) {
            String target = "/" + at;
            String body = ((char) ('a' + at) + KIB).repeat(4);
            assertThat(client.awaitEnd(streams[at]).data()).isEqualTo("POST " + target);
            assertThat(instance.awaitRequest(seen -> seen.target().equals(target))
                            .body())
                    .isEqualTo(body);
        }
    }

    @Test
    void anUploadOfAMebibyteOverHttp11ArrivesWhole() {
        String body = KIB.repeat(1024);
        RawClient client = kit.own(door.connect())
                .send("PUT /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: " + body.length() + "\r\n\r\n")
                .send(body);
        Answer answer = client.answer();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(instance.awaitRequest().body()).isEqualTo(body);
    }
}
