package dev.sandgate.proxy.pool;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait after failures in a row: 1 s, doubled each time up to 30 s, and up to a tenth more by chance. */
final class Backoff {

    private static final long FIRST_MILLIS = 1000;
    private static final long LAST_MILLIS = 30_000;
    private static final int MOST_DOUBLINGS = 5;

    private int failures;

    /** One more failure; how long to wait now. */
    Duration next() {
        long millis = Math.min(LAST_MILLIS, FIRST_MILLIS << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        // many nodes, or many instances of one, do not come back in step
        return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 10));
    }

    void reset() {
        failures = 0;
    }
}
