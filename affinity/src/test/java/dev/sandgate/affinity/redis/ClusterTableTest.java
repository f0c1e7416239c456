package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.kit.Pools.SESSIONS;
import static dev.sandgate.affinity.redis.Answers.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Sighting;
import dev.sandgate.affinity.Source;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.affinity.kit.RedisCluster;
import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.TableConfig.Mode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A table over a real cluster of three shards. */
final class ClusterTableTest {

    private static final int POOLS = 12;
    private static final int SESSIONS_EACH = 400;

    @Test
    void findsEachPoolsSessionsByTheirIdsInItsOwnShard() {
        Vertx vertx = Vertx.vertx();
        try (RedisCluster cluster = RedisCluster.start()) {
            RedisLinks links = new RedisLinks(
                    vertx, RedisPlan.at(cluster.urls()[0]).mode(Mode.CLUSTER).config());
            Map<String, PoolConfig> pools = new LinkedHashMap<>();
            for (int i = 0; i < POOLS; i++) {
                PoolConfig pool = Pools.pool(SESSIONS, PlacementRule.LEAST_SESSIONS);
                pools.put("p" + i, Pools.named("p" + i, pool));
            }
            Clocks clocks = new Clocks(System::nanoTime, () -> "", false);
            RedisTable table = new RedisTable(
                    links, pools, TestTables.NAMES, new Ground("one", "sg", 100_000, Times.STILL, clocks));
            Set<RedisProcess> shards = new HashSet<>();
            for (String pool : pools.keySet()) {
                done(table.report(new Report.Ready(new Instance(pool, "a", "1", "127.0.0.1", 9001), SESSIONS_EACH)));
                List<Future<Placement>> opened = new ArrayList<>();
                for (int i = 0; i < SESSIONS_EACH; i++) {
                    opened.add(table.open(key(pool, "x" + i, "ann"), Pools.opening()));
                }
                opened.forEach(each -> assertThat(done(each)).isInstanceOf(Fresh.class));
                shards.add(cluster.of("sg:{" + pool + "}:meta"));
            }
            assertThat(shards).hasSize(3);
            for (String pool : pools.keySet()) {
                List<Sighting> found = new ArrayList<>(done(table.search(pool, Set.of(key(pool, "x7", "")))));
                assertThat(found).hasSize(1);
                assertThat(((Sighting.Live) found.get(0)).binding().instance().pool())
                        .isEqualTo(pool);
                assertThat(done(table.search(pool, Set.of(key(pool, "nobody", "")))))
                        .isEmpty();
            }
            done(links.close());
        } finally {
            done(vertx.close());
        }
    }

    private static SessionKey key(String pool, String id, String principal) {
        return new SessionKey(pool, Source.HEADER, id, principal);
    }
}
