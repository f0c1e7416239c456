package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.DAY;
import static dev.sandgate.policies.limit.Limits.around;
import static dev.sandgate.policies.limit.Limits.by;
import static dev.sandgate.policies.limit.Limits.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.kit.Seeds;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.conf.PolicyConfig.Scope;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Limit;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import dev.sandgate.policies.kit.PlainSeen;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Rate limits of one node. */
final class RateLimitsTest {

    private final ManualClock clock = new ManualClock();

    @Test
    void givesABurstThenRefusesAndTellsWhenThereIsMore() {
        Policy limit = RateLimits.of(Limits.of(5, DAY, 5), around(null));
        for (int i = 0; i < 5; i++) {
            assertThat(limit.check(PlainSeen.get("/"))).isSameAs(Verdict.PASS);
        }
        for (int i = 0; i < 3; i++) {
            Refuse refused = refused(limit.check(PlainSeen.get("/")));
            assertThat(refused.why()).isEqualTo(Why.RATE_LIMITED);
            assertThat(refused.retryAfter()).isPositive().isLessThanOrEqualTo(DAY);
            assertThat(refused.limit()).contains(new Limit(5, DAY, 0, refused.retryAfter()));
        }
        assertThat(limit.check(PlainSeen.get("/").from("192.0.2.2"))).isSameAs(Verdict.PASS);
    }

    @Test
    void givesABurstAgainWithEachPeriod() {
        NodeLimiter limiter = new NodeLimiter(Limits.of(50, Duration.ofSeconds(1), 10), clock);
        for (int period = 0; period < 20; period++) {
            for (int i = 0; i < 10; i++) {
                assertThat(limiter.take("a")).isSameAs(Verdict.PASS);
            }
            assertThat(refused(limiter.take("a")).retryAfter()).isEqualTo(Duration.ofMillis(200));
            clock.advance(Duration.ofMillis(199));
            assertThat(refused(limiter.take("a")).retryAfter()).isEqualTo(Duration.ofMillis(1));
            clock.advance(Duration.ofMillis(1));
        }
        clock.advance(Duration.ofMinutes(5));
        for (int i = 0; i < 10; i++) {
            assertThat(limiter.take("a")).isSameAs(Verdict.PASS);
        }
        refused(limiter.take("a"));
    }

    @Test
    void neverGivesMoreThanThePermitsAndABurstInAnyPer() {
        Seeds.each(5, random -> assertThat(mostInASecond(Limits.of(30, Duration.ofSeconds(1), 6), random))
                .isBetween(31, 36));
    }

    @Test
    void givesLessThanTwoBurstsMoreWhereBurstsDoNotFillAPer() {
        Seeds.each(5, random -> assertThat(mostInASecond(Limits.of(30, Duration.ofSeconds(1), 7), random))
                .isBetween(31, 43));
    }

    /** Now and then nobody comes for a while, then many. */
    private int mostInASecond(RateLimit config, Random random) {
        NodeLimiter limiter = new NodeLimiter(config, clock);
        Deque<Long> given = new ArrayDeque<>();
        int most = 0;
        for (int request = 0; request < 50_000; request++) {
            clock.advance(Duration.ofMillis(random.nextInt(100) == 0 ? random.nextInt(500) : random.nextInt(10)));
            if (limiter.take("a") == Verdict.PASS) {
                given.add(clock.getAsLong());
            }
            while (!given.isEmpty() && clock.getAsLong() - given.getFirst() >= 1_000_000_000) {
                given.remove();
            }
            most = Math.max(most, given.size());
        }
        return most;
    }

    @Test
    void neverRefusesTheEndOfAnMcpSession() {
        Policy limit = RateLimits.of(Limits.of(1, DAY, 1), around(null));
        for (int i = 0; i < 10; i++) {
            assertThat(limit.check(ending())).isSameAs(Verdict.PASS);
        }
        assertThat(limit.check(PlainSeen.of("DELETE", "/files"))).isSameAs(Verdict.PASS);
        refused(limit.check(PlainSeen.of("DELETE", "/files")));
        assertThat(limit.check(ending())).isSameAs(Verdict.PASS);
        // no session is named here, or none is meant: these go to an instance as any other request
        refused(limit.check(PlainSeen.of("DELETE", "/mcp").onMcp()));
        refused(limit.check(ending().with("Mcp-Protocol-Version", "2026-07-28")));
        assertThat(limit.check(ending().with("Mcp-Protocol-Version", "2025-11-25")))
                .isSameAs(Verdict.PASS);
    }

