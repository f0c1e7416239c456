package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.redis.Answers.done;
import static dev.sandgate.affinity.redis.Answers.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scripts of others, in the table's Redis. */
final class GuestScriptsTest {

    private static final String ADD = "return { redis.call('INCRBY', KEYS[1], ARGV[1]), #ARGV }";

    private final RedisProcess redis = RedisProcess.start();
    private final Vertx vertx = Vertx.vertx();
    private final RedisTable table = RedisTable.connect(
            vertx, RedisPlan.at(redis.url()).timeout(Duration.ofSeconds(2)).config(), Map.of(), "one");
    private final RedisScripts scripts = table.scripts();

    @AfterEach
    void stop() {
        done(table.close());
        done(vertx.close());
        redis.close();
    }

    @Test
    void runUnderTheTablesPrefix() {
        assertThat(done(scripts.run(ADD, "a:b", List.of("3", "x")))).containsExactly(3L, 2L);
        assertThat(done(scripts.run(ADD, "a:b", List.of("-5")))).containsExactly(-2L, 1L);
        assertThat(redis.tell("GET", "sg:a:b")).isEqualTo("-2");
    }

    @Test
    void runAfterRedisForgotThem() {
        done(scripts.run(ADD, "k", List.of("1")));
        redis.say("SCRIPT", "FLUSH");
        assertThat(done(scripts.run(ADD, "k", List.of("1")))).startsWith(2L);
    }

    @Test
    void tellWhatWentWrong() {
        assertThat(fault(scripts.run("return 1", "k", List.of())).reason()).isEqualTo(Reason.BUG);
        assertThat(fault(scripts.run("return false", "k", List.of())).reason()).isEqualTo(Reason.BUG);
        assertThat(fault(scripts.run("return { 'a' }", "k", List.of())).reason())
                .isEqualTo(Reason.BUG);
        assertThat(fault(scripts.run("return redis.call('NONE')", "k", List.of()))
                        .reason())
                .isEqualTo(Reason.BUG);
        redis.kill();
        assertThat(fault(scripts.run(ADD, "k", List.of("1"))).reason()).isIn(Reason.UNREACHABLE, Reason.TIMEOUT);
    }

    @Test
    void callATextTheSameOnEveryNodeAndNothingElseTheSame() {
        RedisTable other = RedisTable.connect(vertx, RedisPlan.at(redis.url()).config(), Map.of(), "two");
        assertThat(scripts.veil("192.0.2.1"))
                .matches("[A-Za-z0-9_-]{22}")
                .isEqualTo(other.scripts().veil("192.0.2.1"))
                .isNotEqualTo(scripts.veil("192.0.2.2"));
        done(other.close());
    }
}
