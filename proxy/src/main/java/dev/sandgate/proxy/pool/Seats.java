package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.process.Child;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The seats of a process pool: fills them, sees who dies, empties them, and tells the table. Whether to do so is decided
 * elsewhere. All on one context, but for the counts.
 */
final class Seats {

    private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
    /** One that dies sooner than this after it was ready is not started again at once. */
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private final InstancesConfig.Processes config;
    private final PoolConfig pool;
    private final ProcessSource.Surroundings around;
    private final Context context;
    private final Runnable changed;
    private final ReadyCheck check;
    private final List<Seat> all = new ArrayList<>();
    private final Backoff failures = new Backoff();
    private final LongAdder ready = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder died = new LongAdder();
    private long startsFrom = System.nanoTime();
    private boolean closing;

    /**
     * As many empty seats as the pool has instances at most.
     *
     * @param changed called on the context when somebody came or went
     */
    Seats(
            InstancesConfig.Processes config,
            PoolConfig pool,
            ProcessSource.Surroundings around,
            Context context,
            Runnable changed) {
        this.config = config;
        this.pool = pool;
        this.around = around;
        this.context = context;
        this.changed = changed;
        this.check =
                new ReadyCheck(around.vertx(), config.ready(), around.home().host());
        for (int number = 1; number <= config.max(); number++) {
            all.add(new Seat(around.home().prefix() + pool.name() + "-" + number, startsFrom));
        }
    }

    List<Seat> all() {
        return all;
    }

    /** The seat of this incarnation, while it serves. */
    Optional<Seat> of(Instance instance) {
        return all.stream()
                .filter(seat -> seat.serving()
                        .filter(serving -> serving.instance().equals(instance))
                        .isPresent())
                .findFirst();
    }

    /** Whether it was this node's, by its name, and nobody sits there any more: an earlier life of the node left it. */
    boolean isLeftOver(Instance instance) {
        String prefix = around.home().prefix();
        return !prefix.isEmpty()
                && instance.id().startsWith(prefix)
                && of(instance).isEmpty();
    }

    /** Starts so many where there is room, unless the last start failed a moment ago. */
    void start(int more, long nowNanos) {
        if (nowNanos - startsFrom >= 0) {
            all.stream().filter(seat -> seat.isFree(nowNanos)).limit(more).forEach(this::start);
        }
    }

    private void start(Seat seat) {
        InstanceStart start = new InstanceStart(seat.id, config, around.children(), check, context);
        seat.sitter = new Seat.Starting(start);
        start.begin().onComplete(begun -> {
            if (closing && begun.succeeded()) {
                endThenFree(seat, begun.result().child(), config.stopTimeout());
            } else if (begun.succeeded()) {
                serve(seat, begun.result());
            } else {
                startFailed(seat, begun.cause());
            }
        });
    }

    private void serve(Seat seat, InstanceStart.Started started) {
        ready.increment();
        failures.reset();
        around.queue().hope();
        Child child = started.child();
        String host = around.home().host();
        var instance = new Instance(pool.name(), seat.id, child.mark(), host, started.port());
        var shape = Destination.Shape.plain(host, started.port(), pool);
        LOG.info("instance {} is ready, process {} on port {}", seat.id, child.pid(), started.port());
        seat.sits(new Seat.Serving(child, instance, around.finder().found(instance, shape), System.nanoTime()));
        child.exited(context).onSuccess(code -> ended(seat, instance, code));
        changed.run();
    }

    private void startFailed(Seat seat, Throwable why) {
        if (closing) {
            free(seat, Duration.ZERO);
            return;
        }
        failed.increment();
        Duration pause = pauseAfterFailure();
        LOG.warn(
                "instance {} did not start: {}; the next try of the pool comes in {} ms",
                seat.id,
                why.getMessage(),
                pause.toMillis());
        free(seat, Duration.ZERO);
        boolean othersMayHelp = all.stream()
                .anyMatch(other ->
                        other.sitter instanceof Seat.Starting || other.serving().isPresent());
        if (!othersMayHelp) {
            around.queue().despair(new Refused(Why.START_FAILED, pause));
            around.vertx().setTimer(pause.toMillis(), over -> context.runOnContext(turn -> hopeAgain()));
        }
    }

    // Those that were started together fail together: that is one failure in a row, not many.
    private Duration pauseAfterFailure() {
        long now = System.nanoTime();
        if (now - startsFrom >= 0) {
            startsFrom = now + failures.next().toNanos();
        }
        // over when startsFrom is over, in whole milliseconds too
        return Duration.ofNanos(startsFrom - now).plusMillis(1);
    }

