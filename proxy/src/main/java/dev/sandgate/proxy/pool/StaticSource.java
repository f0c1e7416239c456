package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.Instance;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.proxy.forward.Destination;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fixed list of a {@code static} pool. A host name stands for each address that it resolves to; names are resolved
 * at start and again after a failed connect. Any thread.
 */
final class StaticSource implements InstanceSource {

    private static final Logger LOG = LoggerFactory.getLogger(StaticSource.class);
    private static final long AGAIN_MILLIS = 5000;

    /** Where one instance is, whichever incarnation it has. */
    private record Place(String id, String host, int port, Destination.Shape shape) {}

    private final InstancesConfig.Static config;
    private final PoolConfig pool;
    private final Finder finder;
    private final Vertx vertx;
    private final @Nullable ClientSSLOptions tls;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final AtomicBoolean resolving = new AtomicBoolean();
    private final AtomicBoolean later = new AtomicBoolean();
    private volatile boolean closed;

    StaticSource(InstancesConfig.Static config, PoolConfig pool, Finder finder, Vertx vertx) {
        this.config = config;
        this.pool = pool;
        this.finder = finder;
        this.vertx = vertx;
        this.tls = config.urls().stream().anyMatch(StaticSource::isTls) ? tls(config, pool) : null;
    }

    private static boolean isTls(URI url) {
        return "https".equals(url.getScheme());
    }

    private static ClientSSLOptions tls(InstancesConfig.Static config, PoolConfig pool) {
        var options = new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS");
        options.setSslHandshakeTimeout(pool.timeouts().connect().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
        config.trust().ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        return options;
    }

    @Override
    public Future<Void> start() {
        return resolve();
    }

    private Future<Void> resolve() {
        List<URI> names = new ArrayList<>();
        for (URI url : config.urls()) {
            String host = withoutBrackets(url.getHost());
            if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
                add(url, url.getAuthority(), host);
            } else {
                names.add(url);
            }
        }
        return names.isEmpty() ? Future.succeededFuture() : resolve(names);
    }

    /** Looks a name up once more, unless that is under way. */
    @Override
    public void missed(Instance instance) {
        if (instance.id().indexOf('@') >= 0 && resolving.compareAndSet(false, true)) {
            resolve().onComplete(done -> resolving.set(false));
        }
    }

    private Future<Void> resolve(List<URI> names) {
        // the JDK's resolver blocks, so it runs on a worker
        return vertx.executeBlocking(() -> {
                    List<URI> unknown = new ArrayList<>();
                    for (URI url : names) {
                        try {
                            for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
                                String literal = address.getHostAddress();
                                add(url, url.getAuthority() + "@" + literal, literal);
                            }
                        } catch (UnknownHostException missing) {
                            unknown.add(url);
                        }
                    }
                    return unknown;
                })
                .onSuccess(this::lookForLater)
                .mapEmpty();
    }

    private void lookForLater(List<URI> unknown) {
        if (!unknown.isEmpty() && !closed && later.compareAndSet(false, true)) {
            LOG.warn("pool {}: the name of {} cannot be resolved; it is tried again", pool.name(), unknown);
            vertx.setTimer(AGAIN_MILLIS, due -> {
                later.set(false);
                resolve(unknown);
            });
        }
    }

    private void add(URI url, String id, String literal) {
        var shape = new Destination.Shape(
                url.getAuthority(),
                pool.host() == PoolConfig.HostRule.PRESERVE,
                isTls(url) ? tls : null,
                withoutBrackets(url.getHost()),
                pool.timeouts(),
                pool.connections());
        if (places.putIfAbsent(id, new Place(id, literal, url.getPort(), shape)) == null) {
            report(id);
        }
    }

    @Override
    public void gone(Instance instance) {
        // it is found again when somebody answers there
    }

    @Override
    public boolean comesBack() {
        return true;
    }

    @Override
    public void returned(Instance instance) {
        report(instance.id());
    }

    @Override
    public boolean grows() {
        return false;
    }

    @Override
    public Starts starts() {
        return Starts.NONE;
    }

    /** Reports a new incarnation of a place that is known. */
    private void report(String id) {
        Place place = places.get(id);
        if (place != null && !closed) {
            String incarnation = Long.toHexString(ThreadLocalRandom.current().nextLong());
            finder.found(new Instance(pool.name(), id, incarnation, place.host, place.port), place.shape);
        }
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }
}
