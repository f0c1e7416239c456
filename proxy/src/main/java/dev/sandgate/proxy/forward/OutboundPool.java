package dev.sandgate.proxy.forward;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's connections to one incarnation of an instance: bounded, last in first out, with a queue of waiters
 * that has a deadline. All on that loop.
 */
final class OutboundPool {

    /** A request that needs a connection. */
    interface Taker {

        /** Here it is; give it back or discard it. */
        void take(Outbound connection);

        /** There is none. */
        void refused(Fault fault);

        /** Whether it needs none any more. */
        boolean isOver();

        /** Whether only one that carried no request yet will do: another had gone stale under it. */
        boolean wantsFresh();
    }

    private record Waiter(Taker taker, long sinceNanos) {}

    private final Destination destination;
    private final HttpClientAgent client;
    private final Context context;
    private final HttpConnectOptions options;
    private final ArrayDeque<Outbound> idle = new ArrayDeque<>();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    private int open;
    private int connecting;
    private int lent;
    private int breaks;
    private int vouchedAt = -1;
    private boolean retired;

    OutboundPool(Destination destination, HttpClientAgent client, Context context) {
        this.destination = destination;
        this.client = client;
        this.context = context;
        this.options = options(destination);
    }

    private static HttpConnectOptions options(Destination to) {
        var options = new HttpConnectOptions()
                .setServer(SocketAddress.inetSocketAddress(
                        to.instance().port(), to.instance().host()))
                .setHost(to.shape().tlsName())
                .setPort(to.instance().port())
                .setSsl(to.shape().tls() != null);
        if (to.shape().tls() != null) {
            options.setSslOptions(to.shape().tls());
        }
        return options;
    }

    void acquire(Taker taker) {
        destination.begin();
        Outbound kept = taker.wantsFresh() ? null : idle.pollLast();
        while (kept != null && kept.hasSurplus()) {
            kept.discard();
            kept = idle.pollLast();
        }
        if (kept != null) {
            lend(kept, taker);
            return;
        }
        waiters.add(new Waiter(taker, System.nanoTime()));
        connectIfNeeded();
    }

    private void lend(Outbound connection, Taker taker) {
        connection.lend();
        lent++;
        taker.take(connection);
    }

    private void connectIfNeeded() {
        while (connecting < waiters.size()
                && open + connecting < destination.shape().connections()) {
            connecting++;
            // Not now, in the middle of a batch of epoll's: the new socket may get the number of one that was closed a
            // moment ago, and would be given the events which that one has left in the batch (Netty 4.2.18)
            context.runOnContext(turn -> connect());
        }
    }

    private void connect() {
        client.connect(options).onComplete(this::connected, this::notConnected);
    }

    // Whoever listens there now may be another life of the instance than the one that this pool leads to. While a
    // connection stands that was made to the right one, and none broke since, it is that one.
    private void connected(HttpClientConnection made) {
        Outbound connection = new Outbound(this, made);
        open++;
        int seen = breaks;
        Future<Void> vouched = open > 1 && vouchedAt == seen ? Future.succeededFuture() : destination.vouch();
        if (vouched.succeeded()) {
            connecting--;
            vouchedAt = seen;
            serveOrKeep(connection);
        } else {
            vouched.onComplete(answer -> context.runOnContext(turn -> vouched(connection, answer.succeeded(), seen)));
        }
    }

    private void vouched(Outbound connection, boolean same, int seen) {
        connecting--;
        if (same && connection.isOpen()) {
            vouchedAt = seen;
            serveOrKeep(connection);
            return;
        }
        connection.discard();
        if (!same) {
            refuseNext();
        }
        connectIfNeeded();
    }

    private void notConnected(Throwable why) {
        connecting--;
        breaks++;
        destination.missed(false);
        refuseNext();
        connectIfNeeded();
    }

    private void refuseNext() {
        Waiter waiter = nextWaiter();
        if (waiter != null) {
            destination.end();
            waiter.taker.refused(Fault.of(Reason.INSTANCE_UNREACHABLE));
        }
    }

    private @Nullable Waiter nextWaiter() {
        Waiter waiter = waiters.poll();
        while (waiter != null && waiter.taker.isOver()) {
            destination.end();
            waiter = waiters.poll();
        }
        return waiter;
    }

    private void serveOrKeep(Outbound connection) {
        Waiter waiter = nextWaiter();
        if (waiter != null && waiter.taker.wantsFresh() && connection.reused()) {
            // it makes room for the one that this waiter needs
            waiters.addFirst(waiter);
            connection.discard();
        } else if (waiter != null) {
            lend(connection, waiter.taker);
        } else if (retired) {
            connection.discard();
        } else {
            connection.rest();
            idle.addLast(connection);
        }
    }

    void returned(Outbound connection) {
        lent--;
        destination.end();
        serveOrKeep(connection);
    }

    void closed(Outbound connection, boolean wasLent) {
        open--;
        breaks++;
        if (wasLent) {
            lent--;
            destination.end();
        } else {
            idle.remove(connection);
        }
        connectIfNeeded();
    }

    void execute(Runnable task) {
        ((ContextInternal) context).nettyEventLoop().execute(task);
    }

    /** Closes what idled too long, refuses who waited too long. */
    void tick(long nowNanos) {
        long keepAlive = destination.shape().timeouts().keepAlive().toNanos();
        Outbound oldest = idle.peekFirst();
        while (oldest != null && nowNanos - oldest.idleSince() > keepAlive) {
            oldest.discard();
            oldest = idle.peekFirst();
        }
        long patience = destination.shape().timeouts().connectionWait().toNanos();
        Waiter first = waiters.peek();
        // whoever has a connection on its way waits for that one, as long as a connect may take
        while (first != null
                && (first.taker.isOver() || (waiters.size() > connecting && nowNanos - first.sinceNanos > patience))) {
            waiters.poll();
            destination.end();
            if (!first.taker.isOver()) {
                first.taker.refused(Fault.of(Reason.INSTANCE_BUSY).retryAfter(Duration.ofSeconds(1)));
            }
            first = waiters.peek();
        }
    }

    /** No more connections are kept: the incarnation is over. */
    void retire() {
        retired = true;
        forgetIdle();
    }

    void forgetIdle() {
        Outbound kept;
        while ((kept = idle.pollLast()) != null) {
            kept.discard();
        }
    }

    boolean isEmpty() {
        return retired && open == 0 && connecting == 0 && waiters.isEmpty();
    }

    /** Lent, or being opened for a request. */
    int busy() {
        return lent + connecting;
    }

    int kept() {
        return idle.size();
    }
}
