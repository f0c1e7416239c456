package dev.sandgate.policies.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.policies.Verdict;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A rate limit of this node alone. A burst's permits come at once, and as many again a burst's time later: so within any
 * {@code per} never more than its permits and one burst, where bursts fill it, and less than two bursts more elsewhere.
 * What is remembered of a key goes when it was not used for so long that it has all its permits again.
 */
final class NodeLimiter implements Limiter {

    /** Parts of which there are few, so that many requests ask for permits of one key. */
    private static final Set<Part> FEW = EnumSet.of(Part.ROUTE, Part.POOL);

    private static final Duration SHORTEST_MEMORY = Duration.ofMinutes(1);

    private final LoadingCache<Object, Allowance> allowances;
    private final LongSupplier nanos;
    private final Exceeded exceeded;

    NodeLimiter(PolicyConfig.RateLimit config, LongSupplier nanos) {
        Duration period = period(config);
        boolean hot = FEW.containsAll(config.key().parts());
        int parts = hot ? Math.min(Runtime.getRuntime().availableProcessors(), config.burst()) : 1;
        List<RateLimiterConfig> shares = shares(config.burst(), parts, period);
        Supplier<Long> clock = nanos::getAsLong;
        this.nanos = nanos;
        this.exceeded = new Exceeded(config);
        this.allowances = Caffeine.newBuilder()
                .maximumSize(config.keys())
                .expireAfterAccess(period.compareTo(SHORTEST_MEMORY) > 0 ? period : SHORTEST_MEMORY)
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build(key -> fresh(shares, clock));
    }

    @Override
    public Verdict take(Object key) {
        long wait = allowances.get(key).take(nanos.getAsLong());
        return wait == 0 ? Verdict.PASS : exceeded.in(wait);
    }

    /** The time in which a burst's permits come, to the nearest ns. */
    static Duration period(PolicyConfig.RateLimit config) {
        // at most 8.64e13 ns times 1,000,000: more than a long holds
        long whole = config.per().toNanos() / config.permits() * config.burst();
        long rest = config.per().toNanos() % config.permits() * config.burst();
        return Duration.ofNanos(whole + (rest + config.permits() / 2) / config.permits());
    }

    /** Every permit in one part. */
    static List<RateLimiterConfig> shares(int permits, int parts, Duration period) {
        List<RateLimiterConfig> shares = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            shares.add(RateLimiterConfig.custom()
                    .limitForPeriod(permits / parts + (part < permits % parts ? 1 : 0))
                    .limitRefreshPeriod(period)
                    .timeoutDuration(Duration.ZERO)
                    .build());
        }
        return shares;
    }

    /** Keys that are remembered. */
    long keys() {
        allowances.cleanUp();
        return allowances.estimatedSize();
    }

    private static Allowance fresh(List<RateLimiterConfig> shares, Supplier<Long> nanos) {
        if (shares.size() == 1) {
            return new PlainAllowance(shares.get(0), nanos);
        }
        return new StripedAllowance(shares.stream()
                .<Allowance>map(share -> new PlainAllowance(share, nanos))
                .toList());
    }
}
