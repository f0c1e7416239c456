package dev.sandgate.affinity.redis;

import java.util.concurrent.TimeUnit;

/**
 * Until when a session may be used without asking, by this node's clock in nanoseconds.
 *
 * @param bornAt when it was opened
 * @param at when the table was asked that said so
 * @param until when it may be used: sooner than the table's own deadline
 * @param quietUntil when a use need not be told
 * @param byTable whether the table said so; else its client's seal did, or this node made it while the table was away
 */
record Acknowledged(long bornAt, long at, long until, long quietUntil, boolean byTable) {

    /** It may not be used yet. */
    static Acknowledged nothing(long now) {
        return new Acknowledged(now, now, now, now, false);
    }

    /** @param left from {@code at} to the deadline that the table told, in ms */
    static Acknowledged byTable(long bornAt, long at, long left, Leases leases) {
        return new Acknowledged(bornAt, at, sooner(at, left, leases), at + nanos(leases.quiet(left)), true);
    }

    /** As if the table had just heard of a use, of which it is still to be told. */
    static Acknowledged byNode(long bornAt, long now, long left, Leases leases) {
        return new Acknowledged(bornAt, now, sooner(now, left, leases), now, false);
    }

    /** The same until then only. */
    Acknowledged until(long then) {
        return new Acknowledged(bornAt, at, then, quietUntil, byTable);
    }

    private static long sooner(long at, long left, Leases leases) {
        return at + nanos(left - leases.margin(left));
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
