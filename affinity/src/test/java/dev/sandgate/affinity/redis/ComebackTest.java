package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.kit.Pools.instance;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.opening;
import static dev.sandgate.affinity.redis.TestTables.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import org.junit.jupiter.api.Test;

/** An id that comes back while another node may still serve its old life. */
final class ComebackTest {

    @Test
    void staysAtItsOldHomeUntilTheOldLeaseIsOver() {
        try (TestTables tables = new TestTables()) {
            RedisTable table = tables.make(Pools.pool(SESSIONS, PlacementRule.LEAST_SESSIONS));
            done(table.report(new Report.Ready(instance("a"), 5)));
            done(table.report(new Report.Ready(instance("b"), 5)));
            Fresh first = (Fresh) done(table.open(key("x"), opening()));
            done(table.end(key("x"), first.binding().generation()));
            Opening again = opening();
            Fresh back = (Fresh) done(table.open(key("x"), again));
            assertThat(back.binding().instance()).isEqualTo(first.binding().instance());

            Opening elsewhere = again.without(back.binding().instance().id());
            assertThat(done(table.rebind(back.binding(), elsewhere)))
                    .isEqualTo(new Refused(Why.SESSION_ENDING, SESSIONS.unusedTimeout()));
        }
    }
}
