package dev.sandgate.affinity.memory;

import dev.sandgate.conf.SessionsConfig;
import java.time.Duration;

/**
 * A pool's deadlines, in nanoseconds.
 *
 * @param idle without a request
 * @param unused the same, before the second request
 * @param whole from the opening, used or not
 * @param remembered after the end
 * @param lostAfter how long an instance may be unreachable
 */
record Lifetimes(long idle, long unused, long whole, long remembered, long lostAfter) {

    /** Long enough for never, short enough that the sum of two does not overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    static Lifetimes of(SessionsConfig config) {
        return new Lifetimes(
                nanos(config.idleTimeout()),
                nanos(config.unusedTimeout()),
                nanos(config.maxLifetime()),
                nanos(config.rememberEnded()),
                nanos(config.lostAfter()));
    }

    private static long nanos(Duration duration) {
        return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toNanos();
    }
}
