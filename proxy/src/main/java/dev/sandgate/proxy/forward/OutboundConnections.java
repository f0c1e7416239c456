package dev.sandgate.proxy.forward;

import dev.sandgate.affinity.Instance;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One event loop's connections to all instances. Owns them; close it once. All on that loop, but for the counts. */
public final class OutboundConnections {

    private final Vertx vertx;
    private final Context context;
    // Vert.x takes the connect timeout from the client alone: what a connect itself asks for is not looked at
    private final Map<Duration, HttpClientAgent> clients = new HashMap<>();
    private final Map<Destination, OutboundPool> pools = new HashMap<>();
    private volatile int busy;
    private volatile int kept;

    /** Called on the loop whose connections these will be. */
    public OutboundConnections(Vertx vertx) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    private HttpClientAgent client(Duration connectTimeout) {
        // Alpn and pooling stay off: HTTP/1.1 only, and we pool ourselves
        return vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setConnectTimeout((int) connectTimeout.toMillis())
                        .setDecompressionSupported(false)
                        .setTcpNoDelay(true)
                        .setTcpKeepAlive(true)
                        .setKeepAlive(true)
                        .setPipelining(false))
                .build();
    }

    Context context() {
        return context;
    }

    OutboundPool to(Destination destination) {
        OutboundPool pool = pools.get(destination);
        if (pool == null) {
            Duration patience = destination.shape().timeouts().connect();
            pool = new OutboundPool(destination, clients.computeIfAbsent(patience, this::client), context);
            pools.put(destination, pool);
        }
        return pool;
    }

    /** Closes the idle connections to an instance: when one of them went stale, so did the others. */
    void forgetIdle(Destination destination) {
        to(destination).forgetIdle();
    }

    /** Lets go of an incarnation that is over: idle connections at once, lent ones when they come back. */
    public void retire(Instance instance) {
        pools.forEach((destination, pool) -> {
            Instance other = destination.instance();
            boolean same = other.id().equals(instance.id())
                    && other.pool().equals(instance.pool())
                    && other.incarnation().equals(instance.incarnation());
            if (same) {
                pool.retire();
            }
        });
    }

    /** Does what is due; about ten times a second. */
    public void tick(long nowNanos) {
        int nowBusy = 0;
        int nowKept = 0;
        // a copy: refusing who waited too long may bring the next request, to a pool that is not there yet
        for (OutboundPool pool : List.copyOf(pools.values())) {
            pool.tick(nowNanos);
            nowBusy += pool.busy();
            nowKept += pool.kept();
        }
        pools.values().removeIf(OutboundPool::isEmpty);
        busy = nowBusy;
        kept = nowKept;
    }

    /** Connections that carry a request or are being opened for one, as of the last tick. Any thread. */
    public int busy() {
        return busy;
    }

    /** Idle connections, as of the last tick. Any thread. */
    public int kept() {
        return kept;
    }

    /** Closes them all; on the loop. */
    public Future<Void> close() {
        pools.values().forEach(OutboundPool::retire);
        return Future.join(clients.values().stream().map(HttpClientAgent::close).toList())
                .mapEmpty();
    }
}
