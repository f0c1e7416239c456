package dev.sandgate.proxy.request;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Waiting;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.forward.HeaderRules;
import dev.sandgate.proxy.forward.Journey;
import dev.sandgate.proxy.forward.Transfer;
import dev.sandgate.proxy.identify.SessionSource;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.InboundConnection;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * One request from its head to its settlement: what is known of it so far, and the way it goes. All on its event loop.
 */
final class Exchange implements Journey {

    /** How its instance was chosen, as the access log and {@code X-Sandgate-Reason} say. */
    enum Chosen {
        NOT_YET(""),
        /** The session's home. */
        KEPT("kept"),
        /** A new session's. */
        NEW("new"),
        /** No session: any instance. */
        SPREAD("spread");

        final String word;

        Chosen(String word) {
            this.word = word;
        }
    }

    private static final String INSTANCE_FIELD = "X-Sandgate-Instance";
    private static final String REASON_FIELD = "X-Sandgate-Reason";

    final RequestWay way;
    final HttpServerRequest request;
    final InboundConnection connection;
    final String requestId;
    final long beganAt = System.nanoTime();
    // neighbours in the loop's list of requests under way
    @Nullable Exchange before;

    @Nullable Exchange after;

    private @Nullable Inbound inbound;

    @Nullable Route route;

    Chosen chosen = Chosen.NOT_YET;

    @Nullable Binding binding;

    boolean entered;

    @Nullable Opening opening;

    @Nullable SessionSource maker;

    @Nullable Destination destination;

    @Nullable Transfer transfer;

    @Nullable Waiting waiting;

    long bytesIn;
    long bytesOut;
    long placedAt;
    long answeredAt;
    int status;

    @Nullable Fault fault;

    boolean settled;

    Exchange(RequestWay way, HttpServerRequest request, InboundConnection connection, String requestId) {
        this.way = way;
        this.request = request;
        this.connection = connection;
        this.requestId = requestId;
    }

    void passed(Inbound checked) {
        this.inbound = checked;
    }

    /** Whether the gate let it pass; before that {@link #inbound} has nothing to tell. */
    boolean hasPassed() {
        return inbound != null;
    }

    @Override
    public Inbound inbound() {
        Inbound checked = inbound;
        if (checked == null) {
            throw new IllegalStateException("the request has not passed the gate");
        }
        return checked;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public HeaderRules rules() {
        return way.rules();
    }

    @Override
    public void dressRequest(MultiMap fields) {
        if (maker != null && binding != null) {
            maker.tellInstance(binding.key().id(), fields);
        }
    }

    @Override
    public void answered(Transfer from, AnswerHead head) {
        answeredAt = System.nanoTime();
        status = head.status();
        from.pass();
    }

    @Override
    public void dressAnswer(MultiMap fields) {
        if (maker != null && binding != null) {
            maker.tellClient(binding.key().id(), fields);
        }
        if (connection.isClosing()) {
            fields.set("Connection", "close");
        }
        if (route != null && route.config().debug() && destination != null) {
            fields.set(INSTANCE_FIELD, destination.instance().id());
            fields.set(REASON_FIELD, chosen.word);
        }
    }

    @Override
    public void failed(Fault why, Again again) {
        way.failed(this, why, again);
    }

    @Override
    public void ended(boolean whole) {
        way.ended(this, whole);
    }

    @Override
    public void cut(Fault why) {
        fault = why;
        way.settle(this);
    }

    /** The client left, or its request broke off. */
    void clientGone() {
        // an HTTP/2 stream closes with the answer's last byte, a moment before the instance's side is done
        boolean hasAll = transfer != null && transfer.answerIsOut();
        // and so does one that is being refused: its reason stands
        boolean refused = fault != null;
        if (!settled && !hasAll && !refused) {
            fault = Fault.of(Reason.CLIENT_GONE);
            status = Reason.CLIENT_GONE.status();
            way.withdraw(this);
            way.settle(this);
        }
    }

    /** Its session is over: the answer is cut, or refused where it has not begun. */
    void sessionOver(Fault why) {
        if (settled) {
            return;
        }
        if (request.response().headWritten()) {
            way.withdraw(this);
            request.response().reset(2);
            cut(why);
        } else {
            way.withdraw(this);
            way.refuse(this, why);
        }
    }

    void tick(long nowNanos) {
        if (transfer != null) {
            transfer.tick(nowNanos);
        }
    }
}
