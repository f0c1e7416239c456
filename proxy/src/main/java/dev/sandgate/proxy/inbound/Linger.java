package dev.sandgate.proxy.inbound;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/**
 * The end of a request whose answer is out while its body is still coming: some of the body is read and thrown away, so
 * that the client gets to read the answer instead of a reset, then the connection is closed (RFC 9112 section 9.6).
 * HTTP/2 needs none of that: the stream is reset without an error (RFC 9113 section 8.1).
 */
public final class Linger {

    private static final long MAX_BYTES = 256 * 1024;
    private static final long MAX_MILLIS = 1000;

    private final HttpServerRequest request;
    private long discarded;

    private Linger(HttpServerRequest request) {
        this.request = request;
    }

    /**
     * Sees to the rest of this request. The answer's end has been written.
     *
     * @param out when all of the answer has left: a reset takes back what an HTTP/2 client's window still holds up
     */
    public static void begin(HttpServerRequest request, Future<Void> out, Context context) {
        if (request.version() == HttpVersion.HTTP_2) {
            out.onComplete(gone -> request.response().reset(0));
            return;
        }
        if (request.isEnded()) {
            request.connection().close();
            return;
        }
        Linger linger = new Linger(request);
        long timer = context.owner().setTimer(MAX_MILLIS, fired -> linger.close());
        request.exceptionHandler(broken -> context.owner().cancelTimer(timer));
        request.handler(linger::discard);
        request.endHandler(end -> {
            context.owner().cancelTimer(timer);
            linger.close();
        });
        request.resume();
    }

    private void discard(Buffer piece) {
        discarded += piece.length();
        if (discarded > MAX_BYTES) {
            close();
        }
    }

    private void close() {
        request.connection().close();
    }
}
