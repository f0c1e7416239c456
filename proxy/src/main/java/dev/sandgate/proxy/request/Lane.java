package dev.sandgate.proxy.request;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Copies;
import dev.sandgate.proxy.forward.Copy;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.forward.Errand;
import dev.sandgate.proxy.forward.Errands;
import dev.sandgate.proxy.forward.OutboundConnections;
import dev.sandgate.proxy.inbound.Syntax;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One event loop's share of a node: its requests under way, its connections to instances, its clock. All on that loop,
 * but for what says otherwise.
 */
public final class Lane {

    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
    private static final long TICK_MILLIS = 100;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private record Over(Binding binding, Ended why) {}

    private final Vertx vertx;
    private final ContextInternal context;
    private final OutboundConnections outbound;
    private final Errands errands;
    private final Copies copies;
    private final Settlement settlement;
    private final Farewells farewells;
    private final SplittableRandom random = new SplittableRandom();
    private final Queue<Over> news = new ConcurrentLinkedQueue<>();
    private final long timer;
    private @Nullable Exchange first;
    // written by the lane's thread only
    private volatile int underWay;
    private volatile int queued;

    /**
     * Called on the loop that it will be the share of.
     *
     * @param farewells the node's
     */
    public Lane(Vertx vertx, Settlement settlement, Farewells farewells) {
        this.vertx = vertx;
        this.context = (ContextInternal) vertx.getOrCreateContext();
        this.outbound = new OutboundConnections(vertx);
        this.errands = new Errands(outbound);
        this.copies = new Copies(outbound);
        this.settlement = settlement;
        this.farewells = farewells;
        this.timer = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
    }

    Context context() {
        return context;
    }

    OutboundConnections outbound() {
        return outbound;
    }

    Copies copies() {
        return copies;
    }

    /** A copy of a request of this route's is over, or was not sent. */
    void copied(int route, Copy.Outcome outcome) {
        settlement.copied(route, outcome);
    }

    Farewells farewells() {
        return farewells;
    }

    /** Runs an errand in its turn. Any thread. */
    public void send(Errand.Message message, Destination to) {
        context.runOnContext(turn -> errands.run(message, to));
    }

    /** Runs now where this is the lane's thread, else in its next turn. Any thread. */
    void execute(Runnable task) {
        if (context.inThread()) {
            task.run();
        } else {
            context.runOnContext(turn -> task.run());
        }
    }

    /** Runs in the lane's next turn. */
    void executeLater(Runnable task) {
        context.nettyEventLoop().execute(() -> context.emit(task, Runnable::run));
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void enter(Exchange exchange) {
        Exchange next = first;
        exchange.after = next;
        if (next != null) {
            next.before = exchange;
        }
        first = exchange;
        underWay = underWay + 1;
        exchange.connection.requestBegan();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void leave(Exchange exchange) {
        Exchange before = exchange.before;
        Exchange after = exchange.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after != null) {
            after.before = before;
        }
        exchange.connection.requestEnded();
        settlement.settled(exchange);
        // last: who sees no request under way sees them all counted
        underWay = underWay - 1;
    }

    /** It waited for a slot, granted or not. */
    void waited(Exchange exchange, long nanos) {
        settlement.waited(exchange, nanos);
    }

    /** The client's own request id where it is well-formed, else one of ours: 16 hexadecimal digits. */
    String requestId(MultiMap headers) {
        String given = headers.get("x-request-id");
        if (given != null && isRequestId(given)) {
            return given;
        }
        char[] digits = new char[16];
        long bits = random.nextLong();
        for (int at = 0; at < 16; at++) {
            digits[at] = HEX[(int) (bits >>> (4 * at)) & 15];
        }
        return new String(digits);
    }

    private static boolean isRequestId(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            boolean fits = Syntax.isAlphanumeric(c) || "._-".indexOf(c) >= 0;
            if (!fits) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= 128;
    }

    void report(Exchange exchange, Fault bug) {
        LOG.error("request {} met a mistake of ours", exchange.requestId, bug.getCause());
    }

    /** A session is over: its requests under way end within a tick. Any thread. */
    public void sessionOver(Binding binding, Ended why) {
        news.add(new Over(binding, why));
    }

    /** An incarnation is over: its connections are let go. Any thread. */
    public void retire(Instance instance) {
        context.runOnContext(turn -> outbound.retire(instance));
    }

    private void tick() {
        long now = System.nanoTime();
        Map<Binding, Ended> over = drain();
        int waiting = 0;
        for (Exchange exchange = first; exchange != null; ) {
            Exchange next = exchange.after;
            waiting += exchange.waiting == null ? 0 : 1;
            Ended why = over.isEmpty() ? null : exchange.over(over);
            if (why != null) {
                exchange.cutShort(Fault.of(reason(why)));
            } else {
                tick(exchange, now);
            }
            exchange = next;
        }
        queued = waiting;
        copies.tick(now);
        outbound.tick(now);
        settlement.tick();
    }

    private static Reason reason(Ended why) {
        return switch (why) {
            case ENDED -> Reason.SESSION_ENDED;
            case EXPIRED -> Reason.SESSION_EXPIRED;
            case LOST -> Reason.SESSION_LOST;
        };
    }

    // One request's mistake must not stop the clock of the others.
    private static void tick(Exchange exchange, long now) {
        try {
            exchange.tick(now);
        } catch (RuntimeException bug) {
            exchange.way.refuse(exchange, Fault.bug(bug));
        }
    }

    private Map<Binding, Ended> drain() {
        if (news.isEmpty()) {
            return Map.of();
        }
        Map<Binding, Ended> over = new HashMap<>();
        for (Over one = news.poll(); one != null; one = news.poll()) {
            over.put(one.binding, one.why);
        }
        return over;
    }

    /** Requests accepted and not settled. Any thread. */
    public int underWay() {
        return underWay;
    }

    /** Requests that wait for a slot, as of the last tick. Any thread. */
    public int queued() {
        return queued;
    }

    /** Connections that carry a request, as of the last tick. Any thread. */
    public int outboundBusy() {
        return outbound.busy();
    }

    /** Idle connections, as of the last tick. Any thread. */
    public int outboundKept() {
        return outbound.kept();
    }

    /** Cuts what is still under way, then closes what it owns. No request comes after. Any thread. */
    public Future<Void> close() {
        Promise<Void> closed = context.promise();
        execute(() -> {
            vertx.cancelTimer(timer);
            // before the instances are let go: an answer that only their hanging up ends would look whole
            while (first != null) {
                first.cutShort(Fault.of(Reason.SHUTTING_DOWN));
            }
            settlement.close();
            errands.close();
            copies.close();
            outbound.close()
                    .onComplete(done -> executeLater(() -> {
                        outbound.tick(System.nanoTime());
                        closed.complete();
                    }));
        });
        return closed.future();
    }
}
