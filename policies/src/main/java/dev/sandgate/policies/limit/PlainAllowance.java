package dev.sandgate.policies.limit;

import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.github.resilience4j.ratelimiter.internal.AtomicRateLimiter;
import java.util.function.Supplier;

/**
 * Permits that come all at once, with each period anew. While there are none, nobody asks: each question writes, and those
 * that meet while writing sleep.
 */
final class PlainAllowance implements Allowance {

    private final AtomicRateLimiter permits;
    private volatile long emptyUntil;

    /** @param config with a timeout of zero: nobody waits for a permit on an event loop */
    PlainAllowance(RateLimiterConfig config, Supplier<Long> nanos) {
        // RateLimiter.of takes no clock
        this.permits = new AtomicRateLimiter("", config, nanos);
        this.emptyUntil = nanos.get();
    }

    @Override
    public long take(long now) {
        long left = emptyUntil - now;
        if (left > 0) {
            return left;
        }
        if (permits.acquirePermission()) {
            return 0;
        }
        // 0 where a period has begun since
        long wait = Math.max(1, permits.getDetailedMetrics().getNanosToWait());
        emptyUntil = now + wait;
        return wait;
    }
}
