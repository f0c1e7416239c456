package dev.sandgate.proxy.kit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads server-sent events byte by byte, as the HTML standard tells: lines end with LF, CR or CRLF, a block ends with
 * an empty line, and one that the stream's end cuts is no event. A block that only sets an id is told too. One thread.
 */
final class SseParser {

    private final Consumer<SseEvent> events;
    private final Consumer<String> comments;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<String> data = new ArrayList<>();
    private Optional<String> name = Optional.empty();
    private Optional<String> id = Optional.empty();
    private boolean afterCr;
    private boolean first = true;

    SseParser(Consumer<SseEvent> events, Consumer<String> comments) {
        this.events = events;
        this.comments = comments;
    }

    void take(int b) {
        boolean secondHalf = afterCr && b == '\n';
        afterCr = b == '\r';
        if (secondHalf) {
            return;
        }
        if (b == '\r' || b == '\n') {
            lineOver();
        } else {
            line.write(b);
        }
    }

    private void lineOver() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        if (first && text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        first = false;
        if (text.isEmpty()) {
            blockOver();
        } else if (text.startsWith(":")) {
            comments.accept(text.substring(1));
        } else {
            field(text);
        }
    }

    private void field(String text) {
        int colon = text.indexOf(':');
        String field = colon < 0 ? text : text.substring(0, colon);
        String value = colon < 0 ? "" : text.substring(colon + 1);
        if (value.startsWith(" ")) {
            value = value.substring(1);
        }
        switch (field) {
            case "data" -> data.add(value);
            case "event" -> name = Optional.of(value);
            case "id" -> id = Optional.of(value);
            default -> {} // retry and unknown fields make no event
        }
    }

    private void blockOver() {
        if (!data.isEmpty() || id.isPresent()) {
            events.accept(
                    new SseEvent(name.filter(text -> !text.isEmpty()).orElse("message"), id, String.join("\n", data)));
        }
        data.clear();
        name = Optional.empty();
        id = Optional.empty();
    }
}
