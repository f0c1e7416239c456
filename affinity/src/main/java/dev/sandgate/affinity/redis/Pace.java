package dev.sandgate.affinity.redis;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keeps a node from coming back to Redis again and again: so many times within any second at most. Any thread. */
final class Pace {

    static final int MOST = 5;
    private static final long WINDOW = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clock;
    /** The last moments that were taken, the earliest first. */
    private final Deque<Long> taken = new ArrayDeque<>(MOST);

    /** Counts by this clock, in ns. */
    Pace(LongSupplier clock) {
        this.clock = clock;
    }

    /** Takes this moment; zero where it could be had, else how long to wait until the next try, in ms. */
    synchronized long take() {
        long now = clock.getAsLong();
        if (taken.size() == MOST) {
            long left = taken.getFirst() + WINDOW - now;
            if (left > 0) {
                return TimeUnit.NANOSECONDS.toMillis(left) + 1;
            }
            taken.removeFirst();
        }
        taken.addLast(now);
        return 0;
    }
}
