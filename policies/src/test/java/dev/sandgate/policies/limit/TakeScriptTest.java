package dev.sandgate.policies.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the script gives of one key, in a real Redis. */
final class TakeScriptTest {

    private static final long SECOND = 1_000_000;
    private static final long START = 1_760_000_000_000_000L;
    private static RedisProcess redis;
    private static PlainRedis link;

    private final RedisScripts scripts = new RedisScripts() {
        @Override
        public Future<List<Long>> run(String lua, String key, List<String> args) {
            return Future.succeededFuture(link.run(lua, key, args));
        }

        @Override
        public String veil(String text) {
            return "veiled" + text.length();
        }
    };

    /** By the test's clock, in us. */
    private long now = START;

    @BeforeAll
    static void start() {
        redis = RedisProcess.start();
        link = new PlainRedis(redis.port());
    }

    @AfterAll
    static void stop() {
        link.close();
        redis.close();
    }

    @BeforeEach
    void empty() {
        assertThat(redis.say("FLUSHALL")).isEqualTo("+OK");
    }

    @Test
    void givesWhatIsThereAndTellsWhenItIsWorthComingBack() {
        PermitStore store = store(Limits.of(100, Duration.ofSeconds(1), 20));
        assertThat(take(store, 15)).isEqualTo(new Grant(15, 15, 1, 5));
        Grant rest = take(store, 15);
        assertThat(rest.given()).isEqualTo(5);
        assertThat(rest.left()).isZero();
        // an eighth of a burst, ten milliseconds each
        assertThat(Duration.ofNanos(rest.waitNanos())).isEqualTo(Duration.ofMillis(20));
        now += 9_999;
        assertThat(take(store, 1).given()).isZero();
        now += 1;
        assertThat(take(store, 5).given()).isEqualTo(1);
        now += SECOND;
        assertThat(take(store, 100)).isEqualTo(new Grant(100, 20, rest.waitNanos(), 0));
        assertThat(take(store, 0).given()).isZero();
    }

    @Test
    void neitherLosesNorInventsPermits() {
        Seeds.each(5, random -> {
            int permits = 2 + random.nextInt(999_999);
            long per = 100_000L + random.nextInt(10_000_000);
            int burst = 2 + random.nextInt(permits - 1);
            PermitStore store = store(Limits.of(permits, Duration.ofNanos(per * 1_000), burst));
            redis.say("FLUSHALL");
            long began = now;
            long given = take(store, burst).given();
            for (int i = 0; i < 1_000; i++) {
                // with the part of a permit that was left, never more than a full bucket
                now += random.nextLong(1 + per * (burst - 1) / permits);
                given += take(store, burst).given();
                double due = burst + (now - began) * (double) permits / per;
                // a moment is kept to a quarter of a microsecond
                assertThat((double) given).isBetween(due * 0.99999 - 2, due * 1.00001 + 1);
            }
        });
    }

    @Test
    void letsNobodyWaitForAClockThatWentBack() {
        PermitStore store = store(Limits.of(100, Duration.ofSeconds(1), 20));
        assertThat(take(store, 20).given()).isEqualTo(20);
        now -= 3_600 * SECOND;
        assertThat(take(store, 1).given()).isZero();
        now += 10_000;
        assertThat(take(store, 1).given()).isEqualTo(1);
    }

    @Test
    void takesUpALimitThatWasChanged() {
        assertThat(take(store(Limits.of(100, Duration.ofSeconds(10), 100)), 100).given())
                .isEqualTo(100);
        PermitStore smaller = store(Limits.of(10, Duration.ofSeconds(1), 5));
        assertThat(take(smaller, 5).given()).isZero();
        now += SECOND / 2;
        assertThat(take(smaller, 9).given()).isEqualTo(5);
    }

    @Test
    void keepsNoKeyThatHasAllItsPermitsAndNoneInTheClear() {
        RateLimit limit = Limits.of(100, Duration.ofSeconds(1), 100);
        PermitStore store = new PermitStore(limit, scripts, () -> "");
        assertThat(take(store, 50).given()).isEqualTo(50);
        assertThat(redis.tell("EVAL", "return table.concat(redis.call('KEYS', '*'), ' ')", "0"))
                .isEqualTo("limit:calm:veiled11");
        assertThat(Long.parseLong(redis.say("PTTL", "limit:calm:veiled11").substring(1)))
                .isBetween(0L, 502L);
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!redis.say("DBSIZE").equals(":0")) {
            assertThat(System.nanoTime() - deadline).isNegative();
            LockSupport.parkNanos(5_000_000);
        }
    }

    private PermitStore store(RateLimit limit) {
        return new PermitStore(limit, scripts, () -> "" + now);
    }

    private static Grant take(PermitStore store, int permits) {
        return store.take("192.0.2.7", permits).result();
    }
}