    private static PlainSeen ending() {
        return PlainSeen.of("DELETE", "/mcp").onMcp().with("Mcp-Session-Id", "s");
    }

    @Test
    void passesWhatHasNothingToCountBy() {
        Policy limit = RateLimits.of(Limits.of(by(Part.SESSION), 1, DAY, 1), around(null));
        for (int i = 0; i < 10; i++) {
            assertThat(limit.check(PlainSeen.get("/"))).isSameAs(Verdict.PASS);
        }
    }

    @Test
    void givesEveryPermitAndNoMoreToManyThreads() throws Exception {
        for (Part part : List.of(Part.ROUTE, Part.IP)) {
            Policy limit = RateLimits.of(Limits.of(by(part), 1_003, DAY, 1_003), around(null));
            assertThat(passedByFourThreads(limit, 1_000)).as("%s", part).isEqualTo(1_003);
        }
    }

    private static int passedByFourThreads(Policy limit, int each) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> passed = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                passed.add(threads.submit(() -> {
                    start.await();
                    int mine = 0;
                    for (int i = 0; i < each; i++) {
                        mine += limit.check(PlainSeen.get("/")) == Verdict.PASS ? 1 : 0;
                    }
                    return mine;
                }));
            }
            start.countDown();
            int all = 0;
            for (Future<Integer> mine : passed) {
                all += mine.get();
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void giveOneThreadThePermitsOfAll() {
        Policy limit = RateLimits.of(Limits.of(by(Part.POOL), 100, DAY, 100), around(null));
        for (int i = 0; i < 100; i++) {
            assertThat(limit.check(PlainSeen.get("/"))).isSameAs(Verdict.PASS);
        }
        refused(limit.check(PlainSeen.get("/")));
    }

    @Test
    void dividesABurstWithoutRest() {
        for (int permits : new int[] {2, 3, 7, 16, 1_000_000}) {
            for (int parts = 1; parts <= Math.min(permits, 16); parts++) {
                assertThat(NodeLimiter.shares(permits, parts, DAY))
                        .hasSize(parts)
                        .allMatch(share -> share.getTimeoutDuration().isZero() && share.getLimitForPeriod() > 0)
                        .extracting(RateLimiterConfig::getLimitForPeriod)
                        .satisfies(all -> assertThat(
                                        all.stream().mapToInt(Integer::intValue).sum())
                                .isEqualTo(permits));
            }
        }
    }

    @Test
    void countsPeriodsToTheNanosecond() {
        assertThat(NodeLimiter.period(Limits.of(50, Duration.ofSeconds(1), 10))).isEqualTo(Duration.ofMillis(200));
        assertThat(NodeLimiter.period(Limits.of(3, Duration.ofSeconds(1), 1))).isEqualTo(Duration.ofNanos(333_333_333));
        assertThat(NodeLimiter.period(Limits.of(3, Duration.ofSeconds(1), 2))).isEqualTo(Duration.ofNanos(666_666_667));
        assertThat(NodeLimiter.period(Limits.of(1_000_000, DAY, 1_000_000))).isEqualTo(DAY);
        assertThat(NodeLimiter.period(Limits.of(999_999, DAY, 999_998)))
                .isEqualTo(Duration.ofNanos(86_400_000_000_000L - 86_400_086));
    }

    @Test
    void remembersNoMoreKeysThanItMay() {
        RateLimit config = new RateLimit("calm", by(Part.IP), 1, DAY, 1, Scope.NODE, Away.LOCAL, 1_000);
        NodeLimiter limiter = new NodeLimiter(config, System::nanoTime);
        for (int key = 0; key < 50_000; key++) {
            limiter.take("192.0.2." + key);
        }
        assertThat(limiter.keys()).isPositive().isLessThanOrEqualTo(1_000);
    }

    @Test
    void countsAFleetsLimitHereWhereTheTableIsInMemory() {
        Policy limit = RateLimits.of(Limits.fleet(Limits.of(2, DAY, 2), Away.CLOSED), around(null));
        assertThat(limit.check(PlainSeen.get("/"))).isSameAs(Verdict.PASS);
        assertThat(limit.check(PlainSeen.get("/"))).isSameAs(Verdict.PASS);
        assertThat(refused(limit.check(PlainSeen.get("/"))).why()).isEqualTo(Why.RATE_LIMITED);
    }
}
