package dev.sandgate.proxy.kit;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.BreakersConfig;
import dev.sandgate.conf.FallbackConfig;
import dev.sandgate.conf.IncarnationConfig;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.HostRule;
import dev.sandgate.conf.PoolConfig.Outage;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.QueueConfig;
import dev.sandgate.conf.RetriesConfig;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import dev.sandgate.conf.TimeoutsConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A pool for a test: small, quick to give up, and changed where the test wants it otherwise. */
public final class PoolPlan {

    private final String name;
    private final List<URI> urls;
    private int perInstance = 10;
    private Duration idleTimeout = Duration.ofMinutes(1);
    private Duration maxLifetime = Duration.ofMinutes(10);
    private Duration lostAfter = Duration.ofSeconds(30);
    private OnLost onLost = OnLost.REJECT;
    private boolean reuseId = true;
    private Optional<Path> trust = Optional.empty();
    private PlacementRule placement = PlacementRule.LEAST_SESSIONS;
    private QueueConfig queue = new QueueConfig(10, Duration.ofSeconds(1));
    private Duration connect = Duration.ofMillis(500);
    private Duration connectionWait = Duration.ofSeconds(1);
    private Duration firstByte = Duration.ofSeconds(2);
    private Duration idle = Duration.ofSeconds(5);
    private Duration keepAlive = Duration.ofSeconds(4);
    private int connections = 50;
    private HostRule host = HostRule.PRESERVE;
    private Optional<AffinityConfig.PortRange> ports = Optional.empty();

    private Optional<InstancesConfig.Processes> processes = Optional.empty();
    private Optional<IncarnationConfig> incarnation = Optional.empty();
    private boolean recycle;
    private Outage outage = Outage.REFUSE;
    private boolean sealIds;
    private BreakersConfig breakers = BreakersConfig.NONE;
    private Optional<FallbackConfig> fallback = Optional.empty();
    private RetriesConfig retries = RetriesConfig.NONE;

    private PoolPlan(String name, List<URI> urls) {
        this.name = name;
        this.urls = urls;
    }

    public static PoolPlan named(String name, URI... urls) {
        return new PoolPlan(name, List.of(urls));
    }

    public static PoolPlan of(String name, RecordingInstance... instances) {
        return new PoolPlan(
                name, Arrays.stream(instances).map(RecordingInstance::url).toList());
    }

    /** One whose instances the door starts itself. */
    public static PoolPlan started(String name, InstancesConfig.Processes processes) {
        PoolPlan plan = new PoolPlan(name, List.of());
        plan.processes = Optional.of(processes);
        return plan;
    }

    /** Each instance serves one session in its life. */
    public PoolPlan recycling() {
        recycle = true;
        return perInstance(1);
    }

    /** Instances tell in this field of the answer to a GET of {@code /life} which life it is. */
    public PoolPlan incarnationInHeader(String header) {
        incarnation = Optional.of(new IncarnationConfig("/life", Optional.of(header), Optional.empty()));
        return this;
    }

    /** The same, in the JSON body. */
    public PoolPlan incarnationInBody(String pointer) {
        incarnation = Optional.of(new IncarnationConfig("/life", Optional.empty(), Optional.of(pointer)));
        return this;
    }

    /** Slots of each instance. */
    public PoolPlan perInstance(int slots) {
        perInstance = slots;
        return this;
    }

    public PoolPlan idleTimeout(Duration timeout) {
        idleTimeout = timeout;
        return this;
    }

    public PoolPlan maxLifetime(Duration lifetime) {
        maxLifetime = lifetime;
        return this;
    }

    public PoolPlan lostAfter(Duration time) {
        lostAfter = time;
        return this;
    }

    public PoolPlan onLost(OnLost rule) {
        onLost = rule;
        return this;
    }

    /** Whether an id that ended may open a new session. */
    public PoolPlan reuseId(boolean allowed) {
        reuseId = allowed;
        return this;
    }

    /** The authorities that {@code https} instances are checked against, a PEM file. */
    public PoolPlan trust(Path authorities) {
        trust = Optional.of(authorities);
        return this;
    }

    public PoolPlan placement(PlacementRule rule) {
        placement = rule;
        return this;
    }

    public PoolPlan queue(int max, Duration maxWait) {
        queue = new QueueConfig(max, maxWait);
        return this;
    }

    public PoolPlan connect(Duration timeout) {
        connect = timeout;
        return this;
    }

    public PoolPlan connectionWait(Duration timeout) {
        connectionWait = timeout;
        return this;
    }

    public PoolPlan firstByte(Duration timeout) {
        firstByte = timeout;
        return this;
    }

    /** The longest silence within an answer. */
    public PoolPlan idle(Duration timeout) {
        idle = timeout;
        return this;
    }

    /** How long an unused connection to an instance is kept. */
    public PoolPlan keepAlive(Duration timeout) {
        keepAlive = timeout;
        return this;
    }

    /** Connections to one instance from one event loop. */
    public PoolPlan connections(int most) {
        connections = most;
        return this;
    }

    public PoolPlan host(HostRule rule) {
        host = rule;
        return this;
    }

    /** What {@code {port}} in a host may reach; inclusive. */
    public PoolPlan ports(int first, int last) {
        ports = Optional.of(new AffinityConfig.PortRange(first, last));
        return this;
    }

    /** What becomes of first requests while the table is away. */
    public PoolPlan outage(Outage rule) {
        outage = rule;
        return this;
    }

    /** Clients get MCP session ids sealed. */
    public PoolPlan sealingIds() {
        sealIds = true;
        return this;
    }

    String name() {
        return name;
    }

    public PoolPlan breakers(BreakersConfig rules) {
        breakers = rules;
        return this;
    }

    public PoolPlan fallback(FallbackConfig instead) {
        fallback = Optional.of(instead);
        return this;
    }

    public PoolPlan retries(RetriesConfig rules) {
        retries = rules;
        return this;
    }

    PoolConfig config() {
        Duration unused = idleTimeout.compareTo(Duration.ofSeconds(30)) < 0 ? idleTimeout : Duration.ofSeconds(30);
        SessionsConfig sessions = new SessionsConfig(
                perInstance,
                idleTimeout,
                maxLifetime,
                unused,
                onLost,
                reuseId,
                Duration.ofMinutes(1),
                lostAfter,
                recycle);
        TimeoutsConfig timeouts = new TimeoutsConfig(connect, connectionWait, firstByte, idle, keepAlive);
        InstancesConfig instances =
                processes.isPresent() ? processes.get() : new InstancesConfig.Static(urls, trust, incarnation);
        return new PoolConfig(
                name,
                instances,
                sessions,
                placement,
                queue,
                timeouts,
                connections,
                host,
                ports,
                outage,
                sealIds,
                breakers,
                fallback,
                retries);
    }
}
