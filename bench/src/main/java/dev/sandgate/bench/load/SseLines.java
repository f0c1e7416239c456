package dev.sandgate.bench.load;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Takes an event stream apart (WHATWG HTML 9.2), however it is cut into pieces. */
final class SseLines {

    /** One event. */
    interface Hearer {

        /** Heard; {@code id} is empty where it has none. */
        void event(String name, String id, String data);
    }

    private final Hearer hearer;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final StringBuilder data = new StringBuilder();
    private String name = "message";
    private String id = "";

    SseLines(Hearer hearer) {
        this.hearer = hearer;
    }

    /** All events of a whole body. */
    static void each(String body, Hearer hearer) {
        SseLines lines = new SseLines(hearer);
        body.lines().forEach(lines::line);
        lines.line("");
    }

    void piece(ByteBuf piece) {
        for (int i = piece.readerIndex(); i < piece.writerIndex(); i++) {
            byte next = piece.getByte(i);
            if (next == '\n') {
                line(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else if (next != '\r') {
                line.write(next);
            }
        }
    }

    private void line(String text) {
        if (text.isEmpty()) {
            if (!data.isEmpty()) {
                hearer.event(name, id, data.toString());
            }
            data.setLength(0);
            name = "message";
            id = "";
            return;
        }
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        switch (field) {
            case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
            case "event" -> name = value;
            case "id" -> id = value;
            default -> {} // comments, retry
        }
    }
}
