package dev.sandgate.proxy;

import dev.sandgate.affinity.AdmissionQueue;
import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.AlarmClock;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.catalog.PolicyCatalog;
import dev.sandgate.proxy.admin.AdminListener;
import dev.sandgate.proxy.admin.Node;
import dev.sandgate.proxy.admin.Node.Traffic;
import dev.sandgate.proxy.admin.NodeBook;
import dev.sandgate.proxy.domain.DomainGoals;
import dev.sandgate.proxy.domain.Domains;
import dev.sandgate.proxy.forward.Copies;
import dev.sandgate.proxy.inbound.AcceptGate;
import dev.sandgate.proxy.inbound.InboundTransport;
import dev.sandgate.proxy.log.AccessLog;
import dev.sandgate.proxy.log.SessionDigest;
import dev.sandgate.proxy.meter.Meters;
import dev.sandgate.proxy.pool.Home;
import dev.sandgate.proxy.pool.Pool;
import dev.sandgate.proxy.pool.Starts;
import dev.sandgate.proxy.process.Children;
import dev.sandgate.proxy.request.Doorway;
import dev.sandgate.proxy.request.Farewells;
import dev.sandgate.proxy.request.Lane;
import dev.sandgate.proxy.request.Route;
import dev.sandgate.proxy.request.Settlement;
import dev.sandgate.proxy.shelf.Shelves;
import dev.sandgate.proxy.tls.NodeKeys;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxBootstrap;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A running node: everything that one configuration asks for. Owns its Vert.x; close it once. */
public final class Door {

    /** What the loops share. Safe from any thread. */
    record Parts(
            List<Listener.Place> places,
            List<Lane> lanes,
            Map<String, Integer> ports,
            Doorway.Routing routing,
            AffinityTable table,
            String pseudonym,
            Supplier<Lane> newLane) {

        /** The share of the loop that this is called on. */
        Lane lane() {
            Lane lane = newLane.get();
            lanes.add(lane);
            return lane;
        }
    }

    private static final int FIRST_BACKLOG = 1024;

    private final SandgateConfig config;
    private final InboundTransport transport = InboundTransport.best();
    private final Vertx vertx;
    private final NodeKeys keys;
    private final NodeTable held;
    private final AffinityTable table;
    private final Shelves shelves;
    private final NodeOrders orders;
    private final Home home;
    private final Farewells farewells = new Farewells();
    private final Optional<Children> children;
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final Optional<AccessLog> log;
    private final Map<String, AcceptGate> gates = new LinkedHashMap<>();
    private final byte[] salt = random(16);
    private final Meters meters;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Documents documents;
    private final PolicyCatalog policies;
    private final Domains domains;
    private final Parts parts;
    private final NodeBook nodes;
    private @Nullable AdminListener admin;
    private volatile @Nullable Heartbeat heart;
    private volatile boolean stopping;
    private @Nullable Future<Void> closed;

