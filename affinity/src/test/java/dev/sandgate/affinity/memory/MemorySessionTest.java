package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.kit.SessionContract;
import dev.sandgate.conf.PoolConfig;
import java.time.Duration;
import java.util.Map;

final class MemorySessionTest extends SessionContract {

    private final ManualClock clock = new ManualClock();

    @Override
    protected AffinityTable make(PoolConfig pool) {
        return new MemoryTable(Map.of(pool.name(), pool), clock);
    }

    @Override
    protected void advance(Duration by) {
        clock.advance(by);
    }
}
