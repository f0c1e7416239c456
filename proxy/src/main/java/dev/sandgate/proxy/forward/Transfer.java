package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Journey.Again;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One try to carry a request to one instance and its answer back. Takes a connection, and gives it back whole or
 * discards it, whatever happens. All on the request's event loop.
 */
public final class Transfer implements OutboundPool.Taker {

    /** Twice is as good as once (RFC 9110 section 9.2.2). */
    private static final Set<HttpMethod> REPEATABLE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final Journey journey;
    private final Destination to;
    private final long bodyLimit;
    private @Nullable Outbound connection;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable AnswerHead head;
    private @Nullable Upload upload;
    private @Nullable Download download;
    private @Nullable Tunnel tunnel;
    private boolean holding;
    private boolean passed;
    private boolean fresh;
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

    /** The same on a connection that carries its first request: a kept one went stale under an earlier try. */
    public void beginAfresh(OutboundConnections connections) {
        fresh = true;
        connections.forgetIdle(to);
        begin(connections);
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
    public boolean wantsFresh() {
        return fresh;
    }

    @Override
    public void refused(Fault fault) {
        over = true;
        journey.failed(fault, Again.NOTHING_SENT);
    }

    @Override
    public void take(Outbound taken) {
        if (!journey.holds()) {
            over = true;
            taken.release();
            journey.failed(Fault.of(Reason.TABLE_UNAVAILABLE).retryAfter(ASK_AGAIN), Again.NEVER);
            return;
        }
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
        blank.setMethod(inbound.request().method()).setURI(journey.target());
        journey.rules().request(inbound, to, journey.requestId(), blank.headers());
        journey.dressRequest(blank.headers());
        blank.response().onComplete(this::answered, this::broken);
        progress();
        Copy copy = journey.copy(blank);
        if (inbound.hasBody()) {
            upload = new Upload(this, blank, bodyLimit, copy);
            upload.begin();
        } else {
            sendHead(blank, inbound);
            wholeSent();
        }
    }

    /** The request has been sent to its end. */
    void wholeSent() {
        if (!over) {
            journey.sent();
        }
    }

    private static void sendHead(HttpClientRequest blank, Inbound inbound) {
        if (inbound.websocket()) {
            blank.connect();
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
            head = AnswerHead.of(answer, journey.inbound());
            download = new Download(this, head);
            journey.answered(this, head);
        } catch (RuntimeException fault) {
            fail(Fault.bug(fault), Again.NEVER);
        }
        if (!over && !holding && !passed) {
            answer.pause();
        }
    }

    /** Lets the answer go on to the client. Once, on the loop. */
    public void pass() {
        pass(Buffer.buffer());
    }

    /** Lets a held answer go on, with this in the place of what was held of its body. */
    public void pass(Buffer first) {
        HttpClientResponse answer = response;
        Download passing = download;
        if (over || answer == null || passing == null || passed) {
            return;
        }
        passed = true;
        holding = false;
        try {
            if (head != null && head.status() == 101) {
                openTunnel(answer);
                return;
            }
            passing.begin(answer);
            if (first.length() > 0) {
                passing.piece(first);
            }
            answer.resume();
        } catch (RuntimeException fault) {
            fail(Fault.bug(fault), Again.NEVER);
        }
    }

    /** Lets a held answer go on that has ended meanwhile: this is all of its body. */
    public void passWhole(Buffer body) {
        HttpClientResponse answer = response;
        Download passing = download;
        if (over || answer == null || passing == null || passed) {
            return;
        }
        passed = true;
        holding = false;
        try {
            passing.whole(answer, body);
        } catch (RuntimeException fault) {
            fail(Fault.bug(fault), Again.NEVER);
        }
    }

    /** Keeps the answer's body back too, and gives it to the journey piece by piece, until it is passed. */
    public void hold() {
        HttpClientResponse answer = response;
        if (!over && answer != null) {
            holding = true;
            answer.handler(piece -> {
                progress();
                journey.held(this, piece);
            });
            answer.endHandler(last -> journey.heldEnded(this));
        }
    }

    /** Takes no more of a held answer for now. */
    public void pause() {
        if (!over && response != null) {
            response.pause();
        }
    }

    // The 101 goes out with the client's socket; until both are there nothing is read.
    private void openTunnel(HttpClientResponse answer) {
        answer.pause();
        HttpServerRequest client = journey.inbound().request();
        AnswerHead upgrade = head;
        if (upgrade != null) {
            journey.rules()
                    .answer(upgrade, journey.requestId(), client.response().headers());
        }
        client.response().headers().set("Connection", "Upgrade").set("Upgrade", "websocket");
        journey.dressAnswer(client.response().headers());
        client.toNetSocket()
                .onComplete(
                        socket -> {
                            tunnel = new Tunnel(socket, answer.netSocket(), this::tunnelClosed);
                            if (over) {
                                tunnel.close();
                            } else {
                                tunnel.open();
                            }
                        },
                        why -> fail(Fault.bug(why), Again.NEVER));
    }

    private void tunnelClosed() {
        if (!over) {
            over = true;
            if (connection != null) {
                connection.discard();
            }
            journey.ended(true);
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
        // an orderly end is the one, a reset the other
        boolean hungUp = why instanceof HttpClosedException || why instanceof IOException;
        if (unanswered && hungUp) {
            boolean stale = connection != null && connection.reused() && mayBeRepeated();
            if (!stale) {
                to.missed(true);
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
        return upload == null && REPEATABLE.contains(journey.inbound().request().method());
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
        if (tunnel != null) {
            tunnel.close();
        }
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
        if (over || request == null || tunnel != null) {
            return;
        }
        long silent = nowNanos - lastProgress;
        if (response == null) {
            awaitAnswer(nowNanos, silent);
        } else if (download != null && head != null) {
            download.tick();
            if (download.isTooSlow(nowNanos)) {
                fail(Fault.of(Reason.CLIENT_TOO_SLOW), Again.NEVER);
            } else if (!head.eventStream() && silent > to.shape().timeouts().idle().toNanos()) {
                fail(Fault.of(Reason.STREAM_IDLE), Again.NEVER);
            }
        }
    }

    private void awaitAnswer(long nowNanos, long silent) {
        Upload sending = upload;
        if (sending == null || sending.ended()) {
            if (silent > to.shape().timeouts().firstByte().toNanos()) {
                fail(Fault.of(Reason.INSTANCE_TIMEOUT), Again.NEVER);
            }
        } else if (sending.isTooSlow(nowNanos)) {
            fail(Fault.of(Reason.CLIENT_TOO_SLOW), Again.NEVER);
        } else if (silent > to.shape().timeouts().idle().toNanos()) {
            fail(Fault.of(sending.isHeldUp() ? Reason.INSTANCE_TIMEOUT : Reason.REQUEST_TIMEOUT), Again.NEVER);
        }
    }

    /** Whether the answer's head has come. */
    public boolean isAnswered() {
        return response != null;
    }

    /** Whether the request's body, if any, has been read to its end. */
    public boolean isWhole() {
        return request != null && (upload == null || upload.ended());
    }

    /** Whether any byte of the request may have left us. */
    public boolean sent() {
        return request != null;
    }

    /** Whether the whole answer was handed to the client's connection. */
    public boolean answerIsOut() {
        return download != null && download.ended();
    }

    /** Completes when the whole answer has left this node; fails where the client was gone before. */
    public Future<Void> answerOut() {
        return download == null ? Future.succeededFuture() : download.out();
    }

    boolean clientIs10() {
        return journey.inbound().request().version() == HttpVersion.HTTP_1_0;
    }

    /** Body bytes from the client so far. */
    public long bytesIn() {
        return tunnel != null ? tunnel.bytesIn() : upload == null ? 0 : upload.bytes();
    }

    /** Body bytes to the client so far. */
    public long bytesOut() {
        return tunnel != null ? tunnel.bytesOut() : download == null ? 0 : download.bytes();
    }
}
