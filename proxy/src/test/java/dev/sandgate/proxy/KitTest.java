package dev.sandgate.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.DeadInstance;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Fields;
import dev.sandgate.proxy.kit.Http2Stream;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.RawHttp2Client;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.SeenRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The kit itself: a test is worth what it would notice. */
final class KitTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    @Test
    void theInstanceRecordsWhatItReadAndEchoes() {
        RecordingInstance instance = kit.instance();
        RawClient client = kit.own(RawClient.to(instance.port()));
        client.send(
                "POST /a?b HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Check: 1\r\n\r\n");
        Answer answer = client.answer();
        SeenRequest request = instance.awaitRequest();

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.whole()).isTrue();
        assertThat(answer.body()).isEqualTo("POST /a?b");
        assertThat(request.body()).isEqualTo("abc");
        assertThat(request.trailers().first("x-check")).contains("1");
        assertThat(instance.received()).singleElement().asString().endsWith("X-Check: 1\r\n\r\n");
        client.get("/next");
        assertThat(client.answer().body()).isEqualTo("GET /next");
        assertThat(instance.accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /p HTTP/1.1\nHost: a\r\n\r\n",
                "GET  /p HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET http://a/p HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /p#x HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /\u00ff HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET /p HTTP/1.0\r\nHost: a\r\n\r\n",
                "GET /p HTTP/1.1\r\n\r\n",
                "GET /p HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                "GET /p HTTP/1.1\r\nHost: u@a\r\n\r\n",
                "GET /p HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n",
                "GET /p HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
                "GET /p HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
                "GET /p HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n",
                "GET /p HTTP/1.1\r\nHost: a\r\nX: b\u0000c\r\n\r\n",
                "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 01\r\n\r\nx",
                "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
                "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
                "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\na\r\n0\r\n\r\n",
                "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab0\r\n\r\n",
                "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n"
            })
    void theInstanceRefusesWhatNoSenderMayWrite(String bytes) {
        RecordingInstance instance = kit.instance();
        RawClient client = kit.own(RawClient.to(instance.port()));
        client.send(bytes);
        client.awaitHangUp();

        assertThat(instance.malformed()).hasSize(1);
        assertThat(instance.requests()).isEmpty();
    }

    @Test
    void aRequestThatIsCutIsAHeadAndNeverARequest() {
        RecordingInstance instance = kit.instance();
        RawClient client = kit.own(RawClient.to(instance.port()));
        client.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel")
                .halfClose();
        client.awaitHangUp();

        assertThat(instance.heads()).hasSize(1);
        assertThat(instance.requests()).isEmpty();
        assertThat(instance.malformed()).isEmpty();
    }

    @Test
    void scriptsCutResetStallAndWaitForTheTest() {
        RecordingInstance instance = kit.instance();
        instance.answering(Script.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
        Answer half = kit.own(RawClient.to(instance.port())).get("/p").answer();
        assertThat(half.whole()).isFalse();
        assertThat(half.body()).isEqualTo("half");

        instance.answering(Script.rawThenReset("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
        assertThat(kit.own(RawClient.to(instance.port()))
                        .get("/p")
                        .answer("GET")
                        .filter(Answer::whole))
                .isEmpty();

        CountDownLatch event = new CountDownLatch(1);
        instance.answering(Script.after(event, Script.ok("late")));
        RawClient waiting = kit.own(RawClient.to(instance.port())).get("/late");
        instance.awaitRequest(request -> request.target().equals("/late"));
        assertThat(waiting.heard()).isEmpty();
        event.countDown();
        assertThat(waiting.answer().body()).isEqualTo("late");

        instance.answering(Script.rawThenStall(""));
        RawClient stalled = kit.own(RawClient.to(instance.port())).get("/stall");
        instance.awaitRequest(request -> request.target().equals("/stall"));
        stalled.close();
        waiting.close();
        instance.awaitConnections(0);
    }

    @Test
    void anInstanceMayAnswerBeforeTheBodyCame() {
        RecordingInstance instance = kit.instance();
        instance.onHead((head, line) -> {
            line.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
            line.close();
        });
        RawClient client = kit.own(RawClient.to(instance.port()));
        client.send("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n");

        assertThat(client.answer().status()).isEqualTo(413);
        assertThat(instance.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
                "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 a\u0000b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na"
            })
    void theClientRefusesWhatNoServerMayWrite(String bytes) {
        RecordingInstance instance = kit.instance();
        instance.answering(Script.raw(bytes));
        RawClient client = kit.own(RawClient.to(instance.port())).get("/p");

        assertThatThrownBy(client::answer).hasRootCauseInstanceOf(IOException.class);
    }

    @Test
    void theClientPassesOverInterimAnswersAndReadsTrailers() {
        RecordingInstance instance = kit.instance();
        instance.answering(
                Script.raw(
                        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n"));
        Answer answer = kit.own(RawClient.to(instance.port())).get("/p").answer();

        assertThat(answer.interim()).containsExactly(103);
        assertThat(answer.body()).isEqualTo("ok");
        assertThat(answer.trailers().first("X-Sum")).contains("7");
    }

    @Test
    void nobodyConnectsToADeadInstance() throws IOException {
        DeadInstance refusing = kit.own(DeadInstance.refusing());
        DeadInstance silent = kit.own(DeadInstance.silent());
        try (Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(refusing.address(), 500)).hasMessageContaining("refused");
        }
        try (Socket socket = new Socket()) {
            assertThatThrownBy(() -> socket.connect(silent.address(), 100)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void speaksHttp2WithARealServer() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            HttpServer server = vertx.createHttpServer()
                    .requestHandler(request -> request.body().onSuccess(body -> {
                        request.response().putHeader("x-path", request.path());
                        request.response()
                                .end(body.toString()
                                        + request.getHeader("x-long").length());
                    }))
                    .listen(0, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(8, TimeUnit.SECONDS);
            RawHttp2Client client = kit.own(RawHttp2Client.to(server.actualPort()));
            int stream = client.open(
                    new Fields(List.of(
                            new Fields.Field(":method", "POST"),
                            new Fields.Field(":scheme", "http"),
                            new Fields.Field(":path", "/p"),
                            new Fields.Field(":authority", "a.test"),
                            new Fields.Field("x-long", "a".repeat(5_000)))),
                    false);
            client.data(stream, "hello", false);
            client.data(stream, "", true);
            Http2Stream answer = client.awaitEnd(stream);

            assertThat(answer.status()).hasValue(200);
            assertThat(answer.data()).isEqualTo("hello5000");
            assertThat(answer.fields().first("x-path")).contains("/p");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(8, TimeUnit.SECONDS);
        }
    }

    @Test
    void hearsLogLinesThatNoTestAnnounced() {
        kit.log().expect("announced");
        LoggerFactory.getLogger(KitTest.class).warn("announced {}", 1);
        kit.check();
        LoggerFactory.getLogger(KitTest.class).warn("a surprise");

        assertThatThrownBy(kit::check).hasMessageContaining("a surprise");
    }

    @Test
    void plansAreWholeConfigurations() {
        RecordingInstance instance = kit.instance();
        var config = DoorPlan.to(instance)
                .main(pool -> pool.perInstance(1).connections(3))
                .config();

        assertThat(config.pools()).containsOnlyKeys("main");
        assertThat(config.routes()).singleElement().satisfies(route -> assertThat(route.paths())
                .containsExactly("/"));
        assertThat(config.pools()).hasEntrySatisfying("main", pool -> assertThat(pool.connections())
                .isEqualTo(3));
    }
}
