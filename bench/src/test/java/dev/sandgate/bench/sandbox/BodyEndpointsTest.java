package dev.sandgate.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BodyEndpointsTest {

    private static final byte[] TEN_MEBIBYTES = Noise.piece(0, 10 << 20).getBytes();

    private final SandboxUnderTest under = new SandboxUnderTest();

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void echoesTenMebibytesByLength() {
        Echo echo = echo(request -> request.putHeader("Content-Length", Integer.toString(TEN_MEBIBYTES.length)));
        assertThat(echo.body().getBytes()).isEqualTo(TEN_MEBIBYTES);
        assertThat(echo.fields().get("Content-Type")).isEqualTo("application/x-noise");
        assertThat(echo.fields().get("Content-Length")).isEqualTo("10485760");
    }

    @Test
    void echoesTenMebibytesInChunks() {
        Echo echo = echo(request -> request.setChunked(true));
        assertThat(echo.body().getBytes()).isEqualTo(TEN_MEBIBYTES);
        assertThat(echo.fields().get("Transfer-Encoding")).isEqualTo("chunked");
    }

    @Test
    void echoesNothingForNothing() throws Exception {
        HttpResponse<String> echo =
                under.send(under.to("/echo").POST(BodyPublishers.noBody()), BodyHandlers.ofString());
        assertThat(echo.body()).isEmpty();
    }

    @Test
    void cutsTheEchoWhenTheUploadBreaks() throws Exception {
        try (Socket socket = under.connect()) {
            String half = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n";
            socket.getOutputStream().write(half.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).doesNotContain("\r\n0\r\n\r\n");
        }
    }

    @Test
    void servesTheSameBytesByLengthAndInChunks() throws Exception {
        HttpResponse<byte[]> byLength = bytes("/bytes?n=1000003");
        HttpResponse<byte[]> inChunks = bytes("/bytes?n=1000003&chunked=true");
        assertThat(byLength.headers().firstValue("Content-Length")).hasValue("1000003");
        assertThat(inChunks.headers().firstValue("Transfer-Encoding")).hasValue("chunked");
        assertThat(byLength.body())
                .isEqualTo(Noise.piece(0, 1_000_003).getBytes())
                .isEqualTo(inChunks.body());
    }

    @Test
    void servesMoreThanFourGibibytesToAReaderThatLooksAtTheStart() throws Exception {
        long length = 5L << 30;
        try (InputStream body = under.send(under.to("/bytes?n=" + length), BodyHandlers.ofInputStream())
                .body()) {
            assertThat(body.readNBytes(1 << 20))
                    .isEqualTo(Noise.piece(0, 1 << 20).getBytes());
        }
        assertThat(under.get("/bytes?n=-1").statusCode()).isEqualTo(400);
        assertThat(under.get("/bytes?n=many").body()).contains("n: many (expected: 0 to ");
    }

    @Test
    void makesAnyPartOfTheNoiseWithoutThePartsBefore() {
        byte[] whole = Noise.piece(0, 100).getBytes();
        assertThat(Noise.piece(13, 50).getBytes()).isEqualTo(Arrays.copyOfRange(whole, 13, 63));
    }

    @Test
    void tellsLengthAndSha256OfAnUpload() throws Exception {
        HttpResponse<String> told =
                under.send(under.to("/sink").PUT(BodyPublishers.ofByteArray(TEN_MEBIBYTES)), BodyHandlers.ofString());
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(TEN_MEBIBYTES));
        JsonObject body = new JsonObject(told.body());
        assertThat(body.getLong("length")).isEqualTo(TEN_MEBIBYTES.length);
        assertThat(body.getString("sha256")).isEqualTo(sha256);
    }

    private record Echo(MultiMap fields, Buffer body) {}

    /** Sends ten mebibytes and reads the echo meanwhile; the client of the JDK reads only after it has sent all. */
    private Echo echo(UnaryOperator<HttpClientRequest> framing) {
        Vertx vertx = Vertx.vertx();
        try {
            return vertx.createHttpClient()
                    .request(HttpMethod.POST, under.sandbox().port(), "127.0.0.1", "/echo")
                    .compose(request -> framing.apply(request.putHeader("Content-Type", "application/x-noise"))
                            .send(Buffer.buffer(TEN_MEBIBYTES)))
                    .compose(answer -> answer.body().map(body -> new Echo(answer.headers(), body)))
                    .await();
        } finally {
            vertx.close().await();
        }
    }

    private HttpResponse<byte[]> bytes(String target) throws IOException, InterruptedException {
        return under.send(under.to(target), BodyHandlers.ofByteArray());
    }
}
