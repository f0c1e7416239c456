package dev.sandgate.affinity.redis;

import dev.sandgate.conf.PoolConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One seed's world, from its beginning until long after its last client. */
final class WorldRun {

    private static final int STEPS = 200;
    private static final int STORMS = 3;
    private static final double BEGIN = 400;
    private static final double CALM = 1_000;
    /** Longer than the longest request and the longest lease after it. */
    private static final double QUIET = 1_500;

    private final World world;
    private final WorldPlan plan;

    WorldRun(Random random, WorldWire wire, WorldMutant mutant) {
        this.world = new World(random);
        WorldRedis redis = new WorldRedis(world, wire, mutant);
        WorldWeather weather = new WorldWeather(world);
        PoolConfig pool = WorldPlan.pool(world);
        List<WorldInstance> instances = new ArrayList<>();
        for (int at = 3 + world.random.nextInt(2); at > 0; at--) {
            instances.add(new WorldInstance(world, "i" + at, 1 + world.random.nextInt(3)));
        }
        List<WorldNode> nodes = new ArrayList<>();
        WorldJudge judge = new WorldJudge(world, redis, weather, instances, nodes, pool.sessions());
        this.plan = new WorldPlan(world, redis, weather, judge, instances, nodes, pool, mutant);
        for (int at = 1; at <= 3; at++) {
            nodes.add(new WorldNode(plan, "n" + at));
        }
    }

    WorldTally run() {
        world.note("%s", plan.pool().sessions());
        world.runUntil(BEGIN);
        WorldFaults faults = new WorldFaults(plan);
        WorldLeases leases = new WorldLeases(plan);
        double end = BEGIN;
        for (int storm = 0; storm < STORMS; storm++) {
            double length = world.between(450, 750);
            world.after(end - BEGIN, () -> faults.storm(length));
            end += length + CALM;
            world.after(end - BEGIN - 1, leases::checkCalm);
        }
        new WorldClients(plan).walk(STEPS, end);
        world.runUntil(end);
        world.after(QUIET, leases::checkEmpty);
        world.runUntil(end + QUIET + 1);
        return plan.judge().tally;
    }
}
