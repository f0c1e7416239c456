package dev.sandgate.proxy.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.TestDoor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that turn out to be broken after the door has begun with them. */
final class BadBytesTest {

    private static final String UPLOAD = "POST /up HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n";

    @RegisterExtension
    final Invariants kit = new Invariants();

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "5\r\nhello\r\nzz\r\n", "-1\r\n", "5\r\nhelloXX0\r\n\r\n"})
    void neverFinishesARequestWhoseChunksAreBad(String chunks) {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect()).send(UPLOAD + chunks);
        assertThat(client.answersToTheEnd()).allMatch(answer -> answer.status() >= 400);
        door.awaitRest();
        instance.awaitConnections(0);
        assertThat(instance.requests()).isEmpty();
        assertThat(instance.malformed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "-1\r\n", "5\r\nhelloXX0\r\n\r\n"})
    void cutsTheUploadWhenABadChunkFollowsAGoodOne(String chunk) {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawClient client = kit.own(door.connect()).send(UPLOAD + "4\r\ngood\r\n");
        Await.until(
                () -> instance.received().stream().anyMatch(text -> text.contains("good")),
                () -> "the first chunk never arrives");
        client.send(chunk);
        assertThat(client.answersToTheEnd()).allMatch(answer -> answer.status() >= 400);
        door.awaitRest();
        instance.awaitConnections(0);
        assertThat(instance.requests()).isEmpty();
        assertThat(instance.malformed()).isEmpty();
    }

    @Test
    void servesOthersAfterHttp2PathsThatNoRequestLineCanCarry() {
        RecordingInstance instance = kit.instance();
        TestDoor door = kit.open(DoorPlan.to(instance));
        RawHttp2Client client = kit.own(door.connectHttp2());
        for (int i = 0; i < 20; i++) {
            Http2Stream answer = client.awaitEnd(client.open(Ask.http2("GET", "/a b" + i), true));
            assertThat(Told.by(answer)).isEqualTo(Told.once(400, "request-malformed"));
        }
        assertThat(instance.heads()).isEmpty();
        for (int i = 0; i < 20; i++) {
            assertThat(client.awaitEnd(client.open(Ask.http2("GET", "/plain" + i), true))
                            .data())
                    .isEqualTo("GET /plain" + i);
        }
        assertThat(Ask.once(door, "a").status()).isEqualTo(200);
    }
}
