package dev.sandgate.proxy.adversarial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.SeenRequest;
import dev.sandgate.proxy.kit.TestDoor;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Hostile HTTP/2 requests as literal frames: what becomes HTTP/1.1 behind the door must not mean more than it did. */
final class Http2CorpusTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static final ResultTable TABLE = new ResultTable("2 HTTP2");
    private static RecordingInstance instance;
    private static TestDoor door;

    @BeforeAll
    static void open() {
        instance = KIT.instance();
        door = KIT.open(DoorPlan.to(instance));
    }

    @AfterAll
    static void write() throws IOException {
        TABLE.write();
    }

    @TestFactory
    Stream<DynamicTest> streams() {
        return Stream.of("http2.json", "more-http2.json")
                .flatMap(file -> Corpus.load(file).stream())
                .map(Http2Case::of)
                .map(each -> Corpus.test(each.name(), () -> check(each)));
    }

    private static void check(Http2Case each) {
        instance.forget();
        Http2Stream answer;
        boolean hungUp;
        try (RawHttp2Client client = door.connectHttp2()) {
            answer = send(client, each);
            hungUp = client.closed() || client.goAway().isPresent();
        }
        KIT.check();
        instance.awaitQuiet();
        Run run = new Run(List.of(), hungUp, Map.of("main", Run.Seen.of(instance)), List.of());
        TABLE.add(each.name(), name(each), clientSaw(answer, hungUp), run.instanceSaw());
        judge(each, answer, run);
        aPlainRequestWorks();
        KIT.check();
    }

    private static Http2Stream send(RawHttp2Client client, Http2Case each) {
        boolean bare = each.data().isEmpty() && each.trailers().isEmpty();
        int stream = client.open(each.headers(), bare);
        if (!each.data().isEmpty()) {
            client.data(stream, each.data(), each.trailers().isEmpty());
        }
        each.trailers().ifPresent(trailers -> client.headers(stream, trailers, true));
        return client.await(stream, seen -> seen.over() || client.goAway().isPresent());
    }

    private static void judge(Http2Case each, Http2Stream answer, Run run) {
        RequestMusts.nothingSmuggled(run);
        assertThat(run.malformed()).as("what the instance cannot read").isEmpty();
        switch (each.expect()) {
            case STREAM_ERROR -> {
                boolean refused = answer.status().stream().anyMatch(status -> status / 100 == 4 || status == 501);
                assertThat(refused || answer.reset().isPresent() || run.hungUp())
                        .as("refused: " + answer)
                        .isTrue();
                assertThat(run.requests()).as("whole requests at the instance").isEmpty();
            }
            case FORWARD -> {
                assertThat(answer.status()).hasValue(200);
                assertThat(answer.reset()).isEmpty();
                assertThat(run.requests())
                        .singleElement()
                        .extracting(SeenRequest::body)
                        .isEqualTo(each.data());
            }
            case EITHER -> {
                assertThat(run.requests()).hasSizeLessThanOrEqualTo(1);
                assertThat(answer.status().stream()).noneMatch(status -> status == 500 || status == 502);
            }
        }
        each.must().forEach(must -> RequestMusts.check(must, run));
    }

    private static void aPlainRequestWorks() {
        try (RawHttp2Client client = door.connectHttp2()) {
            Fields plain = new Fields(List.of(
                    new Fields.Field(":method", "GET"),
                    new Fields.Field(":scheme", "http"),
                    new Fields.Field(":path", "/after"),
                    new Fields.Field(":authority", "a.test")));
            Http2Stream answer = client.awaitEnd(client.open(plain, true));
            assertThat(answer.data()).isEqualTo("GET /after");
        }
    }

    private static String clientSaw(Http2Stream answer, boolean hungUp) {
        String status = answer.status().isPresent() ? answer.status().getAsInt() + " " : "";
        String reset =
                answer.reset().isPresent() ? "RST_STREAM " + answer.reset().getAsLong() + " " : "";
        return (status + reset + (hungUp ? "hang-up" : "")).strip();
    }

    private static String name(Http2Case each) {
        return each.expect().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
