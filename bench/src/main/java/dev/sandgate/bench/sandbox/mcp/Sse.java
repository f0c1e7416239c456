package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/** An answer that is a stream of server-sent events. Its head is sent at once. */
final class Sse {

    private final HttpServerResponse response;
    private final Tally tally;
    private Runnable onClose = () -> {};
    private boolean over;

    private Sse(HttpServerResponse response, Tally tally) {
        this.response = response;
        this.tally = tally;
    }

    static Sse open(HttpServerResponse response, Tally tally) {
        Sse sse = new Sse(response, tally);
        tally.streamOpened();
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-transform")
                .putHeader("X-Accel-Buffering", "no")
                .setChunked(true)
                .closeHandler(left -> sse.close());
        if (response.closed()) {
            sse.close();
        } else {
            response.writeHead();
        }
        return sse;
    }

    /** Called once, when the stream is over, by whichever side; at once where it is over already. */
    Sse onClose(Runnable action) {
        if (over) {
            action.run();
        } else {
            onClose = action;
        }
        return this;
    }

    boolean open() {
        return !over;
    }

    /** Sends one event with these lines; nothing once the stream is over. */
    void event(Optional<String> name, Optional<String> id, String data) {
        if (over) {
            return;
        }
        StringBuilder lines = new StringBuilder();
        name.ifPresent(text -> lines.append("event: ").append(text).append('\n'));
        id.ifPresent(text -> lines.append("id: ").append(text).append('\n'));
        response.write(lines.append("data: ").append(data).append("\n\n").toString());
    }

    void raw(String lines) {
        if (!over) {
            response.write(lines);
        }
    }

    void end() {
        if (!over) {
            close();
            response.end();
        }
    }

    private void close() {
        if (!over) {
            over = true;
            tally.streamClosed();
            onClose.run();
        }
    }
}
