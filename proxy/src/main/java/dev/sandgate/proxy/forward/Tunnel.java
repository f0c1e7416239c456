package dev.sandgate.proxy.forward;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/**
 * Two sockets that carry each other's bytes after a WebSocket's handshake, each at the pace of the slower. Frames are
 * not looked at: close codes, pings and extensions are between client and instance. When one side is over, so is the
 * other, after its last bytes. On one event loop.
 */
final class Tunnel {

    private final NetSocket client;
    private final NetSocket instance;
    private final Runnable closed;
    private long bytesIn;
    private long bytesOut;
    private boolean over;

    /** @param closed called once, when both sides are over */
    Tunnel(NetSocket client, NetSocket instance, Runnable closed) {
        this.client = client;
        this.instance = instance;
        this.closed = closed;
    }

    void open() {
        client.exceptionHandler(broken -> close());
        instance.exceptionHandler(broken -> close());
        client.closeHandler(gone -> close());
        instance.closeHandler(gone -> close());
        client.handler(piece -> {
            bytesIn += piece.length();
            pass(piece, client, instance);
        });
        instance.handler(piece -> {
            bytesOut += piece.length();
            pass(piece, instance, client);
        });
        client.endHandler(end -> instance.end());
        instance.endHandler(end -> client.end());
        client.resume();
        instance.resume();
    }

    private void pass(Buffer piece, NetSocket from, NetSocket to) {
        if (over) {
            return;
        }
        to.write(piece);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
        }
    }

    void close() {
        if (!over) {
            over = true;
            client.close();
            instance.close();
            closed.run();
        }
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }
}
