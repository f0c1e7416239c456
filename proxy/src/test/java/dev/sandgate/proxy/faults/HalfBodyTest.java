package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that breaks off half-way: no client may take it for a whole one. */
final class HalfBodyTest {

    private static final String LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n";
    private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String EVENTS =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** What was promised, what of it came, and how it broke off. */
    enum Half {
        LENGTH_THEN_END(LENGTH, "half", false),
        LENGTH_THEN_RESET(LENGTH, "half", true),
        CHUNKED_THEN_END(CHUNKED, "4\r\nhalf\r\n", false),
        CHUNKED_THEN_RESET(CHUNKED, "4\r\nhalf\r\n", true),
        CHUNK_CUT(CHUNKED, "8\r\nhalf", false),
        LAST_CHUNK_CUT(CHUNKED, "4\r\nhalf\r\n0\r\n", false),
        BAD_CHUNK(CHUNKED, "4\r\nhalf\r\nzz\r\n", false),
        EVENTS_THEN_END(EVENTS, "4\r\nhalf\r\n", false),
        EVENTS_THEN_RESET(EVENTS, "4\r\nhalf\r\n", true);

        final String head;
        final String part;
        final boolean reset;

        Half(String head, String part, boolean reset) {
            this.head = head;
            this.part = part;
            this.reset = reset;
        }

        /** All in one piece; or the end only after the client has seen the half. */
        Script script(CountDownLatch seen) {
            return (request, line) -> {
                line.send(head + part);
                line.await(seen);
                if (reset) {
                    line.reset();
                } else {
                    line.close();
                }
            };
        }
    }

    @RegisterExtension
    final Invariants kit = new Invariants();

    @ParameterizedTest
    @EnumSource
    void isACutAndNeverACleanEnd(Half half) {
        CountDownLatch seen = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering(half.script(seen));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect()).get("/");
        String head = awaitHalf(client);
        seen.countDown();
        client.awaitHangUp();

        assertThat(head).startsWith("HTTP/1.1 200 OK");
        assertThat(client.heard()).doesNotContain("\r\n0\r\n");
        Ask.awaitLogged(door, "\"status\":200", "\"reason\":\"answer-cut\"");
        instance.awaitConnections(0);
    }

    /** Reads up to the half of the body. */
    private static String awaitHalf(RawClient client) {
        StringBuilder heard = new StringBuilder();
        while (heard.indexOf("half") < 0) {
            heard.append(client.bytes(1));
        }
        if (heard.indexOf("chunked") >= 0) {
            client.bytes(2);
        }
        return heard.toString();
    }

    @ParameterizedTest
    @EnumSource
    void isACutWhenAllCameAtOnce(Half half) {
        CountDownLatch seen = new CountDownLatch(0);
        RecordingInstance instance = kit.instance().answering(half.script(seen));
        TestDoor door = kit.open(DoorPlan.to(instance));

        Answer answer = kit.own(door.connect()).get("/").answer();
        assertThat(answer.status() == 502 || !answer.whole())
                .as(answer.toString())
                .isTrue();
        Ask.awaitLogged(door, answer.whole() ? "instance-broken" : "answer-cut");
    }

    @ParameterizedTest
    @EnumSource
    void resetsAnHttp2Stream(Half half) {
        CountDownLatch seen = new CountDownLatch(1);
        RecordingInstance instance = kit.instance().answering(half.script(seen));
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawHttp2Client client = kit.own(door.connectHttp2());
        int stream = client.open(Ask.http2("GET", "/"), true);
        client.await(stream, sofar -> sofar.data().equals("half"));
        seen.countDown();

        Http2Stream cut = client.awaitEnd(stream);
        assertThat(cut.ended()).isFalse();
        assertThat(cut.reset()).hasValue(2);
        Ask.awaitLogged(door, "\"status\":200", "\"reason\":\"answer-cut\"");
        instance.answering(Script.echo());
        assertThat(client.awaitEnd(client.open(Ask.http2("GET", "/next"), true)).data())
                .isEqualTo("GET /next");
    }
}
