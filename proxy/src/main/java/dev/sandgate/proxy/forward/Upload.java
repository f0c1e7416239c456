package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.inbound.EarlyBody;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** A request's body on its way to the instance: at the pace of the slower side, and never ended when it broke off. */
final class Upload {

    private final Transfer transfer;
    private final HttpServerRequest from;
    private final HttpClientRequest to;
    private final long limit;
    private final @Nullable Copy copy;
    private final @Nullable Pace pace;
    private long bytes;
    private boolean ended;
    private boolean stopped;

    /** @param copy that wants the body too; null: none */
    Upload(Transfer transfer, HttpClientRequest to, long limit, @Nullable Copy copy) {
        this.transfer = transfer;
        this.from = transfer.inbound().request();
        this.to = to;
        this.limit = limit;
        this.copy = copy;
        long rate = transfer.journey().minRate();
        this.pace = rate == 0 ? null : new Pace(rate, 0, System.nanoTime());
    }

    void begin() {
        Inbound inbound = transfer.inbound();
        if (inbound.bodyLength() == Inbound.UNKNOWN) {
            to.setChunked(true);
        }
        to.sendHead();
        if (inbound.expectsContinue()) {
            from.response().writeContinue();
        }
        EarlyBody early = inbound.early();
        if (early != null) {
            Buffer first = early.first();
            if (first != null) {
                piece(first);
            }
            if (early.ended()) {
                end();
                return;
            }
        }
        if (stopped) {
            return;
        }
        to.drainHandler(drained -> from.resume());
        from.handler(this::piece);
        from.endHandler(last -> end());
        if (!to.writeQueueFull()) {
            from.resume();
        }
    }

    private void piece(Buffer piece) {
        if (stopped) {
            return;
        }
        bytes += piece.length();
        if (bytes > limit) {
            transfer.refuseUpload(Fault.of(Reason.BODY_TOO_LARGE));
            return;
        }
        transfer.progress();
        to.write(piece);
        if (copy != null) {
            copy.piece(piece);
        }
        if (to.writeQueueFull()) {
            from.pause();
        }
    }

    private void end() {
        if (!stopped) {
            ended = true;
            transfer.progress();
            to.end();
            if (copy != null) {
                copy.end();
            }
            transfer.wholeSent();
        }
    }

    /** Reads no more: what still comes is somebody else's to throw away. */
    void stop() {
        if (!stopped && !ended) {
            stopped = true;
            if (copy != null) {
                copy.cut();
            }
            // an HTTP/2 request that was reset has ended, and cannot be paused
            if (!from.isEnded()) {
                from.pause();
            }
        }
    }

    /** Whether it is the instance that takes no more for now. */
    boolean isHeldUp() {
        return to.writeQueueFull();
    }

    /** Whether the client sends more slowly than it may; what the instance holds up is not its client's doing. */
    boolean isTooSlow(long nowNanos) {
        return pace != null && pace.isTooSlow(nowNanos, !ended && !stopped && !isHeldUp(), bytes);
    }

    boolean ended() {
        return ended;
    }

    long bytes() {
        return bytes;
    }
}
