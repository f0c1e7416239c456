package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import java.time.Duration;
import java.util.List;

/** What everything in one world shares. */
record WorldPlan(
        World world,
        WorldRedis redis,
        WorldWeather weather,
        WorldJudge judge,
        List<WorldInstance> instances,
        List<WorldNode> nodes,
        PoolConfig pool,
        WorldMutant mutant) {

    /** About a twentieth of what is usual. */
    static final Times TIMES = new Times(200, 200, 200, 120, 700, 100, (long) WorldRelay.TIMEOUT);

    /** Leases and idle times of 200 to 400 ms. */
    static PoolConfig pool(World world) {
        int idle = 200 + world.random.nextInt(201);
        int unused = world.random.nextBoolean() ? idle : 120 + world.random.nextInt(idle - 120);
        SessionsConfig sessions = new SessionsConfig(
                3,
                Duration.ofMillis(idle),
                Duration.ofMillis(1_200L + world.random.nextInt(4_000)),
                Duration.ofMillis(unused),
                world.random.nextBoolean() ? OnLost.REBIND : OnLost.REJECT,
                world.chance(0.7),
                Duration.ofSeconds(60),
                Duration.ofMillis(250L + world.random.nextInt(100)),
                false);
        PlacementRule[] rules = PlacementRule.values();
        return Pools.pool(sessions, rules[world.random.nextInt(rules.length)]);
    }
}
