package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.AdmissionQueue;
import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Scale;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.process.Child;
import dev.sandgate.proxy.process.Children;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Instances that are processes of this machine, started for those who wait and ended when nobody uses them. What it
 * knows of them changes on one context of its own; any thread may call it.
 */
final class ProcessSource implements InstanceSource {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessSource.class);
    private static final long LOOK_MILLIS = 500;
    /** One that dies sooner than this after it was ready is not started again at once. */
    private static final Duration YOUNG = Duration.ofSeconds(10);

    private final InstancesConfig.Processes config;
    private final PoolConfig pool;
    private final AffinityTable table;
    private final AdmissionQueue queue;
    private final Finder finder;
    private final Children children;
    private final Vertx vertx;
    private final Context context;
    private final ReadyCheck check;
    private final Scale scale;
    private final List<Seat> seats = new ArrayList<>();
    private final Backoff failures = new Backoff();
    private final AtomicBoolean due = new AtomicBoolean();
    private final LongAdder ready = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder died = new LongAdder();
    private final Promise<Void> empty = Promise.promise();
    private long startsFrom = System.nanoTime();
    private long timer;
    private boolean closing;

    /** What it works with. */
    record Surroundings(AffinityTable table, AdmissionQueue queue, Finder finder, Children children, Vertx vertx) {}

    ProcessSource(InstancesConfig.Processes config, PoolConfig pool, Surroundings around) {
        this.config = config;
        this.pool = pool;
        this.table = around.table();
        this.queue = around.queue();
        this.finder = around.finder();
        this.children = around.children();
        this.vertx = around.vertx();
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.check = new ReadyCheck(vertx, config.ready());
        this.scale = new Scale(config.min(), config.max(), pool.sessions().perInstance());
        for (int number = 1; number <= config.max(); number++) {
            seats.add(new Seat(pool.name() + "-" + number, startsFrom));
        }
    }

    @Override
    public Future<Void> start() {
        queue.onJoin(this::reviewSoon);
        table.subscribe(new TableListener() {
            @Override
            public void freed(String where) {
                if (pool.sessions().recycle() && where.equals(pool.name())) {
                    reviewSoon();
                }
            }
        });
        timer = vertx.setPeriodic(LOOK_MILLIS, look -> reviewSoon());
        reviewSoon();
        return Future.succeededFuture();
    }

    /** Many causes at once make one review. */
    private void reviewSoon() {
        if (due.compareAndSet(false, true)) {
            context.runOnContext(turn -> {
                due.set(false);
                if (!closing) {
                    review();
                }
            });
        }
    }

    private void review() {
        long now = System.nanoTime();
        Fleet fleet = table.instances(pool.name());
        Map<String, Member> members = fleet.members().stream()
                .collect(Collectors.toMap(member -> member.instance().id(), Function.identity()));
        int staying = (int) seats.stream().filter(seat -> stays(seat, members)).count();
        for (Seat seat : seats) {
            Seat.Serving serving = seat.serving().orElse(null);
            Member member = members.get(seat.id);
            if (serving == null || member == null || !member.instance().equals(serving.instance())) {
                continue;
            }
            long unusedFor = seat.unusedFor(serving, member.used(), now);
            boolean drained = member.state() == Member.State.DRAINING;
            boolean idle = unusedFor >= config.idleStop().toNanos() && scale.sparesOneOf(staying);
            if (drained && member.used() == 0 && !serving.destination().isUsed()) {
                leave(seat, serving);
            } else if (idle && !drained) {
                staying--;
                stopUnlessUsed(seat, serving);
            }
        }
        grow(now, fleet);
    }

    private static boolean stays(Seat seat, Map<String, Member> members) {
        Member member = members.get(seat.id);
        boolean drains = member != null && member.state() == Member.State.DRAINING;
        return seat.sitter instanceof Seat.Starting || (seat.serving().isPresent() && !drains);
    }

    private void grow(long now, Fleet fleet) {
        int starting = 0;
        int all = 0;
        for (Seat seat : seats) {
            starting += seat.sitter instanceof Seat.Starting ? 1 : 0;
            all += seat.sitter instanceof Seat.Nobody ? 0 : 1;
        }
        int more = scale.toStart(new Scale.Stock(fleet, starting, all), queue.slotsWanted());
        // a later look starts them, once the back-off is over
        if (now - startsFrom >= 0) {
            seats.stream().filter(seat -> seat.isFree(now)).limit(more).forEach(this::start);
        }
    }

    private void start(Seat seat) {
        InstanceStart start = new InstanceStart(seat.id, config, children, check, context);
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
        queue.hope();
        Child child = started.child();
        var instance = new Instance(pool.name(), seat.id, child.mark(), "127.0.0.1", started.port());
        var shape = new Destination.Shape(
                "127.0.0.1:" + started.port(),
                pool.host() == PoolConfig.HostRule.PRESERVE,
                null,
                "127.0.0.1",
                pool.timeouts(),
                pool.connections());
        LOG.info("instance {} is ready, process {} on port {}", seat.id, child.pid(), started.port());
        seat.sits(new Seat.Serving(child, instance, finder.found(instance, shape), System.nanoTime()));
        child.exited(context).onSuccess(code -> ended(seat, instance, code));
        reviewSoon();
    }

    private void startFailed(Seat seat, Throwable why) {
        if (closing) {
            free(seat, Duration.ZERO);
            return;
        }
        failed.increment();
        Duration pause = failures.next();
        startsFrom = System.nanoTime() + pause.toNanos();
        LOG.warn(
                "instance {} did not start: {}; the next try of the pool comes in {} ms",
                seat.id,
                why.getMessage(),
                pause.toMillis());
        free(seat, Duration.ZERO);
        boolean othersMayHelp = seats.stream()
                .anyMatch(other ->
                        other.sitter instanceof Seat.Starting || other.serving().isPresent());
        if (!othersMayHelp) {
            queue.despair(new Refused(Why.START_FAILED, pause));
            vertx.setTimer(pause.toMillis(), over -> context.runOnContext(turn -> queue.hope()));
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
        table.report(new Report.Gone(instance))
                .transform(told -> children.end(serving.child(), Duration.ZERO))
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
    private void stopUnlessUsed(Seat seat, Seat.Serving serving) {
        table.report(new Report.Draining(serving.instance()))
                .onComplete(drained -> context.runOnContext(turn -> {
                    boolean used = table.instances(pool.name()).members().stream()
                            .anyMatch(member -> member.instance().equals(serving.instance()) && member.used() > 0);
                    if (seat.sitter != serving) {
                        return;
                    }
                    if (used || serving.destination().isUsed()) {
                        table.report(ready(serving.instance()));
                    } else {
                        leave(seat, serving);
                    }
                }));
    }

    private void leave(Seat seat, Seat.Serving serving) {
        LOG.info("instance {} is not needed any more", seat.id);
        seat.sitter = new Seat.Leaving(serving.child());
        table.report(new Report.Gone(serving.instance()))
                .onComplete(
                        told -> context.runOnContext(turn -> endThenFree(seat, serving.child(), config.stopTimeout())));
    }

    private void endThenFree(Seat seat, Child child, Duration patience) {
        seat.sitter = new Seat.Leaving(child);
        children.end(child, patience)
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
        if (closing) {
            completeOnceEmpty();
        } else {
            reviewSoon();
        }
    }

    /** What the table is told of an instance that takes sessions. */
    Report.Ready ready(Instance instance) {
        return new Report.Ready(
                instance, pool.sessions().perInstance(), pool.sessions().recycle());
    }

    @Override
    public void missed(Instance instance) {
        // its process tells when it is over
    }

    @Override
    public boolean gone(Instance instance) {
        context.runOnContext(turn -> seats.stream()
                .filter(seat -> seat.serving()
                        .filter(serving -> serving.instance().equals(instance))
                        .isPresent())
                .findFirst()
                .ifPresent(seat -> {
                    LOG.warn("instance {} cannot be reached any more; it is ended", seat.id);
                    died.increment();
                    seat.serving().ifPresent(serving -> endThenFree(seat, serving.child(), config.stopTimeout()));
                }));
        return false;
    }

    @Override
    public void returned(Instance instance) {
        // only a process that is started here is an instance
    }

    @Override
    public boolean grows() {
        return true;
    }

    @Override
    public Starts starts() {
        return new Starts(ready.sum(), failed.sum(), died.sum());
    }

    @Override
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        context.runOnContext(turn -> {
            closing = true;
            for (Seat seat : seats) {
                if (seat.sitter instanceof Seat.Starting starting) {
                    starting.start().cancel();
                } else if (seat.sitter instanceof Seat.Serving serving) {
                    endThenFree(seat, serving.child(), config.stopTimeout());
                }
            }
            completeOnceEmpty();
        });
        return empty.future().eventually(check::close);
    }

    private void completeOnceEmpty() {
        if (seats.stream().allMatch(seat -> seat.sitter instanceof Seat.Nobody)) {
            empty.tryComplete();
        }
    }
}
