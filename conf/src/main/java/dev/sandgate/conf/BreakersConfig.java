package dev.sandgate.conf;

import java.time.Duration;
import java.util.Optional;

/**
 * When a pool's instances are left alone for a while.
 *
 * @param instance for each instance by itself; empty: never
 * @param pool for all together; empty: never
 */
public record BreakersConfig(Optional<Breaker> instance, Optional<Breaker> pool) {

    public static final BreakersConfig NONE = new BreakersConfig(Optional.empty(), Optional.empty());

    /**
     * One rule.
     *
     * @param failureRate percent of the last requests that failed (no connection, no or a broken answer, a status of 500
     *     and above), from which on it opens, 1 to 100
     * @param slowRate percent of them whose head came later than {@code slow}, 1 to 100
     * @param slow zero: none is too slow
     * @param window how many requests count as the last ones, 2 to 10,000
     * @param least requests before it may open, 1 to {@code window}
     * @param open how long it lets nothing through, at least 100 ms
     * @param trials requests that try after that whether it is well again, 1 to 1,000
     */
    public record Breaker(
            int failureRate, int slowRate, Duration slow, int window, int least, Duration open, int trials) {

        public static final Breaker DEFAULT = new Breaker(50, 100, Duration.ZERO, 50, 10, Duration.ofSeconds(10), 3);
    }
}
