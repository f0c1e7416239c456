package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.affinity.redis.TableFault.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One front-door process: a table with its near-cache, beats, news, and what a proxy does for it. It may be stopped:
 * then all that it would do or hear piles up, while its clock goes on.
 */
final class WorldNode implements TableListener {

    static final double BEAT = 50;

    final String name;
    final RedisTable table;
    final WorldRelay relay;
    private final World world;
    private final WorldJudge judge;
    private final List<WorldInstance> instances;
    private final News news;
    private final Set<Instance> missed = new LinkedHashSet<>();
    private final Deque<Runnable> piled = new ArrayDeque<>();
    private boolean stopped;
    private boolean dead;
    private boolean beaten;

    WorldNode(WorldPlan plan, String name) {
        this.name = name;
        this.world = plan.world();
        this.judge = plan.judge();
        this.instances = plan.instances();
        this.relay = new WorldRelay(world, plan.redis(), this, plan.weather());
        Clocks clocks = new Clocks(world::nanos, () -> "", false);
        this.table = new RedisTable(
                relay,
                Map.of(Pools.POOL, plan.pool()),
                TestTables.NAMES,
                new Ground(name, "sg", 10_000, WorldPlan.TIMES, clocks));
        this.news = new News(relay, 0, List.of(table.pools().iterator().next()));
        table.subscribe(this);
        beat();
        ask();
        look();
        knock();
    }

    /** Whether clients are let in: once the table was heard of. */
    boolean serves() {
        return beaten && !stopped && !dead;
    }

    boolean isDead() {
        return dead;
    }

    /** Something reaches this process. */
    void hear(Runnable what) {
        if (stopped) {
            piled.add(what);
        } else if (!dead) {
            what.run();
        }
    }

    void after(double millis, Runnable what) {
        world.after(millis, () -> hear(what));
    }

    void stop() {
        stopped = true;
    }

    void goOn() {
        stopped = false;
        while (!piled.isEmpty() && !stopped) {
            hear(piled.remove());
        }
    }

    void kill() {
        dead = true;
        piled.clear();
    }

    /** Whether it has told the table of this epoch all that it knows. */
    boolean hasToldAll(long epoch) {
        RedisPool pool = table.pools().iterator().next();
        return pool.history(history -> history.told().epoch() == epoch && history.isSettled());
    }

    /** It could not connect there. */
    void miss(Instance instance) {
        missed.add(instance);
        report(new Report.Unreachable(instance));
    }

    @Override
    public void changed(Member member) {
        if (member.suspected()) {
            missed.add(member.instance());
        } else if (member.state() == Member.State.GONE) {
            missed.remove(member.instance());
        }
        world.note(
                "%s hears %s %s is %s",
                name, member.instance().id(), member.instance().incarnation(), member.state());
    }

    @Override
    public void ended(Binding binding, Ended why) {
        world.note("%s hears %s of %s %d", name, why, binding.key().id(), binding.generation());
    }

    private void beat() {
        table.beat().onSuccess(done -> beaten = true).onFailure(this::expected);
        after(BEAT + world.between(-5, 5), this::beat);
    }

    private void ask() {
        news.ask().onFailure(this::expected).onComplete(told -> after(world.between(8, 22), this::ask));
    }

    /** What runs that the table does not have is told to it. */
    private void look() {
        for (WorldInstance instance : instances) {
            boolean known = table.instances(Pools.POOL).members().stream()
                    .anyMatch(member -> member.instance().equals(instance.now()));
            if (!known && instance.reachableFrom(name)) {
                report(new Report.Found(instance.now(), instance.cap, false));
            }
        }
        after(world.between(30, 60), this::look);
    }

    /** On those that were missed, until they answer and the table has heard it. */
    private void knock() {
        for (Instance instance : List.copyOf(missed)) {
            boolean answers = instances.stream().anyMatch(each -> each.answers(instance, name));
            report(answers ? new Report.Reachable(instance) : new Report.Unreachable(instance));
            boolean suspected = table.instances(Pools.POOL).members().stream()
                    .anyMatch(member -> member.instance().equals(instance) && member.suspected());
            if (answers && !suspected) {
                missed.remove(instance);
            }
        }
        after(world.between(20, 40), this::knock);
    }

    void report(Report report) {
        world.note("%s reports %s", name, Words.report(report));
        table.report(report).onFailure(this::expected);
    }

    /** Redis may be away; all else is a bug. */
    void expected(Throwable failure) {
        world.note("%s: %s", name, failure);
        if (!(failure instanceof TableFault fault) || fault.reason() == Reason.BUG) {
            judge.bug(failure);
        }
    }
}
