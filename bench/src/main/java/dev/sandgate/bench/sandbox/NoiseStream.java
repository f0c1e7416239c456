package dev.sandgate.bench.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;

/** Writes {@link Noise} as fast as its reader takes it, a piece at a time, without holding up the event loop. */
final class NoiseStream {

    private static final int PIECE = 64 * 1024;
    private static final int PIECES_A_TURN = 16;

    private final Vertx vertx;
    private final HttpServerResponse response;
    private final long length;
    private long position;

    NoiseStream(Vertx vertx, HttpServerResponse response, long length) {
        this.vertx = vertx;
        this.response = response;
        this.length = length;
    }

    /** Starts, or goes on; ends the response after the last byte. */
    void pour() {
        for (int piece = 0; piece < PIECES_A_TURN; piece++) {
            if (response.closed()) {
                return;
            }
            if (position == length) {
                response.end();
                return;
            }
            if (response.writeQueueFull()) {
                response.drainHandler(drained -> resume());
                return;
            }
            int size = (int) Math.min(PIECE, length - position);
            response.write(Noise.piece(position, size));
            position += size;
        }
        // a reader that keeps up never lets the queue fill: without this turn, nobody else would be served
        vertx.runOnContext(next -> pour());
    }

    private void resume() {
        response.drainHandler(null);
        pour();
    }
}
