package dev.sandgate.proxy.inbound;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * The first piece of an HTTP/2 body. A request without a length may still have a body, and only the frames that follow
 * its head tell; so this listens for one turn of the event loop before the request goes its way.
 */
public final class EarlyBody {

    private final HttpServerRequest request;
    private @Nullable Buffer first;
    private boolean ended;

    /** Begins to listen; the request stands still from its first piece on. */
    public EarlyBody(HttpServerRequest request) {
        this.request = request;
        request.handler(this::keep);
        request.endHandler(end -> ended = true);
    }

    private void keep(Buffer piece) {
        request.pause();
        Buffer kept = first;
        first = kept == null ? piece : Buffer.buffer().appendBuffer(kept).appendBuffer(piece);
    }

    /** Whether the request has no body at all. Final only a turn after the head. */
    boolean isEmpty() {
        return ended && first == null;
    }

    /** What arrived so far; null: nothing yet. */
    public @Nullable Buffer first() {
        return first;
    }

    /** Whether {@link #first} is all of it. */
    public boolean ended() {
        return ended;
    }
}
