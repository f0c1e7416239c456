package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Lease;
import dev.sandgate.conf.SessionsConfig;
import java.time.Duration;

/**
 * For how long the table lets a session live after it heard of a use: a part longer than its timeout, so that a node may
 * tell of uses that much later and no session dies early. In milliseconds.
 *
 * @param unused after an opening
 * @param idle after a later use
 * @param stream after each word of the node that has its connection
 * @param whole from the opening
 * @param remember after the end
 * @param lostAfter how long an instance may be unreachable
 * @param parts that {@code 1/parts} of a lease is the part by which it is longer; zero: none
 */
record Leases(long unused, long idle, long stream, long whole, long remember, long lostAfter, int parts) {

    /** Long enough for never, short enough for a sum of microseconds in a double. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** @param exact without the longer part, where every use is told at once */
    static Leases of(SessionsConfig config, Times times, boolean exact) {
        int parts = exact ? 0 : 5;
        return new Leases(
                longer(config.unusedTimeout(), exact),
                longer(config.idleTimeout(), exact),
                times.stream(),
                millis(config.maxLifetime()),
                millis(config.rememberEnded()),
                millis(config.lostAfter()),
                parts);
    }

    /** @param used whether it was used after its opening */
    long lease(Lease kind, boolean used) {
        if (kind == Lease.STREAM) {
            return stream;
        }
        return used ? idle : unused;
    }

    /** After how much of an acknowledged lease the next use is told. */
    long quiet(long lease) {
        return parts == 0 ? 0 : lease / parts;
    }

    /** How much sooner than the table a node takes a lease for over. */
    long margin(long lease) {
        return parts == 0 ? 0 : Math.min(lease / 10, 1_000 + lease / 100);
    }

    private static long longer(Duration timeout, boolean exact) {
        long millis = millis(timeout);
        return exact ? millis : millis + millis / 4;
    }

    private static long millis(Duration duration) {
        return (duration.compareTo(LONGEST) > 0 ? LONGEST : duration).toMillis();
    }
}
