package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.neverReusing;
import static dev.sandgate.affinity.kit.Pools.rebinding;

import dev.sandgate.affinity.kit.ModelRun;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.SessionsConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Random steps: one node's table in Redis answers as the plain rules do. */
final class RedisModelTest {

    /** Half a second more than whole, so that no instance is lost at the very moment at which a session lapses. */
    private static final SessionsConfig PLAIN = Pools.lostAfter(SESSIONS, Duration.ofMillis(30_500));

    private static final List<SessionsConfig> CONFIGS =
            List.of(PLAIN, rebinding(PLAIN), neverReusing(PLAIN), neverReusing(rebinding(PLAIN)));

    @Test
    void answersAsThePlainRulesDo() {
        try (TestTables tables = new TestTables()) {
            Seeds.from(1, 60, random -> {
                SessionsConfig config = CONFIGS.get(random.nextInt(CONFIGS.size()));
                RedisTable table = tables.make(Pools.pool(config, PlacementRule.LEAST_SESSIONS));
                new ModelRun(table, config, random, tables::advance).run(150);
            });
        }
    }
}
