package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.AdmissionQueue;
import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Report;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.policies.breaker.Breakers;
import dev.sandgate.policies.retry.RetryBudget;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.process.Children;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
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
    private final Set<Instance> found = ConcurrentHashMap.newKeySet();
    private final Breakers breakers;
    private final RetryBudget retryBudget;
    private volatile Set<Instance> unknown = Set.of();

    private record Port(Instance instance, int port) {}

    /**
     * What a pool works with.
     *
     * @param queue where its first requests wait
     * @param children starts and ends its instances; there where it is a {@code process} pool
     * @param home where this node's own processes are
     */
    public record Surroundings(
            AffinityTable table, AdmissionQueue queue, Optional<Children> children, Home home, Vertx vertx) {}

    /** A pool without instances; {@link #start} finds them. */
    public Pool(PoolConfig config, Surroundings around) {
        this.config = config;
        this.table = around.table();
        this.queue = around.queue();
        this.source = source(around);
        this.breakers = new Breakers(config.breakers(), System::nanoTime);
        this.retryBudget = new RetryBudget(config.retries().budget());
        this.probes = new Probes(around.vertx(), config.timeouts().connect(), this::answered);
    }

    private InstanceSource source(Surroundings around) {
        if (config.instances() instanceof InstancesConfig.Processes processes) {
            Children children = around.children().orElseThrow();
            return new ProcessSource(
                    processes,
                    config,
                    new ProcessSource.Surroundings(table, queue, this::found, children, around.home(), around.vertx()));
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

    /** Which of its instances are left alone for a while. */
    public Breakers breakers() {
        return breakers;
    }

    /** What its requests have earned in retries. */
    public RetryBudget retryBudget() {
        return retryBudget;
    }

    /** Whether all that take sessions are left alone for a while, so that nothing new can go anywhere. */
    public boolean isLeftAlone() {
        if (breakers.none()) {
            return false;
        }
        if (breakers.poolIsOpen()) {
            return true;
        }
        if (grows()) {
            // whoever waits may get one that is new
            return false;
        }
        Set<String> avoided = breakers.avoided();
        boolean any = false;
        if (!avoided.isEmpty()) {
            for (Member member : table.instances(config.name()).members()) {
                boolean ready = member.state() == Member.State.READY;
                if (ready && !avoided.contains(member.instance().id())) {
                    return false;
                }
                any |= ready;
            }
        }
        return any;
    }

    /** Finds the instances and reports them; fails never: what cannot be had yet is looked for again. */
    public Future<Void> start() {
        table.instances(config.name()).members().forEach(this::changed);
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

    /** The same for one that the table has just told of, which perhaps another node found. */
    public Destination meet(Instance instance) {
        return destinations.computeIfAbsent(instance, met -> source.shape(met).of(met, this));
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
        Destination destination = destinations.computeIfAbsent(instance, made -> shape.of(made, this));
        found.add(instance);
        reportFound(instance);
        return destination;
    }

    // What is lost on the way is made good by the next look.
    private void reportFound(Instance instance) {
        table.report(new Report.Found(
                instance, config.sessions().perInstance(), config.sessions().recycle()));
    }

    /**
     * Looks for instances that the table does not know. Those that were found here it is told of again: it could not be
     * reached then, or has lost what it knew. Others are over. Call it when the table has told how things are, about
     * once a second.
     */
    public void look() {
        Set<Instance> missing = new HashSet<>(destinations.keySet());
        table.instances(config.name()).members().forEach(member -> missing.remove(member.instance()));
        for (Instance instance : missing) {
            // twice in a row: the news may be on its way
            if (unknown.contains(instance) && found.contains(instance)) {
                reportFound(instance);
            } else if (unknown.contains(instance)) {
                forget(instance);
            }
        }
        unknown = missing;
    }

    private void forget(Instance instance) {
        found.remove(instance);
        breakers.forget(instance.id());
        destinations.remove(instance);
        ports.keySet().removeIf(port -> port.instance.equals(instance));
    }

    /** The table tells how one of its instances does. */
    public void changed(Member member) {
        Instance instance = member.instance();
        if (member.state() == Member.State.GONE) {
            gone(instance);
            return;
        }
        Destination to = meet(instance);
        if (member.suspected()) {
            // somebody could not reach it, perhaps another node: what counts is whether anybody does
            probes.watch(instance, !to.isTls());
        }
    }

    private boolean isSuspected(Instance instance) {
        return table.instances(config.name()).members().stream()
                .anyMatch(member -> member.suspected() && member.instance().equals(instance));
    }

    @Override
    public void reached(Instance instance) {
        table.report(new Report.Reachable(instance));
    }

    @Override
    public Future<Void> vouch(Instance instance) {
        return source.vouch(instance);
    }

    @Override
    public void missed(Instance instance, boolean hungUp) {
        if (!destinations.containsKey(instance)) {
            // it is over already, and its successor not to blame
            return;
        }
        // before the table tells of it, which would ask in its own way
        probes.watch(
                instance,
                hungUp && !destination(instance).map(Destination::isTls).orElse(false));
        table.report(new Report.Unreachable(instance));
        source.missed(instance);
    }

    /** Whether to knock there again. */
    private boolean answered(Instance instance, boolean alive) {
        if (destinations.containsKey(instance)) {
            table.report(alive ? new Report.Reachable(instance) : new Report.Unreachable(instance));
            // while another node cannot reach it, this one goes on to say that it can
            return !alive || isSuspected(instance);
        }
        if (alive
                && destinations.keySet().stream().noneMatch(other -> other.id().equals(instance.id()))) {
            source.returned(instance);
        }
        return !alive && source.comesBack();
    }

    /** The table gave this incarnation up: its sessions are lost. */
    private void gone(Instance instance) {
        if (table.instances(config.name()).members().stream()
                .anyMatch(member -> member.instance().equals(instance))) {
            // it is back already, as another node has told
            return;
        }
        forget(instance);
        source.gone(instance);
        if (source.comesBack()) {
            // until it comes back with another life
            probes.watch(instance, false);
        }
    }

    /** This node stops soon: others open no new sessions on the instances that it started. */
    public void stopping() {
        source.stopping();
    }

    /** Ends the instances that the pool started; completes when none is left. */
    public Future<Void> close() {
        probes.close();
        return source.close();
    }
}