    private Door(SandgateConfig config) {
        this.config = config;
        this.vertx = VertxBootstrap.create()
                .options(new VertxOptions()
                        .setEventLoopPoolSize(loops())
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)))
                .transport(transport)
                .init()
                .vertx();
        String node = config.node().id().orElseGet(() -> HexFormat.of().formatHex(random(4)));
        this.keys = new NodeKeys(config, vertx);
        this.held = NodeTable.of(config, vertx, node);
        this.table = held.table();
        this.shelves = new Shelves(config, table, vertx);
        this.orders = new NodeOrders(config, vertx, shelves, keys);
        this.home = Home.of(config, node);
        this.nodes = new NodeBook(vertx, table.shelf("nodes"), node);
        this.log = config.accessLog()
                ? Optional.of(new AccessLog((bytes, length) -> {
                    System.out.write(bytes, 0, length);
                    System.out.flush();
                }))
                : Optional.empty();
        this.children = longestStop(config).map(longest -> new Children(vertx, config.state(), longest));
        config.pools().forEach((name, pool) -> pools.put(name, pool(name, pool)));
        this.meters = new Meters(Routes.counted(config), Settlement.reasons(), Copies.outcomes());
        this.documents = new Documents(vertx);
        this.policies = new PolicyCatalog(
                new Surroundings(System::nanoTime, Clock.systemUTC(), this::alarm, documents, held.scripts()));
        Routes routes = new Routes(config, this::poolOf, policies, meters);
        this.parts = parts(routes.routing(orders.challenges()));
        this.domains = domains(routes);
        table.subscribe(new TableNews(parts.lanes(), this::poolOf, farewells, policies::sessionOver));
    }

    private static byte[] random(int bytes) {
        byte[] drawn = new byte[bytes];
        new SecureRandom().nextBytes(drawn);
        return drawn;
    }

    private static int loops() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    /** How long the processes that this node starts may take to stop; empty: it starts none. */
    public static Optional<Duration> longestStop(SandgateConfig config) {
        return config.pools().values().stream()
                .map(PoolConfig::instances)
                .filter(InstancesConfig.Processes.class::isInstance)
                .map(instances -> ((InstancesConfig.Processes) instances).stopTimeout())
                .max(Comparator.naturalOrder());
    }

    private Pool pool(String name, PoolConfig pool) {
        AdmissionQueue queue = AdmissionQueue.of(table, name, pool.queue(), this::alarm);
        return new Pool(pool, new Pool.Surroundings(table, queue, children, home, vertx));
    }

    private AlarmClock.Alarm alarm(Duration delay, Runnable ring) {
        long timer = vertx.setTimer(Math.max(1, delay.toMillis()), due -> ring.run());
        return () -> vertx.cancelTimer(timer);
    }

    private Domains domains(Routes routes) {
        Doorway.Routing routing = parts.routing();
        return new Domains(
                vertx,
                shelves,
                new DomainGoals(
                        routing.routes().all(), routes.toPools(), config.acme().isPresent()),
                new Domains.Followers(routing.domains(), keys, orders::want));
    }

    private Parts parts(Doorway.Routing routing) {
        List<Listener.Place> places = new ArrayList<>();
        config.listeners().forEach((name, listener) -> {
            AcceptGate gate = new AcceptGate(listener.limits());
            int backlog = FIRST_BACKLOG + places.size();
            gates.put(name, gate);
            transport.guard(backlog, gate);
            // a negative port is one free port for all loops
            int port = listener.port() == 0 ? -1 - places.size() : listener.port();
            places.add(new Listener.Place(listener, keys.of(name), backlog, port));
        });
        return new Parts(
                List.copyOf(places),
                new CopyOnWriteArrayList<>(),
                new ConcurrentHashMap<>(),
                routing,
                table,
                "sandgate-" + HexFormat.of().formatHex(random(4)),
                () -> new Lane(vertx, new Settlement(log, new SessionDigest(salt), meters.lane()), farewells));
    }

    private Pool poolOf(String name) {
        Pool pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("a route to a pool that is not there: " + name);
        }
        return pool;
    }

    /** One that is still shut. */
    public static Door of(SandgateConfig config) {
        return new Door(config);
    }

    /** Opens every listener, or fails with what could not be opened, and is closed then. Once; {@link #close} ends it. */
    public Future<Door> open() {
        // a promise of no context: once Vert.x is closed, a context completes nothing any more
        Promise<Door> opened = Promise.promise();
        start().onSuccess(open -> opened.complete(this))
                .onFailure(why -> close().onComplete(closed -> opened.fail(why)));
        return opened.future();
    }

    private Future<?> start() {
        heart = Heartbeat.begin(vertx, table, () -> pools.values().forEach(Pool::look));
        return children.map(Children::open)
                .orElse(Future.succeededFuture())
                .compose(open -> keys.open())
                .compose(read -> held.start())
                .compose(known ->
                        Future.all(pools.values().stream().map(Pool::start).toList()))
                .compose(found -> domains.begin())
                .compose(known -> vertx.deployVerticle(this::listener, new DeploymentOptions().setInstances(loops())))
                .compose(listening -> orders.begin())
                .compose(ordering -> openAdmin())
                .onSuccess(open -> nodes.begin(home.advertised().filter(told -> admin != null), adminPort()));
    }

    private Set<SessionKey> named(String pool, String carried) {
        Stream<Route> ofDomains =
                parts.routing().domains().all().values().stream().flatMap(goal -> goal.route().stream());
        return Stream.concat(parts.routing().routes().all().stream(), ofDomains)
                .flatMap(Route::homes)
                .filter(route -> route.config().pool().equals(pool))
                .flatMap(route -> route.identifier().named(carried).stream())
                .collect(Collectors.toSet());
    }

    private Listener listener() {
        Listener listener = new Listener(parts);
        listeners.add(listener);
        return listener;
    }

    private Future<?> openAdmin() {
        if (config.admin().isEmpty()) {
            return Future.succeededFuture();
        }
        int backlog = FIRST_BACKLOG + gates.size();
        transport.guard(backlog, new AcceptGate(AdminListener.LIMITS));
        Node node = new Node(
                pools,
                table,
                new Traffic(parts.lanes(), gates, log, meters),
                nodes,
                domains,
                orders.orders(),
                this::named,
                () -> new SessionDigest(salt),
                () -> !stopping);
        return AdminListener.open(vertx, config.admin().get(), backlog, node).onSuccess(open -> admin = open);
    }

    /** The port on which a listener really listens. */
    public int port(String listener) {
        Integer port = parts.ports().get(listener);
        if (port == null) {
            throw new IllegalArgumentException("no such listener: " + listener);
        }
        return port;
    }

    /** The port of the admin listener; 0 where there is none. */
    public int adminPort() {
        return admin == null ? 0 : admin.port();
    }

    /** Instances that a pool has started since this node began. Any thread. */
    public Starts starts(String pool) {
        return poolOf(pool).starts();
    }

    /** How sockets are served here: {@code epoll}, {@code io_uring} or {@code nio}. */
    public String transport() {
        return transport.name();
    }

    /** What is held now. Any thread; a moment's picture, not a transaction. */
    public Vitals vitals() {
        int sessions = 0;
        int reservations = 0;
        for (String pool : pools.keySet()) {
            sessions += table.sessions(pool);
            reservations += table.reservations(pool);
        }
        List<Lane> lanes = parts.lanes();
        return new Vitals(
                gates.values().stream().mapToInt(AcceptGate::open).sum(),
                lanes.stream().mapToInt(Lane::underWay).sum(),
                lanes.stream().mapToInt(Lane::outboundBusy).sum(),
                lanes.stream().mapToInt(Lane::outboundKept).sum(),
                pools.values().stream().mapToInt(pool -> pool.queue().waiting()).sum(),
                sessions,
                reservations);
    }

    /** Stops accepting, lets requests finish up to the configured deadline, then cuts them. Twice does nothing. */
    public synchronized Future<Void> close() {
        if (closed == null) {
            closed = stop();
        }
        return closed;
    }

    private Future<Void> stop() {
        stopping = true;
        keys.close();
        pools.values().forEach(Pool::stopping);
        gates.values().forEach(AcceptGate::close);
        long millis = config.shutdownTimeout().toMillis();
        // a promise of no context, as in open
        Promise<Void> closing = Promise.promise();
        Future.join(listeners.stream()
                        .map(listener -> listener.shutdown(millis))
                        .toList())
                .transform(cut ->
                        Future.join(parts.lanes().stream().map(Lane::close).toList()))
                .transform(quiet ->
                        Future.join(pools.values().stream().map(Pool::close).toList()))
                .transform(ended -> children.map(Children::close).orElse(Future.succeededFuture()))
                .transform(ended -> orders.close())
                .transform(ended -> nodes.close())
                .transform(told -> domains.close())
                .transform(told -> {
                    policies.close();
                    return documents.close();
                })
                .transform(told -> {
                    if (heart != null) {
                        heart.stop();
                    }
                    return shelves.close().transform(left -> held.close());
                })
                .transform(released -> admin == null ? Future.<Void>succeededFuture() : admin.close())
                .onComplete(quiet -> vertx.close().onComplete(done -> {
                    log.ifPresent(AccessLog::close);
                    closing.complete();
                }));
        return closing.future();
    }
}
