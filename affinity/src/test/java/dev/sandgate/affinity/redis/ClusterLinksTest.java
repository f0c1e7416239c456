package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.redis.Answers.atLast;
import static dev.sandgate.affinity.redis.Answers.count;
import static dev.sandgate.affinity.redis.Answers.done;
import static dev.sandgate.affinity.redis.Answers.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisCluster;
import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.affinity.redis.TableFault.Reason;
import dev.sandgate.conf.TableConfig.Mode;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node's links to a real cluster of three shards. */
final class ClusterLinksTest {

    private static final String KEY = "sg:{moved}:n";
    private static RedisCluster cluster;

    private final Vertx vertx = Vertx.vertx();
    private RedisLinks links;

    @BeforeAll
    static void gather() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void scatter() {
        cluster.close();
    }

    @BeforeEach
    void connect() {
        cluster.shards().forEach(shard -> shard.say("FLUSHALL"));
        links = new RedisLinks(
                vertx, RedisPlan.at(cluster.urls()[0]).mode(Mode.CLUSTER).config());
    }

    @AfterEach
    void stop() {
        done(links.close());
        done(vertx.close());
    }

    @Test
    void reachesTheShardOfEachKey() {
        Set<RedisProcess> reached = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            String key = "sg:{pool-" + i + "}:n";
            assertThat(done(count(links, key))).isEqualTo(1);
            RedisProcess shard = cluster.of(key);
            assertThat(shard.say("EXISTS", key)).isEqualTo(":1");
            reached.add(shard);
        }
        assertThat(reached).hasSize(3);
    }

    @Test
    void runsTheScriptsOfOthersOnTheShardOfEachKey() {
        GuestScripts scripts = new GuestScripts(links, "sg", TestTables.NAMES);
        Set<RedisProcess> reached = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            assertThat(done(scripts.run("return { redis.call('INCR', KEYS[1]) }", "limit:" + i, List.of())))
                    .containsExactly(1L);
            RedisProcess shard = cluster.of("sg:limit:" + i);
            assertThat(shard.say("EXISTS", "sg:limit:" + i)).isEqualTo(":1");
            reached.add(shard);
        }
        assertThat(reached).hasSize(3);
    }

    @Test
    void followsASlotThatIsMoved() {
        assertThat(done(count(links, KEY))).isEqualTo(1);
        RedisLink waiting = links.dedicated(KEY, Duration.ofSeconds(5));
        done(waiting.send(() -> Request.cmd(Command.GET).arg(KEY)));
        RedisProcess target = cluster.shards().stream()
                .filter(shard -> shard != cluster.of(KEY))
                .findFirst()
                .orElseThrow();
        cluster.move(KEY, target, KEY);
        // At once: who had it says where it is, and has not done anything.
        assertThat(done(count(links, KEY))).isEqualTo(2);
        assertThat(target.say("EXISTS", KEY)).isEqualTo(":1");
        assertThat(atLast(() -> waiting.send(() -> Request.cmd(Command.GET).arg(KEY)))
                        .toString())
                .isEqualTo("2");
    }

    @Test
    void isRefusedWhileASlotIsBeingMoved() {
        String key = "sg:{half}:n";
        RedisProcess from = cluster.of(key);
        RedisProcess target = cluster.shards().stream()
                .filter(shard -> shard != from)
                .findFirst()
                .orElseThrow();
        cluster.beginMove(key, target);
        assertThat(fault(count(links, key)).reason()).isEqualTo(Reason.NOT_READY);
        cluster.move(key, target);
        assertThat(atLast(() -> count(links, key))).isEqualTo(1);
    }

    @Test
    void comesBackToAShardThatWasAway() {
        assertThat(done(count(links, KEY))).isEqualTo(1);
        RedisProcess shard = cluster.of(KEY);
        shard.say("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        assertThat(atLast(() -> count(links, KEY))).isEqualTo(2);
    }

    @Test
    void readsEachKeyByItself() {
        assertThat(links.together(List.of("{a}", "{b}"))).containsExactly(List.of("{a}"), List.of("{b}"));
    }

    @Test
    void saysThatNobodyKnowsTheCluster() {
        RedisLinks lost = new RedisLinks(
                vertx,
                RedisPlan.at("redis://127.0.0.1:" + RedisProcess.freePort())
                        .mode(Mode.CLUSTER)
                        .config());
        assertThat(fault(count(lost, KEY)).reason()).isEqualTo(Reason.UNREACHABLE);
        done(lost.close());
    }
}
