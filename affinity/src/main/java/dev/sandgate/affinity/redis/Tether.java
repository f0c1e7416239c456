package dev.sandgate.affinity.redis;

import java.util.concurrent.TimeUnit;

/**
 * How far this node may go on its own memory of one pool, by its own clock in nanoseconds. Written under the pool's lock,
 * read by any thread. It makes ends prompt and away nodes stop; that a session has one home does not depend on news.
 */
final class Tether {

    private final Times times;
    private volatile long freshUntil;
    private volatile long servesUntil;
    private volatile long trustFrom;

    Tether(Times times, long now) {
        this.times = times;
        this.freshUntil = now;
        this.servesUntil = now;
        this.trustFrom = now;
    }

    /** All news were read that there were at this moment. */
    void heard(long askedAt) {
        freshUntil = later(freshUntil, askedAt + nanos(times.fresh()));
    }

    /** The table knows that this node lived at this moment. */
    void beaten(long askedAt) {
        // sooner than the others count it out
        servesUntil = later(servesUntil, askedAt + nanos(times.away() - times.away() / 10));
    }

    /** Some news were missed: what was known before this moment is to be asked for once more. */
    void doubt(long now) {
        trustFrom = now;
    }

    /** Whether news are fresh, and what was acknowledged then can be believed without asking. */
    boolean trusts(long ackedAt, long now) {
        return times.fresh() == 0 || (now - freshUntil < 0 && ackedAt - trustFrom >= 0);
    }

    /** Whether others still count on this node. */
    boolean serves(long now) {
        return times.fresh() == 0 || now - servesUntil < 0;
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
