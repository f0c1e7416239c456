package dev.sandgate.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WebSocketEndpointsTest implements WebSocket.Listener {

    /** How a close frame begins. */
    private static final String CLOSE = String.valueOf((char) 0x88);

    private final SandboxUnderTest under = new SandboxUnderTest(options -> options.withMaxSessions(1));
    private final HttpClient client = HttpClient.newHttpClient();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final AtomicLong binary = new AtomicLong();

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void saysAtOnceWhoAnswersAndCountsForTheSession() throws Exception {
        WebSocket socket = open("/ws?session=s1", "echo");
        assertThat(new JsonObject(next()))
                .isEqualTo(new JsonObject()
                        .put("instance", "a")
                        .put("session", "s1")
                        .put("count", 1)
                        .put("protocol", "echo"));
        assertThat(socket.getSubprotocol()).isEqualTo("echo");
        socket.sendText("count", true).join();
        assertThat(new JsonObject(next()).getLong("count")).isEqualTo(2);
        socket.abort();
    }

    @Test
    void echoesTextAsTextAndBinaryAsBinaryAndAnswersPings() throws Exception {
        WebSocket socket = open("/ws");
        assertThat(new JsonObject(next()).getString("session")).isNull();
        socket.sendText("hello", true).join();
        assertThat(next()).isEqualTo("hello");
        socket.sendBinary(ByteBuffer.wrap(new byte[3]), true).join();
        assertThat(next()).isEqualTo("binary 3");
        socket.sendPing(ByteBuffer.wrap(new byte[2])).join();
        assertThat(next()).isEqualTo("pong 2");
        socket.abort();
    }

    @Test
    void closesWithTheCodeThatItIsAskedFor() throws Exception {
        WebSocket socket = open("/ws");
        next();
        socket.sendText("close 4001 why not", true).join();
        assertThat(next()).isEqualTo("closed 4001 why not");
    }

    @Test
    void floodsAsMuchAsItIsAskedFor() throws Exception {
        WebSocket socket = open("/ws");
        next();
        socket.sendText("flood 4", true).join();
        socket.sendText("over", true).join();
        for (String message = next(); binary.get() < 4 * 1024 * 1024; message = next()) {
            assertThat(message).matches("binary [0-9]+|over");
        }
        assertThat(binary.get()).isEqualTo(4 * 1024 * 1024);
        socket.abort();
    }

    @Test
    void hangsUpWithoutACloseWhenAskedTo() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), under.sandbox().port())) {
            socket.setSoTimeout(10_000);
            String upgrade = """
                    GET /ws HTTP/1.1\r
                    Host: localhost\r
                    Connection: Upgrade\r
                    Upgrade: websocket\r
                    Sec-WebSocket-Version: 13\r
                    Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                    \r
                    """;
            socket.getOutputStream().write(upgrade.getBytes(StandardCharsets.US_ASCII));
            assertThat(headOf(socket.getInputStream())).startsWith("HTTP/1.1 101 ");
            // a text of four bytes, masked with nothing; only now, since before the 101 no frame may be sent (RFC 6455
            // 4.1)
            socket.getOutputStream().write(new byte[] {(byte) 0x81, (byte) 0x84, 0, 0, 0, 0, 'd', 'r', 'o', 'p'});
            String heardToTheEnd = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(heardToTheEnd).doesNotContain(CLOSE);
        }
    }

    @Test
    void refusesAnUpgradeWithABody() throws Exception {
        assertThatThrownBy(() -> open("/ws/refuse"))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                refused.getResponse().statusCode())
                        .isEqualTo(403));
        assertThat(under.get("/ws/refuse").body()).contains("this WebSocket is refused");
        assertThat(under.get("/ws").statusCode()).isEqualTo(426);
        open("/ws?session=s1").abort();
        assertThatThrownBy(() -> open("/ws?session=s2")).hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    private static String headOf(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            if (read < 0) {
                throw new EOFException("the connection ended inside the head: " + head);
            }
            head.append((char) read);
        }
        return head.toString();
    }

    private WebSocket open(String target, String... protocols) {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        for (String protocol : protocols) {
            builder.subprotocols(protocol);
        }
        return builder.buildAsync(URI.create("ws://127.0.0.1:" + under.sandbox().port() + target), this)
                .join();
    }

    private String next() throws InterruptedException {
        return String.valueOf(heard.poll(10, TimeUnit.SECONDS));
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        heard.add(data.toString());
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        binary.addAndGet(data.remaining());
        heard.add("binary " + data.remaining());
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
        heard.add("pong " + data.remaining());
        socket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        heard.add("closed " + code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
        heard.add("failed");
    }
}
