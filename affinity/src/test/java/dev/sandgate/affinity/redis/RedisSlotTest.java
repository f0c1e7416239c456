package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.kit.SlotContract;
import dev.sandgate.conf.PoolConfig;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

final class RedisSlotTest extends SlotContract {

    private static TestTables tables;

    @BeforeAll
    static void start() {
        tables = new TestTables();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @Override
    protected AffinityTable make(PoolConfig pool) {
        return tables.make(pool);
    }

    @Override
    protected void advance(Duration by) {
        tables.advance(by);
    }
}
