package dev.sandgate.proxy.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.PoolPlan;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a refusal looks like: the same for people and machines, over every protocol. */
final class RefusalTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static TestDoor door;

    @BeforeAll
    static void open() {
        RecordingInstance full = KIT.instance();
        RecordingInstance broken = KIT.instance().answering(Script.rawThenClose("nonsense\r\n\r\n"));
        RecordingInstance mute = KIT.instance().answering(Script.rawThenStall(""));
        DeadInstance dead = KIT.own(DeadInstance.refusing());
        AffinityConfig header = new AffinityConfig.Header("X-Session-Id", false);
        door = KIT.open(DoorPlan.toUrls()
                .withoutMain()
                .pool(PoolPlan.of("full", full).perInstance(1).queue(0, Duration.ofMillis(100)))
                .pool(PoolPlan.of("broken", broken))
                .pool(PoolPlan.of("mute", mute).firstByte(Duration.ofMillis(200)))
                .pool(PoolPlan.named("dead", dead.url()))
                .pool(PoolPlan.of("made", full))
                .route("/full", "full", header)
                .route("/broken", "broken", header)
                .route("/mute", "mute", header)
                .route("/dead", "dead", header)
                .route("/made", "made", new AffinityConfig.Header("X-Session-Id", true)));
        try (RawClient client = door.connect()) {
            client.get("/full", "X-Session-Id: first\r\n").answer();
        }
    }

    private static void check(int status, String reason, boolean retry, Fields fields, String body) {
        JsonObject problem = new JsonObject(body);
        assertThat(problem.fieldNames()).containsExactly("type", "title", "status", "detail", "reason", "requestId");
        assertThat(problem.getString("type")).isEqualTo("urn:sandgate:reason:" + reason);
        assertThat(problem.getString("title")).isNotBlank();
        assertThat(problem.getString("detail")).isNotBlank();
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("reason")).isEqualTo(reason);
        assertThat(problem.getString("requestId")).isEqualTo("asked");
        assertThat(fields.all("Content-Type")).containsExactly("application/problem+json");
        assertThat(fields.all("Cache-Control")).containsExactly("no-store");
        assertThat(fields.all("X-Request-Id")).containsExactly("asked");
        assertThat(fields.all("Content-Length")).containsExactly(Integer.toString(body.length()));
        assertThat(fields.has("Retry-After")).isEqualTo(retry);
        fields.first("Retry-After")
                .ifPresent(seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 60));
    }

    @ParameterizedTest
    @CsvSource({
        "/none, 404, route-unknown, false",
        "/full/x, 503, pool-full, true",
        "/broken/x, 502, instance-broken, false",
        "/mute/x, 504, instance-timeout, false",
        "/made/x, 404, session-unknown, false"
    })
    void aRefusalIsTheSameOverEveryProtocolAndHasNoBodyForHead(String path, int status, String reason, boolean retry) {
        String lines = "X-Request-Id: asked\r\nX-Session-Id: second\r\n";
        try (RawClient client = door.connect();
                RawHttp2Client http2 = door.connectHttp2()) {
            Answer answer = client.get(path, lines).answer();
            assertThat(answer.status()).isEqualTo(status);
            check(status, reason, retry, answer.fields(), answer.body());

            Answer head = client.send("HEAD " + path + " HTTP/1.1\r\nHost: a.test\r\n" + lines + "\r\n")
                    .answer("HEAD")
                    .orElseThrow();
            assertThat(head.status()).isEqualTo(status);
            assertThat(head.fields().first("Content-Length"))
                    .isEqualTo(answer.fields().first("Content-Length"));
            assertThat(client.get("/none").answer().status()).isEqualTo(404);

            Http2Stream stream = http2.awaitEnd(
                    http2.open(Http2.head("GET", path, "x-request-id", "asked", "x-session-id", "second"), true));
            assertThat(stream.status()).hasValue(status);
            check(status, reason, retry, stream.fields(), stream.data());

            Http2Stream bare = http2.awaitEnd(http2.open(Http2.head("HEAD", path, "x-session-id", "second"), true));
            assertThat(bare.status()).hasValue(status);
            assertThat(bare.data()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /.., 400, path-invalid",
        "TRACE, /, 405, method-refused",
        "GET, /full/a, 400, session-malformed",
        "GET, noslash, 400, request-malformed"
    })
    void whatIsMalformedIsRefusedInTheSameShape(String method, String target, int status, String reason) {
        try (RawClient client = door.connect()) {
            client.send(method + " " + target
                    + " HTTP/1.1\r\nHost: a.test\r\nX-Request-Id: asked\r\nX-Session-Id:\r\n\r\n");
            Answer answer = client.answer();

            assertThat(answer.status()).isEqualTo(status);
            check(status, reason, false, answer.fields(), answer.body());
        }
    }

    @Test
    void aNewSessionThatNoInstanceCouldBeReachedForIsABadGateway() {
        try (RawClient client = door.connect()) {
            Answer answer = client.get("/dead/x", "X-Request-Id: asked\r\nX-Session-Id: s\r\n")
                    .answer();

            assertThat(answer.status()).isEqualTo(502);
            check(502, "instance-unreachable", false, answer.fields(), answer.body());
        }
    }

    @Test
    void aRefusedUploadOverHttp2EndsItsStreamAloneAndWithoutAnError() {
        try (RawHttp2Client client = door.connectHttp2()) {
            int refused = client.open(Http2.head("POST", "/none"), false);
            assertThat(client.awaitEnd(refused).status()).hasValue(404);

            int next = client.open(Http2.head("GET", "/none"), true);
            assertThat(client.awaitEnd(next).status()).hasValue(404);
            assertThat(client.stream(refused).reset().stream()).allMatch(code -> code == 0);
        }
    }

    @Test
    void aPieceOfAnUploadThatCrossesItsRefusalHarmsNoOtherStream() {
        try (RawHttp2Client client = door.connectHttp2()) {
            int refused = client.open(Http2.head("POST", "/none"), false);
            client.data(refused, "some", false);
            Http2Stream answer = client.awaitEnd(refused);
            assertThat(answer.status()).hasValue(404);

            int next = client.open(Http2.head("GET", "/none"), true);
            assertThat(client.awaitEnd(next).status()).hasValue(404);
            // the answer was whole before; a piece that crossed it is told that the stream is closed (RFC 9113 5.1)
            assertThat(client.stream(refused).reset().stream())
                    .allMatch(code -> code == Http2Error.NO_ERROR.code() || code == Http2Error.STREAM_CLOSED.code());
        }
    }
}
