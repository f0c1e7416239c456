package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Report;
import java.util.List;

/** What goes wrong in the world, each for a while; all of it is over when the rough time is. */
final class WorldFaults {

    private final WorldPlan plan;
    private final World world;
    private final WorldRedis redis;
    private int names;

    WorldFaults(WorldPlan plan) {
        this.plan = plan;
        this.world = plan.world();
        this.redis = plan.redis();
    }

    /** A rough time of this length, from now on. */
    void storm(double length) {
        plan.weather().begin();
        for (int faults = world.random.nextInt(5); faults > 0; faults--) {
            double from = world.between(0, length / 3);
            double most = length - from;
            double least = world.random.nextBoolean() ? 30 : 0.7 * most;
            world.after(from, () -> strike(world.between(least, most)));
        }
        world.after(length, () -> plan.weather().end());
    }

    private void strike(double length) {
        switch (world.random.nextInt(16)) {
            case 0 -> loses("flush", redis::flush);
            case 1 -> loses("restart empty", redis::restartEmpty);
            case 2 -> failOver(Math.min(length, 300));
            case 3 -> redis.forgetScripts();
            case 4 -> node().hear(node().relay::hangUp);
            case 5 -> lasts("Redis stalls", length, redis::stall, redis::goOn);
            case 6 -> {
                WorldNode node = node();
                lasts("Redis is cut from " + node.name, length, node.relay::cut, node.relay::heal);
            }
            case 7 -> {
                WorldNode node = node();
                lasts(node.name + " stops", length, node::stop, node::goOn);
            }
            case 8 -> killNode(Math.min(length, 150));
            case 9 -> killInstance(length, false);
            case 11 -> killInstance(length, true);
            case 12 -> {
                WorldInstance instance = instance();
                lasts(instance.id + " freezes", length, instance::freeze, instance::thaw);
            }
            case 10, 13 -> {
                WorldInstance instance = instance();
                String node = node().name;
                lasts(
                        instance.id + " is cut from " + node,
                        length,
                        () -> instance.cut(node),
                        () -> instance.heal(node));
            }
            case 14 -> drain(length);
            default -> {
                long step = world.random.nextInt(3) == 0 ? -world.random.nextInt(200) : world.random.nextInt(1_500);
                world.note("the clock of Redis is set by %d", step);
                redis.stepClock(step);
            }
        }
    }

    private WorldNode node() {
        return plan.nodes().get(world.random.nextInt(plan.nodes().size()));
    }

    private WorldInstance instance() {
        return plan.instances().get(world.random.nextInt(plan.instances().size()));
    }

    private void lasts(String what, double length, Runnable begin, Runnable end) {
        world.note("%s", what);
        begin.run();
        world.after(length, () -> {
            world.note("%s: over", what);
            end.run();
        });
    }

    private void loses(String what, Runnable how) {
        world.note("Redis: %s", what);
        how.run();
    }

    private void failOver(double length) {
        WorldRedis.Picture known = redis.picture();
        world.after(length, () -> loses("fails over to " + known.takenAt(), () -> redis.failOver(known)));
    }

    private void killNode(double length) {
        int at = world.random.nextInt(plan.nodes().size());
        WorldNode killed = plan.nodes().get(at);
        if (killed.isDead()) {
            return;
        }
        String name = world.random.nextBoolean() ? killed.name : "n" + (10 + ++names);
        world.note("%s is killed, %s comes", killed.name, name);
        killed.kill();
        world.after(length, () -> plan.nodes().set(at, new WorldNode(plan, name)));
    }

    private void killInstance(double length, boolean told) {
        WorldInstance instance = instance();
        Report gone = new Report.Gone(instance.now());
        world.note("%s is killed", instance.id);
        instance.kill();
        if (told) {
            node().hear(() -> node().report(gone));
        }
        world.after(world.between(0, length), () -> {
            world.note("%s begins anew", instance.id);
            instance.restart();
        });
    }

    private void drain(double length) {
        WorldInstance instance = instance();
        WorldNode node = node();
        instance.draining = true;
        node.hear(() -> node.report(new Report.Draining(instance.now())));
        world.after(length, () -> ready(instance));
    }

    /** Told again until the table has it. */
    private void ready(WorldInstance instance) {
        List<WorldNode> open = plan.nodes().stream().filter(WorldNode::serves).toList();
        if (instance.isUp() && !open.isEmpty()) {
            instance.draining = false;
            open.forEach(node -> node.report(new Report.Ready(instance.now(), instance.cap)));
        }
        if (!plan.weather().settled()) {
            world.after(40, () -> ready(instance));
        }
    }
}
