package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.inbound.Field;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a request on its way to an instance whose answer is thrown away. Its body comes at the pace of the original's
 * upload; where its own instance takes it slower, by more than a bound, the copy is broken off. Never throws towards the
 * original, and takes one connection, which it gives back or discards. All on the original's loop.
 */
public final class Copy implements OutboundPool.Taker {

    /** How it ended. */
    public enum Outcome {
        /** An answer came. */
        ANSWERED,
        /** None came: no connection, a hang-up, or silence. */
        FAILED,
        /** Its instance took the body too slowly. */
        BEHIND,
        /** The original's body broke off, or the node closed. */
        CUT,
        /** It was not sent: too many are under way. */
        SKIPPED,
        /** It was not sent: its pool has no instance. */
        NOWHERE
    }

    /**
     * What is sent before the body.
     *
     * @param target in origin form
     * @param fields of the copy, without {@code Host}
     * @param host as the client said it
     * @param body whether one follows
     * @param chunked whether its length is not known
     */
    public record Head(HttpMethod method, String target, MultiMap fields, String host, boolean body, boolean chunked) {}

    /** Bytes of the body that may wait for the copy's instance. */
    private static final int BEHIND = 256 * 1024;
    /** An answer that goes on after this long is left. */
    private static final long LONGEST_ANSWER = TimeUnit.SECONDS.toNanos(60);

    private final Head head;
    private final Destination to;
    private final Consumer<Copy> leaving;
    private final Consumer<Outcome> over;
    private final Queue<Buffer> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private @Nullable Outbound connection;
    private @Nullable HttpClientRequest request;
    private boolean answered;
    private boolean whole;
    private boolean sent;
    private boolean ended;
    private long wholeAt;
    private long lastProgress = System.nanoTime();

    /**
     * One that has not begun.
     *
     * @param leaving called once, at its end
     * @param over the same, with how it ended
     */
    Copy(Head head, Destination to, Consumer<Copy> leaving, Consumer<Outcome> over) {
        this.head = head;
        this.to = to;
        this.leaving = leaving;
        this.over = over;
    }

    void begin(OutboundConnections connections) {
        if (!head.body()) {
            whole = true;
            wholeAt = System.nanoTime();
        }
        connections.to(to).acquire(this);
    }

    @Override
    public void take(Outbound taken) {
        connection = taken;
        HttpClientRequest blank = taken.request().orElse(null);
        if (ended || blank == null) {
            taken.discard();
            finish(Outcome.FAILED);
            return;
        }
        attempt(() -> {
            blank.exceptionHandler(broken -> finish(Outcome.FAILED));
            blank.setMethod(head.method()).setURI(head.target());
            blank.headers()
                    .add(
                            Field.HOST.lower(),
                            to.shape().preservesHost()
                                    ? head.host()
                                    : to.shape().authority())
                    .addAll(head.fields());
            blank.setChunked(head.chunked());
            blank.response().onComplete(this::answered, broken -> finish(Outcome.FAILED));
            request = blank;
            if (head.body()) {
                blank.drainHandler(drained -> attempt(this::flush));
                blank.sendHead();
            }
            flush();
        });
    }

    /** A piece of the original's body goes by. */
    void piece(Buffer piece) {
        if (!ended) {
            // the original's own may be written out and let go while this one waits
            waiting.add(piece.copy());
            waitingBytes += piece.length();
            attempt(this::flush);
            if (waitingBytes > BEHIND) {
                finish(Outcome.BEHIND);
            }
        }
    }

    /** The original's body has ended. */
    void end() {
        whole = true;
        wholeAt = System.nanoTime();
        attempt(this::flush);
    }

    /** The original's body broke off, or the node closes. */
    void cut() {
        finish(Outcome.CUT);
    }

    private void flush() {
        HttpClientRequest open = request;
        if (ended || sent || open == null) {
            return;
        }
        lastProgress = System.nanoTime();
        while (!waiting.isEmpty() && !open.writeQueueFull()) {
            Buffer next = waiting.remove();
            waitingBytes -= next.length();
            open.write(next);
        }
        if (whole && waiting.isEmpty()) {
            sent = true;
            open.end();
        }
    }

    private void answered(HttpClientResponse answer) {
        if (ended) {
            return;
        }
        answered = true;
        lastProgress = System.nanoTime();
        String type = answer.getHeader("content-type");
        boolean stream = type != null && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
        if (stream || answer.statusCode() < 200) {
            finish(Outcome.ANSWERED);
            return;
        }
        answer.exceptionHandler(broken -> finish(Outcome.ANSWERED));
        answer.handler(piece -> lastProgress = System.nanoTime());
        answer.endHandler(last -> finishWhole("close".equalsIgnoreCase(answer.getHeader("connection"))));
    }

    private void finishWhole(boolean closes) {
        Outbound done = connection;
        if (!ended && done != null && sent && !closes) {
            connection = null;
            done.release();
        }
        finish(Outcome.ANSWERED);
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException broken) {
            finish(Outcome.FAILED);
        }
    }

    private void finish(Outcome outcome) {
        if (ended) {
            return;
        }
        ended = true;
        waiting.clear();
        if (connection != null) {
            connection.discard();
        }
        leaving.accept(this);
        over.accept(outcome);
    }

    void tick(long nowNanos) {
        if (request == null || !whole) {
            return;
        }
        long patience = answered || !sent
                ? to.shape().timeouts().idle().toNanos()
                : to.shape().timeouts().firstByte().toNanos();
        boolean tooLong = answered && nowNanos - wholeAt > LONGEST_ANSWER;
        if (tooLong || nowNanos - lastProgress > patience) {
            finish(answered ? Outcome.ANSWERED : Outcome.FAILED);
        }
    }

    @Override
    public void refused(Fault fault) {
        finish(Outcome.FAILED);
    }

    @Override
    public boolean wantsFresh() {
        return false;
    }

    @Override
    public boolean isOver() {
        return ended;
    }
}
