package dev.sandgate.proxy.tls;

import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TlsConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All certificates of a node: each TLS listener's own files, looked at every second, and behind them what came at run
 * time, which all these listeners share. Files are read on worker threads. Any thread.
 */
public final class NodeKeys implements Certificates {

    private static final long LOOK_MILLIS = 1_000;

    /** One listener: what it has in files, how it speaks, and what handshakes see of both. */
    private record Front(ListenerKeys files, ListenerTls tls) {

        void serve() {
            tls.keys().own(files.usual(), files.groups());
        }
    }

    private final Vertx vertx;
    private final Map<String, Front> fronts = new LinkedHashMap<>();
    private final Map<String, List<CertifiedKey>> origins = new TreeMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long timer = -1;

    public NodeKeys(SandgateConfig config, Vertx vertx) {
        this.vertx = vertx;
        config.listeners().forEach((name, listener) -> listener.tls()
                .ifPresent(tls -> fronts.put(name, new Front(new ListenerKeys(tls), tls(listener, tls)))));
    }

    private static ListenerTls tls(ListenerConfig listener, TlsConfig tls) {
        return new ListenerTls(tls, listener.http2(), listener.limits().headTimeout());
    }

    /** How a listener speaks TLS; empty: it does not. */
    public Optional<ListenerTls> of(String listener) {
        return Optional.ofNullable(fronts.get(listener)).map(Front::tls);
    }

    /** Reads all files, or fails with the one that cannot be used; {@link #close} ends it. */
    public Future<Void> open() {
        if (fronts.isEmpty()) {
            return Future.succeededFuture();
        }
        return vertx.<Void>executeBlocking(() -> {
                    for (Map.Entry<String, Front> each : fronts.entrySet()) {
                        begin(each.getKey(), each.getValue());
                    }
                    return null;
                })
                .onSuccess(read -> timer = vertx.setPeriodic(LOOK_MILLIS, due -> look()));
    }

    private void begin(String listener, Front front) {
        try {
            front.files.begin();
            front.tls.readAuthorities();
        } catch (FlawedKey flawed) {
            throw new IllegalStateException("listener " + listener + " cannot speak TLS: " + flawed.getMessage());
        }
        front.serve();
    }

    private void look() {
        if (looking.compareAndSet(false, true)) {
            vertx.<Void>executeBlocking(() -> {
                        fronts.values().stream()
                                .filter(front -> front.files.look())
                                .forEach(Front::serve);
                        return null;
                    })
                    .onComplete(done -> looking.set(false));
        }
    }

    @Override
    public synchronized void replace(String origin, Collection<CertifiedKey> keys) {
        origins.put(origin, List.copyOf(keys));
        List<List<CertifiedKey>> all = List.copyOf(origins.values());
        fronts.values().forEach(front -> front.tls.keys().shared(all));
    }

    /** Looks at no file any more. */
    public void close() {
        vertx.cancelTimer(timer);
    }
}
