package dev.sandgate.policies.limit;

import static dev.sandgate.policies.limit.Limits.around;
import static dev.sandgate.policies.limit.Limits.by;
import static dev.sandgate.policies.limit.Limits.leave;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.kit.PlainSeen;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a check that passes leaves for the collector. */
final class LimitAllocationTest {

    private static final int MOST = 200;
    private static final int TIMES = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final PlainSeen SEEN =
            PlainSeen.get("/").from("2001:db8:1:2:3:4:5:6").with("Mcp-Name", "search");

    @Test
    void isLittleForARateLimit() {
        for (Part[] parts : List.of(
                new Part[] {Part.IP}, new Part[] {Part.ROUTE}, new Part[] {Part.PRINCIPAL, Part.MCP_NAME}, new Part[] {
                    Part.IP, Part.ROUTE
                })) {
            RateLimit config = Limits.of(by(parts), 1_000_000, Limits.DAY, 1_000_000);
            Policy limit = RateLimits.of(config, around(null));
            assertThat(bytes(() -> passes(limit))).as("%s", (Object) parts).isLessThanOrEqualTo(MOST);
        }
    }

    @Test
    void isLittleForAFleetsRateLimit() {
        RateLimit config = Limits.of(by(Part.IP, Part.ROUTE), 1_000_000, Duration.ofSeconds(1), 1_000_000);
        PermitStore store = new PermitStore(Limits.fleet(config, Away.OPEN), new Generous(), () -> "");
        ManualClock clock = new ManualClock();
        FleetLimiter limiter = new FleetLimiter(config, store, clock, new NodeLimiter(config, clock));
        Policy limit = new RateLimits(new KeyReader(config.key()), limiter);
        Runnable check = () -> {
            clock.advance(Duration.ofMillis(1));
            limit.check(SEEN);
        };
        for (int i = 0; i < TIMES; i++) {
            check.run();
        }
        assertThat(bytes(() -> {
                    clock.advance(Duration.ofMillis(1));
                    passes(limit);
                }))
                .isLessThanOrEqualTo(MOST);
    }

    @Test
    void isLittleForConcurrency() {
        Policy limit =
                Concurrency.of(new PolicyConfig.Concurrency("busy", by(Part.IP, Part.ROUTE), 10, 10), around(null));
        assertThat(bytes(() -> leave(limit.check(SEEN)))).isLessThanOrEqualTo(MOST);
    }

    @Test
    void isLittleForShedding() {
        Policy limit = Shedding.of(new PolicyConfig.Shed("shed", Map.of("gold", 100), 75));
        assertThat(bytes(() -> passes(limit))).isLessThanOrEqualTo(MOST);
    }

    private static void passes(Policy limit) {
        if (limit.check(SEEN) != Verdict.PASS) {
            throw new AssertionError("it was refused");
        }
    }

    /** Each time, on the average, once it is warm. */
    private static double bytes(Runnable check) {
        long before = 0;
        for (int i = 0; i < 2 * TIMES; i++) {
            if (i == TIMES) {
                before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
            }
            check.run();
        }
        return (THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before) / (double) TIMES;
    }

    /** A Redis that gives what it is asked for, at once. */
    private static final class Generous implements RedisScripts {

        @Override
        public Future<List<Long>> run(String lua, String key, List<String> args) {
            return Future.succeededFuture(List.of(Long.parseLong(args.get(3)), 0L, Long.parseLong(args.get(2))));
        }

        @Override
        public String veil(String text) {
            return text;
        }
    }
}
