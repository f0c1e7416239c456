package dev.sandgate.bench.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One WebSocket. It says at once who answers, then echoes each message, text as text and binary as binary, but for
 * these texts: {@code count} adds one to the session's count and tells it, {@code flood 8} sends 8 MiB of
 * {@link Noise}, {@code ping} sends a ping, {@code close 4001 why} closes, {@code drop} hangs up without a close.
 */
final class Conversation {

    private static final Pattern CLOSE = Pattern.compile("close ([1-4][0-9]{3})(?: (.{0,123}))?");
    private static final Pattern FLOOD = Pattern.compile("flood ([0-9]{1,4})");
    private static final int PIECE = 64 * 1024;
    private static final int PIECES_A_TURN = 16;

    private final Vertx vertx;
    private final ServerWebSocket socket;
    private final Sessions sessions;
    private final Visit visit;

    Conversation(Vertx vertx, ServerWebSocket socket, Sessions sessions, Visit visit) {
        this.vertx = vertx;
        this.socket = socket;
        this.sessions = sessions;
        this.visit = visit;
    }

    void start() {
        socket.exceptionHandler(cut -> {}); // clients come and go as they like
        socket.textMessageHandler(this::hear);
        socket.binaryMessageHandler(data -> {
            socket.writeBinaryMessage(data);
            breathe();
        });
        socket.writeTextMessage(
                visit.who().put("protocol", socket.subProtocol()).encode());
    }

    private void hear(String text) {
        Matcher close = CLOSE.matcher(text);
        Matcher flood = FLOOD.matcher(text);
        if (close.matches()) {
            socket.close(Short.parseShort(close.group(1)), close.group(2));
        } else if (flood.matches()) {
            flood(0, Long.parseLong(flood.group(1)) * 1024 * 1024);
        } else if (text.equals("count")) {
            socket.writeTextMessage(counted().encode());
        } else if (text.equals("ping")) {
            socket.writePing(Buffer.buffer("ping"));
        } else if (text.equals("drop")) {
            new RawAnswer(visit.request()).close();
        } else {
            socket.writeTextMessage(text);
            breathe();
        }
    }

    private JsonObject counted() {
        return new Visit(
                        visit.request(), visit.instance(), visit.session().flatMap(known -> sessions.visit(known.id())))
                .who();
    }

    /** Hears nothing more until the client has taken what was said. */
    private void breathe() {
        if (!socket.isClosed() && socket.writeQueueFull()) {
            socket.pause();
            socket.drainHandler(drained -> socket.resume());
        }
    }

    private void flood(long from, long length) {
        long position = from;
        for (int piece = 0; piece < PIECES_A_TURN && position < length; piece++) {
            if (socket.isClosed()) {
                return;
            }
            if (socket.writeQueueFull()) {
                long next = position;
                socket.drainHandler(drained -> {
                    socket.drainHandler(null);
                    flood(next, length);
                });
                return;
            }
            int size = (int) Math.min(PIECE, length - position);
            socket.writeFinalBinaryFrame(Noise.piece(position, size));
            position += size;
        }
        if (position < length) {
            long next = position;
            // a reader that keeps up never lets the queue fill: without this turn, nobody else would be served
            vertx.runOnContext(turn -> flood(next, length));
        }
    }
}
