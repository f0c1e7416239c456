package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.AdmissionQueue;
import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Report;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.process.Children;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A pool at work: its instances as the table knows them, and how each is reached. Any thread.
 */
public final class Pool implements Destination.Reachability {

    private final PoolConfig config;
    private final AffinityTable table;
    private final AdmissionQueue queue;
    private final InstanceSource source;
    private final Probes probes;
    private final Map<Instance, Destination> destinations = new ConcurrentHashMap<>();
    private final Map<Port, Destination> ports = new ConcurrentHashMap<>();

    private record Port(Instance instance, int port) {}

    /**
     * What a pool works with.
     *
     * @param queue where its first requests wait
     * @param children starts and ends its instances; there where it is a {@code process} pool
     */
    public record Surroundings(AffinityTable table, AdmissionQueue queue, Optional<Children> children, Vertx vertx) {}

    /** A pool without instances; {@link #start} finds them. */
    public Pool(PoolConfig config, Surroundings around) {
        this.config = config;
        this.table = around.table();
        this.queue = around.queue();
        this.source = source(around);
        this.probes = new Probes(around.vertx(), config.timeouts().connect(), this::answered);
    }

    private InstanceSource source(Surroundings around) {
        if (config.instances() instanceof InstancesConfig.Processes processes) {
            Children children = around.children().orElseThrow();
            return new ProcessSource(
                    processes,
                    config,
                    new ProcessSource.Surroundings(table, queue, this::found, children, around.vertx()));
        }
        return new StaticSource((InstancesConfig.Static) config.instances(), config, this::found, around.vertx());
    }

    public PoolConfig config() {
        return config;
    }

    /** Where first requests wait for a slot. */
    public AdmissionQueue queue() {
        return queue;
    }

    /** Finds the instances and reports them; fails never: what cannot be had yet is looked for again. */
    public Future<Void> start() {
        return source.start();
    }

    /** Whether an instance is made when a request waits for one. */
    public boolean grows() {
        return source.grows();
    }

    /** Instances that were started, and what became of them. */
    public Starts starts() {
        return source.starts();
    }

    /** How this incarnation is reached; empty once it is over. */
    public Optional<Destination> destination(Instance instance) {
        return Optional.ofNullable(destinations.get(instance));
    }

    /** Whether a client may name this port of an instance. */
    public boolean reaches(int port) {
        return config.ports().isPresent() && config.ports().get().contains(port);
    }

    /** The same for one of the instance's other ports, which the pool {@linkplain #reaches reaches}. */
    public Optional<Destination> destination(Instance instance, int port) {
        Destination main = destinations.get(instance);
        return reaches(port) && main != null
                ? Optional.of(ports.computeIfAbsent(new Port(instance, port), made -> main.onPort(port)))
                : Optional.empty();
    }

    /**
     * An instance for a request without a session: any that takes sessions, else any that still might answer.
     *
     * @param tried ids of those that were tried in vain
     */
    public Optional<Destination> any(Set<String> tried) {
        List<Member> members = table.instances(config.name()).members();
        int from = members.isEmpty() ? 0 : ThreadLocalRandom.current().nextInt(members.size());
        Optional<Destination> spare = Optional.empty();
        for (int step = 0; step < members.size(); step++) {
            Member member = members.get((from + step) % members.size());
            if (!tried.contains(member.instance().id())) {
                if (member.state() == Member.State.READY) {
                    return destination(member.instance());
                }
                spare = spare.isPresent() ? spare : destination(member.instance());
            }
        }
        return spare;
    }

    private Destination found(Instance instance, Destination.Shape shape) {
        Destination destination = shape.of(instance, this);
        destinations.put(instance, destination);
        table.report(new Report.Ready(
                instance, config.sessions().perInstance(), config.sessions().recycle()));
        return destination;
    }

    @Override
    public void reached(Instance instance) {
        table.report(new Report.Reachable(instance));
    }

    @Override
    public void missed(Instance instance, boolean hungUp) {
        if (!destinations.containsKey(instance)) {
            // it is over already, and its successor not to blame
            return;
        }
        table.report(new Report.Unreachable(instance));
        probes.watch(
                instance,
                hungUp && !destination(instance).map(Destination::isTls).orElse(false));
        source.missed(instance);
    }

    /** Whether it is worth knocking there again. */
    private boolean answered(Instance instance, boolean alive) {
        if (destinations.containsKey(instance)) {
            table.report(alive ? new Report.Reachable(instance) : new Report.Unreachable(instance));
        } else if (alive
                && destinations.keySet().stream().noneMatch(other -> other.id().equals(instance.id()))) {
            source.returned(instance);
        }
        return destinations.containsKey(instance) || source.comesBack();
    }

    /** The table gave this incarnation up: its sessions are lost. */
    public void gone(Instance instance) {
        destinations.remove(instance);
        ports.keySet().removeIf(port -> port.instance.equals(instance));
        source.gone(instance);
        if (source.comesBack()) {
            // until it comes back as another
            probes.watch(instance, false);
        }
    }

    /** Ends the instances that the pool started; completes when none is left. */
    public Future<Void> close() {
        probes.close();
        return source.close();
    }
}
