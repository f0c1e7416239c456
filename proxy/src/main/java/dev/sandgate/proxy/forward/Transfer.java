package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Journey.Again;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One try to carry a request to one instance and its answer back. Takes a connection, and gives it back whole or
 * discards it, whatever happens. All on the request's event loop.
 */
public final class Transfer implements OutboundPool.Taker {

    private final Journey journey;
    private final Destination to;
    private final long bodyLimit;
    private @Nullable Outbound connection;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable AnswerHead head;
    private @Nullable Upload upload;
    private @Nullable Download download;
    private boolean over;
    private long lastProgress = System.nanoTime();

    /**
     * A transfer that has not begun.
     *
     * @param bodyLimit bytes that the request's body may have
     */
    public Transfer(Journey journey, Destination to, long bodyLimit) {
        this.journey = journey;
        this.to = to;
        this.bodyLimit = bodyLimit;
    }

    /** Asks for a connection, and goes on from there. */
    public void begin(OutboundConnections connections) {
        connections.to(to).acquire(this);
    }

    Inbound inbound() {
        return journey.inbound();
    }

    Journey journey() {
        return journey;
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void refused(Fault fault) {
        over = true;
        journey.failed(fault, Again.NOTHING_SENT);
    }

    @Override
    public void take(Outbound taken) {
        connection = taken;
        HttpClientRequest blank = taken.request().orElse(null);
        if (blank == null) {
            over = true;
            taken.discard();
            journey.failed(Fault.of(Reason.INSTANCE_UNREACHABLE), Again.NOTHING_SENT);
            return;
        }
        try {
            send(blank);
        } catch (RuntimeException bug) {
            fail(Fault.bug(bug), Again.NEVER);
        }
    }

    private void send(HttpClientRequest blank) {
        request = blank;
        Inbound inbound = journey.inbound();
        blank.exceptionHandler(this::broken);
        blank.setMethod(inbound.request().method()).setURI(inbound.target());
        journey.rules().request(inbound, to, journey.requestId(), blank.headers());
        journey.dressRequest(blank.headers());
        blank.response().onComplete(this::answered, this::broken);
        progress();
        if (inbound.hasBody()) {
            upload = new Upload(this, blank, bodyLimit);
            upload.begin();
        } else {
            blank.end();
        }
    }

    private void answered(HttpClientResponse answer) {
        if (over) {
            return;
        }
        progress();
        if (to.isSuspected()) {
            to.reached();
        }
        answer.exceptionHandler(this::broken);
        response = answer;
        try {
            head = AnswerHead.of(answer, journey.inbound().request().method());
            download = new Download(this, head);
            journey.answered(this, head);
        } catch (RuntimeException fault) {
            fail(Fault.bug(fault), Again.NEVER);
        }
        if (!over && download != null && !download.begun()) {
            answer.pause();
        }
    }

    /** Lets the answer go on to the client. Once, on the loop. */
    public void pass() {
        HttpClientResponse answer = response;
        Download passing = download;
        if (over || answer == null || passing == null) {
            return;
        }
        try {
            passing.begin(answer);
            answer.resume();
        } catch (RuntimeException fault) {
            fail(Fault.bug(fault), Again.NEVER);
        }
    }

    /** The answer is whole, and all of it was handed to the client's connection. */
    void finished() {
        finishedOn(head != null && !head.closes());
    }

    private void finishedOn(boolean reusable) {
        if (over) {
            return;
        }
        over = true;
        boolean whole = upload == null || upload.ended();
        Outbound done = connection;
        if (done != null) {
            if (whole && reusable) {
                done.release();
            } else {
                stopUpload();
                done.discard();
            }
        }
        journey.ended(whole);
    }

    void refuseUpload(Fault fault) {
        fail(fault, Again.NEVER);
    }

    // Every failure of the instance's side ends here, before and after the answer's head.
    private void broken(Throwable why) {
        if (over) {
            return;
        }
        boolean unanswered = response == null;
        if (unanswered && why instanceof HttpClosedException) {
            boolean stale = connection != null && connection.reused() && mayBeRepeated();
            if (!stale) {
                to.missed();
            }
            fail(
                    Fault.of(Reason.INSTANCE_BROKEN, "The instance hung up before it answered"),
                    stale ? Again.STALE : Again.NEVER);
        } else if (why instanceof Fault fault) {
            fail(fault, Again.NEVER);
        } else {
            fail(Fault.of(Reason.INSTANCE_BROKEN), Again.NEVER);
        }
    }

    private boolean mayBeRepeated() {
        HttpMethod method = journey.inbound().request().method();
        return upload == null
                && (method.equals(HttpMethod.GET)
                        || method.equals(HttpMethod.HEAD)
                        || method.equals(HttpMethod.OPTIONS)
                        || method.equals(HttpMethod.PUT)
                        || method.equals(HttpMethod.DELETE));
    }

    void fail(Fault fault, Again again) {
        if (over) {
            return;
        }
        if (answerIsOut()) {
            // the client has its whole answer; what broke is only the connection
            finishedOn(false);
            return;
        }
        boolean told = download != null && download.headIsOut();
        abandon();
        if (told) {
            // a framed answer is cut, never ended: half a body must not look whole
            journey.inbound().request().response().reset(2);
            journey.cut(fault.reason() == Reason.INSTANCE_BROKEN ? Fault.of(Reason.ANSWER_CUT) : fault);
        } else {
            journey.failed(fault, again);
        }
    }

    /** The client is gone, or nobody wants the answer any more: the instance is told at once. */
    public void abandon() {
        if (over) {
            return;
        }
        over = true;
        stopUpload();
        HttpClientRequest sent = request;
        if (sent != null) {
            sent.reset(8);
        }
        if (connection != null) {
            connection.discard();
        }
    }

    private void stopUpload() {
        if (upload != null) {
            upload.stop();
        }
    }

    void progress() {
        lastProgress = System.nanoTime();
    }

    /** Looks at the clock; about ten times a second. */
    public void tick(long nowNanos) {
        if (over || request == null) {
            return;
        }
        long silent = nowNanos - lastProgress;
        if (response == null) {
            awaitAnswer(silent);
        } else if (download != null && head != null) {
            download.tick();
            if (!head.eventStream() && silent > to.shape().timeouts().idle().toNanos()) {
                fail(Fault.of(Reason.STREAM_IDLE), Again.NEVER);
            }
        }
    }

    private void awaitAnswer(long silent) {
        boolean sent = upload == null || upload.ended();
        if (sent && silent > to.shape().timeouts().firstByte().toNanos()) {
            fail(Fault.of(Reason.INSTANCE_TIMEOUT), Again.NEVER);
        } else if (!sent && silent > to.shape().timeouts().idle().toNanos()) {
            fail(Fault.of(Reason.REQUEST_TIMEOUT), Again.NEVER);
        }
    }

    /** Whether any byte of the request may have left us. */
    public boolean sent() {
        return request != null;
    }

    /** Whether the whole answer was handed to the client's connection. */
    public boolean answerIsOut() {
        return download != null && download.ended();
    }

    boolean clientIs10() {
        return journey.inbound().request().version() == HttpVersion.HTTP_1_0;
    }

    /** Body bytes from the client so far. */
    public long bytesIn() {
        return upload == null ? 0 : upload.bytes();
    }

    /** Body bytes to the client so far. */
    public long bytesOut() {
        return download == null ? 0 : download.bytes();
    }
}
