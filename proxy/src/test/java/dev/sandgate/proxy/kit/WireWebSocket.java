package dev.sandgate.proxy.kit;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A WebSocket client of bare bytes. It reads only when it is asked to, so a client that is not asked is a slow reader;
 * while it reads it answers pings. One thread; every wait is bounded by {@link Await#PATIENCE}.
 */
public final class WireWebSocket implements AutoCloseable {

    /** The code that stands for a connection that ended without a close frame. */
    public static final int CUT = 1006;

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="; // RFC 6455, 1.3
    private static final int MASK = 0x37fa213d;

    /** A message as it came, its fragments put together. */
    public record Message(boolean text, Buffer payload) {

        public String asText() {
            return payload.toString();
        }
    }

    /** How the other side ended it. */
    public record Closed(int code, String reason) {}

    private final Socket socket;
    private final Transcript transcript;
    private final Answer handshake;
    private Optional<Closed> closed = Optional.empty();
    private boolean closeSent;

    private WireWebSocket(int port, String target, List<String> lines) throws IOException {
        socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) Await.PATIENCE.toMillis());
        transcript = new Transcript(socket);
        StringBuilder head = new StringBuilder("GET " + target + " HTTP/1.1\r\n");
        if (lines.stream().noneMatch(line -> line.regionMatches(true, 0, "Host:", 0, 5))) {
            head.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        head.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ")
                .append(KEY)
                .append("\r\n");
        lines.forEach(line -> head.append(line).append("\r\n"));
        socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        handshake = readHandshake();
    }

    private Answer readHandshake() throws IOException {
        transcript.within(Await.PATIENCE);
        StrictReader reader = new StrictReader(transcript);
        Answer head = reader.answerHead().orElseThrow(() -> new EOFException("hung up without an answer"));
        if (head.status() == 101) {
            if (!head.fields().all("Sec-WebSocket-Accept").equals(List.of(ACCEPT))) {
                throw new AssertionError("not the answer to this handshake: " + head.fields());
            }
            return head;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        reader.body(Framing.ofAnswer("GET", head.status(), head.fields()), body);
        String text = body.toString(StandardCharsets.ISO_8859_1);
        return new Answer(head.status(), head.reason(), head.fields(), text, Fields.NONE, true, List.of());
    }

    /** Asks for an upgrade, with these field lines, and waits for what comes of it. */
    public static WireWebSocket ask(int port, String target, String... lines) {
        try {
            return new WireWebSocket(port, target, List.of(lines));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The same; fails where it is refused. */
    public static WireWebSocket open(int port, String target, String... lines) {
        WireWebSocket socket = ask(port, target, lines);
        if (!socket.accepted()) {
            socket.close();
            throw new AssertionError("refused: " + socket.handshake + " " + socket.handshake.body());
        }
        return socket;
    }

    /** The answer to the handshake; with its body where it is a refusal. */
    public Answer handshake() {
        return handshake;
    }

    public boolean accepted() {
        return handshake.status() == 101;
    }

    /** Empty: none was chosen. */
    public Optional<String> subProtocol() {
        return handshake.fields().first("Sec-WebSocket-Protocol");
    }

    /** The next message; fails where the connection is closed instead. */
    public Message receive() {
        return next().orElseThrow(() -> new AssertionError("closed instead: " + closed));
    }

    /** The next message, which must be a text. */
    public String text() {
        Message message = receive();
        if (!message.text()) {
            throw new AssertionError("binary, " + message.payload().length() + " bytes");
        }
        return message.asText();
    }

    /** The next message, which must be a JSON object: the first of the demo sandbox is one. */
    public JsonObject json() {
        return new JsonObject(text());
    }

    /** The next message; empty: the other side closed, and {@link #closed()} tells how. */
    public Optional<Message> next() {
        transcript.within(Await.PATIENCE);
        try {
            return closed.isPresent() ? Optional.empty() : message();
        } catch (SocketTimeoutException late) {
            throw new AssertionError("nothing came in time", late);
        } catch (Malformed broken) {
            throw new UncheckedIOException(broken);
        } catch (IOException cut) {
            closed = Optional.of(new Closed(CUT, ""));
            return Optional.empty();
        }
    }

    private Optional<Message> message() throws IOException {
        Buffer payload = Buffer.buffer();
        int kind = WireFrame.CONTINUATION;
        while (true) {
            WireFrame frame = WireFrame.read(transcript);
            switch (frame.opcode()) {
                case WireFrame.PING -> write(new WireFrame(WireFrame.PONG, true, frame.payload()));
                case WireFrame.PONG -> {} // unasked, as it may be
                case WireFrame.CLOSE -> {
                    closed = Optional.of(new Closed(frame.closeCode(), frame.closeReason()));
                    if (!closeSent) {
                        write(new WireFrame(WireFrame.CLOSE, true, frame.payload()));
                    }
                    return Optional.empty();
                }
                case WireFrame.TEXT, WireFrame.BINARY, WireFrame.CONTINUATION -> {
                    if ((frame.opcode() == WireFrame.CONTINUATION) != (kind != WireFrame.CONTINUATION)) {
                        throw new Malformed("a fragment out of its place: " + frame.opcode());
                    }
                    kind = frame.opcode() == WireFrame.CONTINUATION ? kind : frame.opcode();
                    payload.appendBuffer(frame.payload());
                    if (frame.last()) {
                        return Optional.of(new Message(kind == WireFrame.TEXT, payload));
                    }
                }
                default -> throw new Malformed("opcode " + frame.opcode());
            }
        }
    }

    /** Sends one text message in one frame. */
    public WireWebSocket send(String text) {
        return offer(WireFrame.text(text));
    }

    /** Sends one binary message, in as many frames. */
    public WireWebSocket send(Buffer data, int frames) {
        int size = (data.length() + frames - 1) / frames;
        for (int i = 0; i < frames; i++) {
            Buffer piece = data.getBuffer(Math.min(data.length(), i * size), Math.min(data.length(), (i + 1) * size));
            offer(new WireFrame(i == 0 ? WireFrame.BINARY : WireFrame.CONTINUATION, i == frames - 1, piece));
        }
        return this;
    }

    /** Sends a ping and waits for its pong, which must come before any message. */
    public WireWebSocket ping(String payload) {
        offer(new WireFrame(WireFrame.PING, true, Buffer.buffer(payload)));
        transcript.within(Await.PATIENCE);
        try {
            WireFrame frame = WireFrame.read(transcript);
            if (frame.opcode() != WireFrame.PONG || !frame.asText().equals(payload)) {
                throw new AssertionError("instead of a pong: opcode " + frame.opcode() + " " + frame.asText());
            }
            return this;
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    /** Sends a close frame; the other side's comes by {@link #awaitClose()}. */
    public WireWebSocket close(int code, String reason) {
        closeSent = true;
        return offer(WireFrame.close(code, reason));
    }

    /** Reads on until the other side closes, passing messages over; {@link #CUT} where it hangs up without a word. */
    public Closed awaitClose() {
        while (next().isPresent()) {
            // a message before the close
        }
        return closed();
    }

    /** Fails where it is open. */
    public Closed closed() {
        return closed.orElseThrow(() -> new AssertionError("not closed"));
    }

    private WireWebSocket offer(WireFrame frame) {
        try {
            write(frame);
            return this;
        } catch (IOException hungUp) {
            throw new UncheckedIOException(hungUp);
        }
    }

    private void write(WireFrame frame) throws IOException {
        socket.getOutputStream().write(frame.masked(MASK));
    }

    /** Hangs up with a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyGone) {
            return;
        }
        close();
    }

    /** Hangs up without a close frame. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
