package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.Instance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/**
 * Knocks on instances that could not be reached, by this node or another, until they answer: after 1 s, then after twice as long each time, up
 * to 4 s, well within what a session waits for its instance. A TCP connection is an answer. Any thread.
 */
final class Probes {

    private static final long FIRST_MILLIS = 1000;
    private static final long LAST_MILLIS = 4000;
    private static final long SILENCE_MILLIS = 2000;

    private final Vertx vertx;
    private final NetClient client;
    private final BiPredicate<Instance, Boolean> told;
    private final Map<Instance, Boolean> watched = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** @param told hears of each answer and each silence; whether to knock again */
    Probes(Vertx vertx, Duration patience, BiPredicate<Instance, Boolean> told) {
        this.vertx = vertx;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) patience.toMillis()));
        this.told = told;
    }

    /**
     * Begins to knock, unless it does already.
     *
     * @param ask whether to send a request too: an instance that takes connections and hangs up is not well. Silence
     *     counts as an answer, since a busy instance is alive
     */
    void watch(Instance instance, boolean ask) {
        if (!closed && watched.putIfAbsent(instance, true) == null) {
            knockAfter(instance, ask, FIRST_MILLIS);
        }
    }

    private void knockAfter(Instance instance, boolean ask, long millis) {
        vertx.setTimer(millis, due -> knock(instance, ask, millis));
    }

    private void knock(Instance instance, boolean ask, long waited) {
        if (closed) {
            return;
        }
        client.connect(instance.port(), instance.host())
                .compose(socket -> ask ? ask(socket) : socket.close())
                .onComplete(answered -> {
                    boolean alive = answered.succeeded();
                    if (alive) {
                        // first: who misses it from now on must find nobody knocking
                        watched.remove(instance);
                    }
                    boolean again = told.test(instance, alive);
                    boolean mine = !alive || (again && watched.putIfAbsent(instance, true) == null);
                    if (again && mine) {
                        knockAfter(instance, ask, Math.min(2 * waited, LAST_MILLIS));
                    } else if (!alive) {
                        watched.remove(instance);
                    }
                });
    }

    private Future<Void> ask(NetSocket socket) {
        Promise<Void> answered = Promise.promise();
        long patience = vertx.setTimer(SILENCE_MILLIS, silent -> answered.tryComplete());
        socket.handler(anything -> answered.tryComplete());
        socket.closeHandler(closed -> answered.tryFail("hung up"));
        socket.write("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return answered.future().eventually(() -> {
            vertx.cancelTimer(patience);
            return socket.close();
        });
    }

    /** On how many it knocks now. */
    int watching() {
        return watched.size();
    }

    void close() {
        closed = true;
        client.close();
    }
}
