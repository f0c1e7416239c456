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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fixed list of a {@code static} pool. A host name stands for each address that it resolves to; names are resolved
 * at start and again after a failed connect. Where the config says where an instance tells its incarnation, it is asked
 * before it is used, then about each second; else all lives of an address are one. Any thread.
 */
final class StaticSource implements InstanceSource {

    private static final Logger LOG = LoggerFactory.getLogger(StaticSource.class);
    private static final long AGAIN_MILLIS = 5000;
    private static final long ASK_MILLIS = 1000;
    /** Of instances that do not tell one: the same on every node. */
    private static final String UNTOLD = "untold";

    private final InstancesConfig.Static config;
    private final PoolConfig pool;
    private final Finder finder;
    private final Vertx vertx;
    private final @Nullable ClientSSLOptions tls;
    private final Optional<IncarnationCheck> check;
    private final Map<String, StaticPlace> places = new ConcurrentHashMap<>();
    private final AtomicBoolean resolving = new AtomicBoolean();
    private final AtomicBoolean later = new AtomicBoolean();
    private volatile boolean closed;
    private long timer = -1;

    StaticSource(InstancesConfig.Static config, PoolConfig pool, Finder finder, Vertx vertx) {
        this.config = config;
        this.pool = pool;
        this.finder = finder;
        this.vertx = vertx;
        this.check = config.incarnation().map(told -> new IncarnationCheck(told, vertx));
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
        if (check.isPresent()) {
            timer = vertx.setPeriodic(ASK_MILLIS, look -> places.values().stream()
                    .filter(StaticPlace::isQuiet)
                    .forEach(this::look));
        }
        return resolve();
    }

    @Override
    public Destination.Shape shape(Instance instance) {
        StaticPlace place = places.get(instance.id());
        if (place != null) {
            return place.shape;
        }
        // as in add: the name that was looked up, then where it led
        int at = instance.id().indexOf('@');
        String authority = at < 0 ? instance.id() : instance.id().substring(0, at);
        return config.urls().stream()
                .filter(url -> url.getAuthority().equals(authority))
                .findFirst()
                .map(this::shape)
                .orElseGet(() -> Destination.Shape.plain(instance.host(), instance.port(), pool));
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

    private Destination.Shape shape(URI url) {
        return new Destination.Shape(
                url.getAuthority(),
                pool.host() == PoolConfig.HostRule.PRESERVE,
                isTls(url) ? tls : null,
                withoutBrackets(url.getHost()),
                pool.timeouts(),
                pool.connections());
    }

    private void add(URI url, String id, String literal) {
        StaticPlace place = new StaticPlace(id, literal, url.getPort(), shape(url));
        if (places.putIfAbsent(id, place) == null) {
            look(place);
        }
    }

    @Override
    public void gone(Instance instance) {
        // it is found again when somebody answers there
        StaticPlace place = places.get(instance.id());
        if (place != null) {
            place.gone(instance);
        }
    }

    @Override
    public boolean comesBack() {
        return true;
    }

    @Override
    public void returned(Instance instance) {
        StaticPlace place = places.get(instance.id());
        if (place != null) {
            look(place);
        }
    }

    @Override
    public Future<Void> vouch(Instance instance) {
        StaticPlace place = places.get(instance.id());
        return check.isEmpty() || place == null
                ? VOUCHED
                : lookAgain(place)
                        .compose(told -> told.equals(instance.incarnation())
                                ? VOUCHED
                                : Future.failedFuture("another life of the instance answers"));
    }

    @Override
    public boolean grows() {
        return false;
    }

    @Override
    public Starts starts() {
        return Starts.NONE;
    }

    private void look(StaticPlace place) {
        if (check.isPresent()) {
            lookAgain(place);
        } else {
            lives(place, UNTOLD);
        }
    }

    private Future<String> lookAgain(StaticPlace place) {
        IncarnationCheck asked = check.orElseThrow();
        return place.ask(() -> asked.ask(place.host, place.port, place.shape).onSuccess(told -> lives(place, told)))
                .onFailure(why -> unheard(place, why));
    }

    private void unheard(StaticPlace place, Throwable why) {
        if (!closed && place.fallsSilent()) {
            LOG.info(
                    "pool {}: {} does not tell its incarnation, and takes no sessions before it has: {}",
                    pool.name(),
                    place.id,
                    why.getMessage());
        }
    }

    private void lives(StaticPlace place, String incarnation) {
        if (closed) {
            return;
        }
        if (place.knewAnother(incarnation)) {
            LOG.info("instance {} has begun another life; the sessions of the one before are lost", place.id);
        }
        place.lives(pool.name(), incarnation).ifPresent(instance -> finder.found(instance, place.shape));
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    @Override
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(timer);
        return check.map(IncarnationCheck::close).orElse(Future.succeededFuture());
    }
}
