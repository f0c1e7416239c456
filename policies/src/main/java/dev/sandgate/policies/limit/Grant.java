package dev.sandgate.policies.limit;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What Redis gave.
 *
 * @param asked permits
 * @param given of them
 * @param waitNanos until asking again is worth it, where it gave less
 * @param left there, for anybody
 */
record Grant(int asked, int given, long waitNanos, long left) {

    /** @param answer of {@code take.lua} */
    static Grant of(int asked, List<Long> answer) {
        long wait = TimeUnit.MICROSECONDS.toNanos(answer.get(1));
        return new Grant(asked, answer.get(0).intValue(), Math.max(1, wait), answer.get(2));
    }
}
