package dev.sandgate.affinity.memory;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.neverReusing;
import static dev.sandgate.affinity.kit.Pools.rebinding;

import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.kit.ModelRun;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.SessionsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ModelTest {

    /** Half a second more than whole, so that no instance is lost at the very moment at which a session lapses. */
    private static final SessionsConfig PLAIN = Pools.lostAfter(SESSIONS, Duration.ofMillis(30_500));

    private static final List<SessionsConfig> CONFIGS =
            List.of(PLAIN, rebinding(PLAIN), neverReusing(PLAIN), neverReusing(rebinding(PLAIN)));

    @Test
    void answersAsThePlainRulesDo() {
        Seeds.each(800, random -> {
            SessionsConfig config = CONFIGS.get(random.nextInt(CONFIGS.size()));
            ManualClock clock = new ManualClock();
            var pool = Pools.pool(config, PlacementRule.LEAST_SESSIONS);
            MemoryTable table = new MemoryTable(Map.of(POOL, pool), clock);
            new ModelRun(table, config, random, clock::advance).run(250);
        });
    }
}
