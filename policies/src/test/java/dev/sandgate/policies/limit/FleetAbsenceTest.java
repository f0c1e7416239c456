package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.DAY;
import static dev.sandgate.policies.limit.Limits.refused;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.affinity.redis.RedisTable;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Later;
import dev.sandgate.policies.Verdict.Pass;
import dev.sandgate.policies.Verdict.Why;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of a fleet's limit while the table's Redis is away. */
final class FleetAbsenceTest {

    private static final RateLimit THREE_A_DAY = Limits.of(3, DAY, 3);

    private final RedisProcess redis = RedisProcess.start();
    private final Vertx vertx = Vertx.vertx();
    private final RedisTable table = RedisTable.connect(
            vertx, RedisPlan.at(redis.url()).timeout(Duration.ofMillis(500)).config(), Map.of(), "one");
    private final ManualClock clock = new ManualClock();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(Absence.class)).addAppender(log);
    }

    @AfterEach
    void stop() {
        ((Logger) LoggerFactory.getLogger(Absence.class)).detachAppender(log);
        done(table.close());
        done(vertx.close());
        redis.close();
    }

    @Test
    void isOpenOrClosedOrLocalUntilRedisIsBack() {
        FleetLimiter open = limiter(Away.OPEN);
        FleetLimiter closed = limiter(Away.CLOSED);
        FleetLimiter local = limiter(Away.LOCAL);
        List<FleetLimiter> all = List.of(open, closed, local);
        all.forEach(limiter -> assertThat(passes(limiter, "before", 1)).isEqualTo(1));
        redis.kill();
        until(() -> said(Level.WARN) == 3, () -> all.forEach(limiter -> settled(limiter.take("dying"))));
        for (int again = 0; again < 2; again++) {
            assertThat(passes(open, "a", 10)).isEqualTo(10);
            assertThat(refused(closed.take("a")).why()).isEqualTo(Why.POLICY_UNAVAILABLE);
            assertThat(refused(closed.take("a")).retryAfter()).isEqualTo(Duration.ofSeconds(1));
            assertThat(passes(local, "a" + again, 10)).isEqualTo(3);
            assertThat(refused(local.take("a" + again)).why()).isEqualTo(Why.RATE_LIMITED);
            clock.advance(Duration.ofMillis(999));
        }
        redis.restart();
        until(() -> said(Level.INFO) == 3, () -> {
            clock.advance(Duration.ofSeconds(1));
            all.forEach(limiter -> limiter.take("look"));
        });
        all.forEach(limiter -> assertThat(limiter.take("after")).isInstanceOf(Later.class));
        assertThat(said(Level.WARN)).isEqualTo(3);
        assertThat(said(Level.INFO)).isEqualTo(3);
    }

    @Test
    void doesNotLetEverybodyWaitForARedisThatHangs() {
        FleetLimiter open = limiter(Away.OPEN);
        assertThat(passes(open, "before", 1)).isEqualTo(1);
        redis.freeze();
        List<Later> waiting = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            assertThat(open.take("many")).isInstanceOfSatisfying(Later.class, waiting::add);
        }
        // so many wait, and no more
        refused(open.take("many"));
        waiting.forEach(later -> assertThat(done(later.verdict())).isSameAs(Verdict.PASS));
        assertThat(said(Level.WARN)).isEqualTo(1);
        for (int second = 0; second < 3; second++) {
            assertThat(open.take("next")).isSameAs(Verdict.PASS);
            clock.advance(Duration.ofSeconds(1));
        }
        redis.thaw();
    }

    @Test
    void answersAllWhoWaitByWhatThereIs() {
        FleetLimiter limiter = limiter(Away.CLOSED);
        List<Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            verdicts.add(limiter.take("a"));
        }
        assertThat(verdicts).allMatch(Later.class::isInstance);
        assertThat(verdicts.stream().filter(each -> settled(each) instanceof Pass))
                .hasSize(3);
        verdicts.forEach(each -> {
            if (settled(each) != Verdict.PASS) {
                assertThat(refused(settled(each)).retryAfter()).isBetween(DAY.dividedBy(4), DAY);
            }
        });
        // by what this node remembers
        refused(limiter.take("a"));
    }

    private FleetLimiter limiter(Away away) {
        RateLimit config = Limits.fleet(THREE_A_DAY, away);
        PermitStore store = new PermitStore(config, table.scripts(), () -> "");
        return new FleetLimiter(config, store, clock, new NodeLimiter(config, clock));
    }

    private static int passes(FleetLimiter limiter, String key, int times) {
        int passes = 0;
        for (int i = 0; i < times; i++) {
            passes += settled(limiter.take(key)) == Verdict.PASS ? 1 : 0;
        }
        return passes;
    }

    private static void until(BooleanSupplier condition, Runnable meanwhile) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).isNegative();
            meanwhile.run();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private long said(Level level) {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel() == level)
                .count();
    }

    private static Verdict settled(Verdict verdict) {
        return verdict instanceof Later later ? done(later.verdict()) : verdict;
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
