package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Journey.Again;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * An answer on its way to the client, at the pace of the slower side. Its head goes out at once where it is an event
 * stream, otherwise together with the first piece of its body, or a tick later.
 */
final class Download {

    /** An answer without a length is gathered for an HTTP/1.0 client up to this many bytes. */
    private static final int MAX_GATHERED = 1024 * 1024;

    private final Transfer transfer;
    private final AnswerHead head;
    private final HttpServerResponse to;
    private final @Nullable Pace pace;
    private @Nullable HttpClientResponse from;
    private @Nullable Buffer gathered;
    private long bytes;
    private boolean ended;
    private Future<Void> out = Future.succeededFuture();

    Download(Transfer transfer, AnswerHead head) {
        this.transfer = transfer;
        this.head = head;
        this.to = transfer.inbound().request().response();
        long rate = transfer.journey().minRate();
        this.pace = rate == 0 ? null : new Pace(rate, Pace.BUFFERS, System.nanoTime());
    }

    boolean begun() {
        return from != null;
    }

    boolean headIsOut() {
        return to.headWritten();
    }

    boolean ended() {
        return ended;
    }

    Future<Void> out() {
        return out;
    }

    long bytes() {
        return bytes;
    }

    void begin(HttpClientResponse answer) {
        answer.handler(this::piece);
        answer.endHandler(last -> end(answer));
        begun(answer);
    }

    /** An answer that has ended: it takes no handler any more, and this is its body. */
    void whole(HttpClientResponse answer, Buffer body) {
        begun(answer);
        if (body.length() > 0) {
            piece(body);
        }
        end(answer);
    }

    private void begun(HttpClientResponse answer) {
        from = answer;
        to.setStatusCode(head.status());
        Journey journey = transfer.journey();
        journey.rules().answer(head, journey.requestId(), to.headers());
        journey.dressAnswer(to.headers());
        boolean unframed = !head.bodiless() && head.length() < 0;
        if (unframed && transfer.clientIs10()) {
            gather();
        } else if (unframed) {
            to.setChunked(true);
        }
        if (head.eventStream() && !head.bodiless()) {
            to.writeHead();
        }
    }

    // HTTP/1.0 has no chunks, and an end by closing would not tell a whole body from half a one.
    private void gather() {
        if (head.eventStream()) {
            throw Fault.of(Reason.VERSION_UNSUPPORTED, "An event stream needs HTTP/1.1");
        }
        gathered = Buffer.buffer();
    }

    void piece(Buffer piece) {
        transfer.progress();
        Buffer sofar = gathered;
        if (sofar != null) {
            sofar.appendBuffer(piece);
            if (sofar.length() > MAX_GATHERED) {
                transfer.fail(
                        Fault.of(Reason.VERSION_UNSUPPORTED, "An answer of unknown length over 1 MiB needs HTTP/1.1"),
                        Again.NEVER);
            }
            return;
        }
        bytes += piece.length();
        if (bytes == head.length()) {
            // one write instead of two: the length says that this is the last piece
            ended = true;
            out = to.end(piece);
            return;
        }
        to.write(piece);
        HttpClientResponse answer = from;
        if (answer != null && to.writeQueueFull()) {
            answer.pause();
            to.drainHandler(drained -> resume(answer));
        }
    }

    private void resume(HttpClientResponse answer) {
        transfer.progress();
        if (!transfer.isOver()) {
            answer.resume();
        }
    }

    void end(HttpClientResponse answer) {
        if (transfer.isOver()) {
            // an answer that only its connection's end delimits ends also when we hang up: that end is no one's
            return;
        }
        boolean wasOut = ended;
        // first, since an HTTP/2 stream closes inside end()
        ended = true;
        Buffer whole = gathered;
        if (whole != null) {
            bytes = whole.length();
            out = to.end(whole);
        } else if (!wasOut) {
            if (to.isChunked()) {
                transfer.journey().rules().trailers(answer.trailers(), to.trailers());
            }
            out = to.end();
        }
        transfer.finished();
    }

    /** Whether the client takes more slowly than it may; while nothing waits for it, it is not slow. */
    boolean isTooSlow(long nowNanos) {
        return pace != null && !ended && begun() && pace.isTooSlow(nowNanos, to.writeQueueFull(), bytes);
    }

    /** A head whose body is slow to come waits no longer than a tick. */
    void tick() {
        if (begun() && gathered == null && !head.bodiless() && !to.headWritten()) {
            to.writeHead();
        }
    }
}
