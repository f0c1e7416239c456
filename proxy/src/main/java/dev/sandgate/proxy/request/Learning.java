package dev.sandgate.proxy.request;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Confirmation.Bound;
import dev.sandgate.affinity.Confirmation.TakenBy;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.forward.Transfer;
import dev.sandgate.proxy.identify.Identified.Nameless;
import dev.sandgate.proxy.identify.McpSource;
import dev.sandgate.proxy.identify.SessionIds;
import dev.sandgate.proxy.identify.SessionSource;
import dev.sandgate.proxy.mcp.EndpointHold;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that may open a session whose id its answer tells: a slot is reserved, and no byte of the answer goes to the
 * client before the table holds the id. All on the request's loop.
 */
final class Learning {

    /** Renewals within a lease, so that two may fail. */
    private static final int RENEWALS = 3;

    private enum State {
        /** Nothing of the answer is here. */
        WAITING,
        /** An event stream is held until its endpoint event. */
        HOLDING,
        /** The table is asked. */
        CONFIRMING,
        /** Known one way or the other; the answer is on its way. */
        OVER
    }

    private final RequestWay way;
    private final Exchange exchange;
    private final Route route;
    private final Nameless who;
    private @Nullable Reservation reservation;
    private @Nullable EndpointHold hold;
    private State state = State.WAITING;
    private boolean alone;
    private long extendedAt = System.nanoTime();

    /** @param reservation the slot; given back here unless it becomes the session's */
    Learning(RequestWay way, Exchange exchange, Route route, Nameless who, Reservation reservation) {
        this.way = way;
        this.exchange = exchange;
        this.route = route;
        this.who = who;
        this.reservation = reservation;
    }

    /** The same at another instance, where the first could not be reached. */
    Learning at(Reservation other) {
        return new Learning(way, exchange, route, who, other);
    }

    /** The answer's head is here. */
    void answered(Transfer transfer, AnswerHead head) {
        for (SessionSource learner : who.learners()) {
            Optional<String> id = learner.learn(head);
            if (id.isPresent() && alone) {
                leaveToInstance(route.identifier().key(learner, id.get(), exchange.inbound()));
                return;
            }
            if (id.isPresent()) {
                confirm(learner, id.get(), Lease.USE, bound -> transfer.pass());
                return;
            }
        }
        Optional<McpSource> mcp =
                route.identifier().mcp().filter(source -> source.opensEventStream(exchange.inbound()));
        if (mcp.isPresent() && head.eventStream() && head.status() < 300 && !alone) {
            hold = route.rules().hold(mcp.get(), exchange.inbound());
            state = State.HOLDING;
            transfer.hold();
        } else {
            withoutId(transfer, Buffer.buffer());
        }
    }

    /** A piece of a held event stream. */
    void held(Transfer transfer, Buffer piece) {
        EndpointHold holding = hold;
        if (state != State.HOLDING || holding == null) {
            return;
        }
        Optional<EndpointHold.Found> found = holding.offer(piece);
        if (found.isPresent()) {
            found(transfer, found.get());
        } else if (holding.isOver(System.nanoTime())) {
            withoutId(transfer, holding.held());
        }
    }

    private void found(Transfer transfer, EndpointHold.Found found) {
        Optional<String> id = found.id();
        if (id.isEmpty()) {
            withoutId(transfer, found.stream());
            return;
        }
        transfer.pause();
        SessionSource mcp = route.identifier().mcp().orElseThrow();
        confirm(mcp, McpSource.sse(id.get()), Lease.STREAM, bound -> {
            exchange.endsSession = true;
            transfer.pass(found.stream());
        });
    }

    /** A held event stream ended without an endpoint event. */
    void heldEnded(Transfer transfer) {
        if (state == State.HOLDING && hold != null) {
            Buffer whole = hold.held();
            state = State.OVER;
            giveBack();
            exchange.chosen = Exchange.Chosen.SPREAD;
            transfer.passWhole(whole);
        }
    }

    private void withoutId(Transfer transfer, Buffer held) {
        if (alone) {
            giveBack();
            way.finishAlone(exchange);
        } else if (who.maker().isPresent()) {
            exchange.maker = who.maker().get();
            confirm(who.maker().get(), SessionIds.made(), Lease.USE, bound -> transfer.pass(held));
        } else {
            state = State.OVER;
            giveBack();
            exchange.chosen = Exchange.Chosen.SPREAD;
            transfer.pass(held);
        }
    }

    // The instance lets go of it first, the table second.
    private void leaveToInstance(SessionKey key) {
        Reservation held = reservation;
        reservation = null;
        state = State.OVER;
        way.sayGoodbye(exchange, key, () -> {
            if (held != null) {
                way.table().release(held);
            }
        });
        way.finishAlone(exchange);
    }

    private void confirm(SessionSource source, String id, Lease lease, Consumer<Binding> then) {
        Reservation held = reservation;
        state = State.CONFIRMING;
        if (held == null) {
            throw new IllegalStateException("the reservation was given back before");
        }
        SessionKey key = route.identifier().key(source, id, exchange.inbound());
        way.table()
                .confirm(held, key, lease)
                .onComplete(answer -> way.onLane(() -> {
                    state = State.OVER;
                    reservation = null;
                    if (answer.succeeded() && answer.result() instanceof Bound bound) {
                        bound(bound.binding(), then);
                    } else if (answer.succeeded() && answer.result() instanceof TakenBy) {
                        way.refuse(exchange, Fault.anothersId());
                    } else {
                        way.sayGoodbye(exchange, key, () -> {});
                        way.refuse(exchange, Fault.of(Reason.TABLE_UNAVAILABLE).retryAfter(Duration.ofSeconds(1)));
                    }
                }));
    }

    private void bound(Binding binding, Consumer<Binding> then) {
        if (alone || exchange.settled) {
            // nobody heard of it: the instance lets go of it first, the table second
            way.sayGoodbye(exchange, binding.key(), () -> way.table().end(binding.key(), binding.generation()));
            way.finishAlone(exchange);
            return;
        }
        way.sessionBegan(exchange, binding.key());
        exchange.binding = binding;
        exchange.entered = binding.enter();
        exchange.chosen = Exchange.Chosen.NEW;
        then.accept(binding);
    }

    /**
     * The client has left. An instance that was asked for a session makes it all the same, so the request runs on to its
     * answer's head without the client, within the pool's own deadline.
     */
    boolean goesOnAlone() {
        Transfer transfer = exchange.transfer;
        boolean asked = transfer != null && transfer.isWhole();
        if (asked && (state == State.WAITING || state == State.CONFIRMING)) {
            alone = true;
        }
        return alone;
    }

    void tick(long nowNanos) {
        Reservation held = reservation;
        if (held != null && nowNanos - extendedAt > held.lease().toNanos() / RENEWALS) {
            extendedAt = nowNanos;
            way.table().extend(held);
        }
        if (state == State.HOLDING && hold != null && hold.isOver(nowNanos) && exchange.transfer != null) {
            withoutId(exchange.transfer, hold.held());
        }
    }

    /** The request is over, whatever became of it. */
    void settled() {
        if (state != State.CONFIRMING) {
            giveBack();
        }
    }

    private void giveBack() {
        Reservation held = reservation;
        if (held != null) {
            reservation = null;
            way.table().release(held);
        }
    }
}
