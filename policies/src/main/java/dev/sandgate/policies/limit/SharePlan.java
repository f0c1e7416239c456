package dev.sandgate.policies.limit;

import dev.sandgate.conf.PolicyConfig;
import java.time.Duration;

/**
 * How a fleet's limit is shared out.
 *
 * @param burst permits that Redis gives at once, at most
 * @param holdNanos after which permits that a node got in advance are given up: in half a burst's time as many come anew
 * @param mostAhead permits that a node has in advance, at most
 * @param worth permits that there must be before a node that was refused asks again; fewer where they come slowly
 */
record SharePlan(int burst, long holdNanos, int mostAhead, int worth) {

    /** Many times what Redis takes to answer. */
    private static final Duration SHORTEST_HOLD = Duration.ofMillis(5);

    private static final Duration LONGEST_HOLD = Duration.ofSeconds(5);

    /** Nobody is refused for longer than this in order to save questions. */
    private static final Duration SPARED = Duration.ofMillis(50);

    static SharePlan of(PolicyConfig.RateLimit config) {
        long burstNanos = NodeLimiter.period(config).toNanos();
        long hold = Math.min(Math.max(burstNanos / 2, SHORTEST_HOLD.toNanos()), LONGEST_HOLD.toNanos());
        int ahead = Math.max(1, Math.min(config.burst() / 4, config.permits() / 20));
        long soon = (long) config.permits() * SPARED.toNanos() / config.per().toNanos();
        int worth = (int) Math.max(1, Math.min(config.burst() / 8, soon));
        return new SharePlan(config.burst(), hold, ahead, worth);
    }
}
