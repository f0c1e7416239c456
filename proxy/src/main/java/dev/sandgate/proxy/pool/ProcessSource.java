package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.AdmissionQueue;
import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Scale;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.process.Children;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Instances that are processes of this machine, started for those who wait and ended when nobody uses them. What it
 * knows of them changes on one context of its own; any thread may call it.
 */
final class ProcessSource implements InstanceSource {

    private static final long LOOK_MILLIS = 500;

    private final InstancesConfig.Processes config;
    private final PoolConfig pool;
    private final Surroundings around;
    private final Context context;
    private final Seats seats;
    private final Scale scale;
    private final AtomicBoolean due = new AtomicBoolean();
    private final Promise<Void> empty = Promise.promise();
    private long timer = -1;
    private boolean closing;

    /** What it works with. */
    record Surroundings(
            AffinityTable table, AdmissionQueue queue, Finder finder, Children children, Home home, Vertx vertx) {}

    ProcessSource(InstancesConfig.Processes config, PoolConfig pool, Surroundings around) {
        this.config = config;
        this.pool = pool;
        this.around = around;
        this.context = ((VertxInternal) around.vertx()).createEventLoopContext();
        this.seats = new Seats(config, pool, around, context, this::reviewSoon);
        this.scale = new Scale(config.min(), config.max(), pool.sessions().perInstance());
    }

    @Override
    public Destination.Shape shape(Instance instance) {
        return Destination.Shape.plain(instance.host(), instance.port(), pool);
    }

    @Override
    public Future<Void> start() {
        around.queue().onJoin(this::reviewSoon);
        around.table().subscribe(new TableListener() {
            @Override
            public void freed(String where) {
                if (pool.sessions().recycle() && where.equals(pool.name())) {
                    reviewSoon();
                }
            }
        });
        timer = around.vertx().setPeriodic(LOOK_MILLIS, look -> reviewSoon());
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
                } else if (seats.areEmpty()) {
                    empty.tryComplete();
                }
            });
        }
    }

    private void review() {
        long now = System.nanoTime();
        Fleet fleet = own(around.table().instances(pool.name()));
        Map<String, Member> members = fleet.members().stream()
                .collect(Collectors.toMap(member -> member.instance().id(), Function.identity()));
        int staying =
                (int) seats.all().stream().filter(seat -> stays(seat, members)).count();
        for (Seat seat : seats.all()) {
            Seat.Serving serving = seat.serving().orElse(null);
            Member member = members.get(seat.id);
            if (serving == null || member == null || !member.instance().equals(serving.instance())) {
                continue;
            }
            long unusedFor = seat.unusedFor(serving, member.used(), now);
            boolean drained = member.state() == Member.State.DRAINING;
            boolean idle = unusedFor >= config.idleStop().toNanos() && scale.sparesOneOf(staying);
            if (drained && member.used() == 0 && !serving.destination().isUsed()) {
                seats.leave(seat, serving);
            } else if (idle && !drained) {
                staying--;
                seats.stopUnlessUsed(seat, serving);
            }
        }
        grow(now, fleet);
    }

    /** Who waits here is helped here; other nodes count their own, and what an earlier life of this one left is over. */
    private Fleet own(Fleet all) {
        List<Member> own = new ArrayList<>();
        for (Member member : all.members()) {
            Instance instance = member.instance();
            if (seats.of(instance).isPresent()) {
                own.add(member);
            } else if (seats.isLeftOver(instance)) {
                around.table().report(new Report.Gone(instance));
            }
        }
        return new Fleet(own);
    }

    private static boolean stays(Seat seat, Map<String, Member> members) {
        Member member = members.get(seat.id);
        boolean drains = member != null && member.state() == Member.State.DRAINING;
        return seat.sitter instanceof Seat.Starting || (seat.serving().isPresent() && !drains);
    }

    private void grow(long now, Fleet fleet) {
        int starting = 0;
        int all = 0;
        for (Seat seat : seats.all()) {
            starting += seat.sitter instanceof Seat.Starting ? 1 : 0;
            all += seat.sitter instanceof Seat.Nobody ? 0 : 1;
        }
        int more = scale.toStart(
                new Scale.Stock(fleet, starting, all), around.queue().slotsWanted());
        // where the back-off is not over, a later look starts them
        seats.start(more, now);
    }

    @Override
    public void missed(Instance instance) {
        // its process tells when it is over
    }

    @Override
    public void gone(Instance instance) {
        context.runOnContext(turn -> seats.giveUp(instance));
    }

    @Override
    public boolean comesBack() {
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
        return seats.starts();
    }

    @Override
    public void stopping() {
        context.runOnContext(turn -> seats.drain());
    }

    @Override
    public Future<Void> close() {
        around.vertx().cancelTimer(timer);
        context.runOnContext(turn -> {
            closing = true;
            seats.vacate();
        });
        return empty.future().eventually(seats::close);
    }
}
