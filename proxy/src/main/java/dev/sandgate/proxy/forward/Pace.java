package dev.sandgate.proxy.forward;

import java.util.concurrent.TimeUnit;

/**
 * Whether a client keeps up with the rate at which it must send or take bytes, while it is the client who is waited for.
 * What it owes grows with time and shrinks with each byte; beyond a few seconds' worth it is too slow. On one event loop.
 */
final class Pace {

    /** A client may stop for so long, and be slow for longer: what networks lose comes again within that. */
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** What a socket takes at once is no sign of what its client took: buffers are filled and emptied in pieces. */
    static final long BUFFERS = 64 * 1024;

    private final double perNano;
    private final double most;
    private double owed;
    private long lookedAt;
    private long seen;

    /**
     * A client that owes nothing.
     *
     * @param bytesPerSecond at least 1
     * @param slack bytes that it may owe beside the grace's
     * @param nowNanos of a clock that never goes back
     */
    Pace(long bytesPerSecond, long slack, long nowNanos) {
        this.perNano = bytesPerSecond / (double) TimeUnit.SECONDS.toNanos(1);
        this.most = perNano * GRACE_NANOS + slack;
        this.lookedAt = nowNanos;
    }

    /**
     * Looks at the clock.
     *
     * @param awaited whether it is the client who is waited for
     * @param bytes that have moved so far
     */
    boolean isTooSlow(long nowNanos, boolean awaited, long bytes) {
        double grown = awaited ? perNano * (nowNanos - lookedAt) : 0;
        owed = Math.max(0, owed + grown - (bytes - seen));
        lookedAt = nowNanos;
        seen = bytes;
        return awaited && owed > most;
    }
}
