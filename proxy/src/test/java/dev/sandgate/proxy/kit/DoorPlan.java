package dev.sandgate.proxy.kit;

import dev.sandgate.conf.AcmeConfig;
import dev.sandgate.conf.AdminConfig;
import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.HstsConfig;
import dev.sandgate.conf.LimitsConfig;
import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.conf.MirrorConfig;
import dev.sandgate.conf.NodeConfig;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.RouteLimits;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.SplitConfig;
import dev.sandgate.conf.TableConfig;
import dev.sandgate.conf.TlsConfig;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The configuration of a {@link TestDoor}: one listener {@code public} on a free port, a pool {@code main}, a route
 * {@code /} to it whose sessions are told by {@code X-Session-Id}, an admin listener, an access log.
 */
public final class DoorPlan {

    private final Map<String, PoolPlan> pools = new LinkedHashMap<>();
    private final List<RouteConfig> routes = new ArrayList<>();
    private List<AffinityConfig> affinity = List.of(new AffinityConfig.Header("X-Session-Id", false));
    private List<PolicyConfig> policies = List.of();
    private Optional<SplitConfig> split = Optional.empty();
    private Optional<MirrorConfig> mirror = Optional.empty();
    private String path = "/";
    private String host = "127.0.0.1";
    private boolean debug;
    private boolean http2 = true;
    private boolean accessLog = true;
    private Optional<AdminConfig> admin = Optional.of(new AdminConfig("127.0.0.1", 0, Optional.empty()));
    private List<IPAddress> trusted = List.of();
    private Optional<TlsConfig> tls = Optional.empty();
    private OptionalInt httpsPort = OptionalInt.empty();
    private Optional<HstsConfig> hsts = Optional.empty();
    private LimitsConfig limits = new LimitsConfig(
            1_000, 1_000, 16 * 1024, 50, OptionalLong.empty(), Duration.ofSeconds(1), Duration.ofSeconds(5));
    private Duration shutdownTimeout = Duration.ofSeconds(1);
    private TableConfig table = new TableConfig.Memory();
    private TableConfig.IdKey idKey = new TableConfig.IdKey("one", "a secret of the tests, and of nobody else");
    private NodeConfig node = NodeConfig.DEFAULT;
    private Optional<AcmeConfig> acme = Optional.empty();
    private Path state = Path.of("target", "no-state").toAbsolutePath();

    private DoorPlan() {}

    public static DoorPlan to(RecordingInstance... instances) {
        return new DoorPlan().pool(PoolPlan.of("main", instances));
    }

    public static DoorPlan toUrls(URI... instances) {
        return new DoorPlan().pool(PoolPlan.named("main", instances));
    }

    /** Adds this pool, or puts it in the place of the one of its name. */
    public DoorPlan pool(PoolPlan pool) {
        pools.put(pool.name(), pool);
        return this;
    }

    /** Changes the pool {@code main}. */
    public DoorPlan main(UnaryOperator<PoolPlan> change) {
        pools.computeIfPresent("main", (name, pool) -> change.apply(pool));
        return this;
    }

    /** Adds a route for this path prefix, before the one for {@code /} and named like its pool. */
    public DoorPlan route(String path, String pool, AffinityConfig... sources) {
        return route(
                RouteConfig.plain(pool, List.of(), List.of(path), Map.of(), pool, List.of(sources), policies, debug));
    }

    /** Adds this route before the one for {@code /}. */
    public DoorPlan route(RouteConfig route) {
        routes.add(route);
        return this;
    }

    /** Leaves out the pool {@code main} and its route: every route is the test's own. */
    public DoorPlan withoutMain() {
        pools.remove("main");
        return this;
    }

    /** How the sessions of the route {@code /} are told; none: each request is balanced by itself. */
    public DoorPlan affinity(AffinityConfig... sources) {
        affinity = List.of(sources);
        return this;
    }

    /** What the route {@code /}, and those that are added after this, ask of a request. */
    public DoorPlan policies(PolicyConfig... asked) {
        policies = List.of(asked);
        return this;
    }

    /** Other pools get a share of the new sessions of the route {@code /}. */
    public DoorPlan split(SplitConfig config) {
        split = Optional.of(config);
        return this;
    }

    /** The same, one pool, for none by name. */
    public DoorPlan split(String pool, double percent) {
        SplitConfig.Picked nobody = new SplitConfig.Picked(Map.of(), Map.of(), Set.of());
        SplitConfig.Variant variant = new SplitConfig.Variant(pool, percent, nobody);
        return split(new SplitConfig(List.of(variant), SplitConfig.By.SESSION));
    }

    /** This pool gets copies of a share of the requests of the route {@code /}. */
    public DoorPlan mirror(String pool, double percent) {
        mirror = Optional.of(new MirrorConfig(pool, percent));
        return this;
    }

    /** The route of the pool {@code main} takes only this path prefix. */
    public DoorPlan at(String prefix) {
        path = prefix;
        return this;
    }

