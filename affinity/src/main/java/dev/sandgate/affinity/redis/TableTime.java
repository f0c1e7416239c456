package dev.sandgate.affinity.redis;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Redis' clock, as far as its answers tell: never ahead of it. Any thread. */
final class TableTime {

    private static final long OLD = TimeUnit.SECONDS.toNanos(10);

    private boolean known;
    private long ahead;
    private long learnedAt;

    /** An answer of which the server said what time it was. */
    synchronized void heard(long now, long tableMillis) {
        long told = TimeUnit.MILLISECONDS.toNanos(tableMillis) - now;
        if (!known || told - ahead > 0 || now - learnedAt > OLD) {
            known = true;
            ahead = told;
            learnedAt = now;
        }
    }

    /** In milliseconds, for scripts; empty where it is not known. */
    synchronized String at(long now) {
        return known ? "" + TimeUnit.NANOSECONDS.toMillis(now + ahead) : "";
    }

    /** In milliseconds; empty where it is not known. */
    synchronized OptionalLong millis(long now) {
        return known ? OptionalLong.of(TimeUnit.NANOSECONDS.toMillis(now + ahead)) : OptionalLong.empty();
    }
}