    private void hopeAgain() {
        // else another start has failed meanwhile
        if (System.nanoTime() - startsFrom >= 0) {
            around.queue().hope();
        }
    }

    /** A child that was ready ended, and nobody had asked it to. */
    private void ended(Seat seat, Instance instance, int code) {
        Seat.Serving serving = seat.serving().orElse(null);
        if (serving == null || !serving.instance().equals(instance)) {
            return;
        }
        died.increment();
        LOG.warn("instance {} ended by itself, exit code {}; its sessions are lost", seat.id, code);
        seat.sitter = new Seat.Leaving(serving.child());
        Duration lived = Duration.ofNanos(System.nanoTime() - serving.sinceNanos());
        around.table()
                .report(new Report.Gone(instance))
                .transform(told -> around.children().end(serving.child(), Duration.ZERO))
                .onComplete(left -> context.runOnContext(turn -> {
                    warnOfRest(seat, left);
                    free(seat, pauseAfter(seat, lived));
                }));
    }

    private static Duration pauseAfter(Seat seat, Duration lived) {
        if (lived.compareTo(YOUNG) >= 0) {
            seat.deaths.reset();
            return Duration.ZERO;
        }
        return seat.deaths.next();
    }

    /** Nobody used it for long: no session may come any more, and if none came just now, it goes. */
    void stopUnlessUsed(Seat seat, Seat.Serving serving) {
        around.table()
                .report(new Report.Draining(serving.instance()))
                .onComplete(drained -> context.runOnContext(turn -> {
                    boolean used = around.table().instances(pool.name()).members().stream()
                            .anyMatch(member -> member.instance().equals(serving.instance()) && member.used() > 0);
                    if (seat.sitter != serving) {
                        return;
                    }
                    if (used || serving.destination().isUsed()) {
                        around.table().report(readyAgain(serving.instance()));
                    } else {
                        leave(seat, serving);
                    }
                }));
    }

    private Report.Ready readyAgain(Instance instance) {
        return new Report.Ready(
                instance, pool.sessions().perInstance(), pool.sessions().recycle());
    }

    /** One that serves, and whom nobody uses. */
    void leave(Seat seat, Seat.Serving serving) {
        LOG.info("instance {} is not needed any more", seat.id);
        goneThenEnd(seat, serving);
    }

    private void goneThenEnd(Seat seat, Seat.Serving serving) {
        seat.sitter = new Seat.Leaving(serving.child());
        around.table()
                .report(new Report.Gone(serving.instance()))
                .onComplete(
                        told -> context.runOnContext(turn -> endThenFree(seat, serving.child(), config.stopTimeout())));
    }

    private void endThenFree(Seat seat, Child child, Duration patience) {
        seat.sitter = new Seat.Leaving(child);
        around.children()
                .end(child, patience)
                .onComplete(left -> context.runOnContext(turn -> {
                    warnOfRest(seat, left);
                    free(seat, Duration.ZERO);
                }));
    }

    private static void warnOfRest(Seat seat, AsyncResult<Void> left) {
        if (left.failed()) {
            LOG.error("instance {}: {}", seat.id, left.cause().getMessage());
        }
    }

    private void free(Seat seat, Duration pause) {
        seat.sitter = new Seat.Nobody(System.nanoTime() + pause.toNanos());
        changed.run();
    }

    /** The table gave up an instance that nobody reached, though its process lives. */
    void giveUp(Instance instance) {
        of(instance).ifPresent(seat -> {
            LOG.warn("instance {} cannot be reached any more; it is ended", seat.id);
            died.increment();
            seat.serving().ifPresent(serving -> endThenFree(seat, serving.child(), config.stopTimeout()));
        });
    }

    Starts starts() {
        return new Starts(ready.sum(), failed.sum(), died.sum());
    }

    /** Other nodes, which outlive this one, open no new sessions on what ends with it. */
    void drain() {
        if (!around.home().prefix().isEmpty()) {
            all.forEach(seat -> seat.serving()
                    .ifPresent(serving -> around.table().report(new Report.Draining(serving.instance()))));
        }
    }

    /** Empties all seats, and fills none any more. */
    void vacate() {
        closing = true;
        for (Seat seat : all) {
            if (seat.sitter instanceof Seat.Starting starting) {
                starting.start().cancel();
            } else if (seat.sitter instanceof Seat.Serving serving) {
                goneThenEnd(seat, serving);
            }
        }
        changed.run();
    }

    boolean areEmpty() {
        return all.stream().allMatch(seat -> seat.sitter instanceof Seat.Nobody);
    }

    Future<Void> close() {
        return check.close();
    }
}