    /** Answers of the route {@code /} name their instance. */
    public DoorPlan debug() {
        debug = true;
        return this;
    }

    /** The address that the public listener takes instead of 127.0.0.1. */
    public DoorPlan listeningOn(String address) {
        host = address;
        return this;
    }

    public DoorPlan http2(boolean spoken) {
        http2 = spoken;
        return this;
    }

    public DoorPlan withoutAccessLog() {
        accessLog = false;
        return this;
    }

    public DoorPlan withoutAdmin() {
        admin = Optional.empty();
        return this;
    }

    /** Where the admin listener is, and the token that it asks for; none where this is empty. */
    public DoorPlan admin(String address, Optional<String> token) {
        admin = Optional.of(new AdminConfig(address, 0, token));
        return this;
    }

    /** Peers whose forwarding fields are believed, as addresses or {@code 10.0.0.0/8}. */
    public DoorPlan trusting(String... peers) {
        trusted = Arrays.stream(peers)
                .map(peer -> new IPAddressString(peer).getAddress())
                .toList();
        return this;
    }

    /** In clear text, from where everybody is sent to https at this port. */
    public DoorPlan redirecting(int port) {
        httpsPort = OptionalInt.of(port);
        return this;
    }

    public DoorPlan hsts(HstsConfig told) {
        hsts = Optional.of(told);
        return this;
    }

    public DoorPlan tls(TlsConfig certificate) {
        tls = Optional.of(certificate);
        return this;
    }

    /**
     * One of several nodes, whose table is in this Redis.
     *
     * @param url {@code redis://127.0.0.1:port}, of a Redis or of something before it
     */
    public DoorPlan redis(String url) {
        table = new TableConfig.Redis(
                TableConfig.Mode.STANDALONE,
                List.of(URI.create(url)),
                "mymaster",
                Optional.empty(),
                Optional.empty(),
                0,
                "sg",
                Optional.empty(),
                Await.PATIENCE,
                Await.PATIENCE.dividedBy(2),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                100_000,
                List.of(idKey),
                TableConfig.Leases.PROMISED);
        return this;
    }

    /** The key by which it hides session ids in the table, once it has one in Redis. */
    public DoorPlan hidingIdsBy(String id, String secret) {
        idKey = new TableConfig.IdKey(id, secret);
        return this;
    }

    /** The same where this leads to it. */
    public DoorPlan table(TableConfig.Redis config) {
        table = config;
        return this;
    }

    /** Where the node orders certificates. */
    public DoorPlan acme(AcmeConfig config) {
        acme = Optional.of(config);
        return this;
    }

    /** What the node tells the others. */
    public DoorPlan node(String id, String advertise) {
        node = new NodeConfig(Optional.of(id), Optional.of(advertise));
        return this;
    }

    /** Where the door writes down what it starts. */
    public DoorPlan state(Path folder) {
        state = folder;
        return this;
    }

    public DoorPlan shutdownTimeout(Duration timeout) {
        shutdownTimeout = timeout;
        return this;
    }

    public DoorPlan limits(LimitsConfig all) {
        limits = all;
        return this;
    }

    public DoorPlan connections(int most, int mostOfOneAddress) {
        return limits(new LimitsConfig(
                most,
                mostOfOneAddress,
                limits.headBytes(),
                limits.http2Streams(),
                limits.bodyBytes(),
                limits.headTimeout(),
                limits.keepAlive()));
    }

    public DoorPlan sizes(int headBytes, OptionalLong bodyBytes) {
        return limits(new LimitsConfig(
                limits.connections(),
                limits.connectionsPerAddress(),
                headBytes,
                limits.http2Streams(),
                bodyBytes,
                limits.headTimeout(),
                limits.keepAlive()));
    }

    public DoorPlan waits(Duration headTimeout, Duration keepAlive) {
        return limits(new LimitsConfig(
                limits.connections(),
                limits.connectionsPerAddress(),
                limits.headBytes(),
                limits.http2Streams(),
                limits.bodyBytes(),
                headTimeout,
                keepAlive));
    }

    private RouteConfig main() {
        return new RouteConfig(
                "main",
                List.of(),
                List.of(path),
                Map.of(),
                "main",
                affinity,
                policies,
                split,
                mirror,
                RewriteConfig.NOTHING,
                Optional.empty(),
                RouteLimits.NONE,
                debug);
    }

    public SandgateConfig config() {
        Map<String, PoolConfig> built = new LinkedHashMap<>();
        pools.forEach((name, pool) -> built.put(name, pool.config()));
        List<RouteConfig> all = new ArrayList<>(routes);
        if (pools.containsKey("main")) {
            all.add(main());
        }
        ListenerConfig listener = new ListenerConfig(
                "public", host, 0, tls, httpsPort, hsts, http2, trusted, limits);
        return new SandgateConfig(
                Map.of("public", listener),
                admin,
                node,
                table,
                built,
                all,
                acme,
                shutdownTimeout,
                accessLog,
                state,
                List.of());
    }
}
