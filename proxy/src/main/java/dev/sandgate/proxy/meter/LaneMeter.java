package dev.sandgate.proxy.meter;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * What one loop's requests add up to. Written by that loop's thread alone, so that no count is ever contended; read by
 * any. Allocates once a route, at its first request.
 */
public final class LaneMeter {

    /** {@code 1xx} to {@code 5xx}, and at 0 what has no status. */
    static final int CLASSES = 6;

    /** One route's share: requests by reason and class of status, then bytes in, bytes out. */
    static final class RouteCells {

        final AtomicLongArray counts;
        final AtomicLongArray copies;
        final Histogram waits = new Histogram(Bounds.WAIT);
        private final int bytes;

        RouteCells(int reasons, int outcomes) {
            this.copies = new AtomicLongArray(outcomes);
            this.bytes = reasons * CLASSES;
            this.counts = new AtomicLongArray(bytes + 2);
        }

        long bytesIn() {
            return counts.getOpaque(bytes);
        }

        long bytesOut() {
            return counts.getOpaque(bytes + 1);
        }
    }

    private final int reasons;
    private final int outcomes;
    private final AtomicReferenceArray<@Nullable RouteCells> routes;
    private final AtomicLongArray refusals;
    private final Histogram overhead = new Histogram(Bounds.OVERHEAD);

    /** @param outcomes of copies */
    LaneMeter(int routes, int reasons, int outcomes, int policies) {
        this.reasons = reasons;
        this.outcomes = outcomes;
        this.refusals = new AtomicLongArray(policies);
        this.routes = new AtomicReferenceArray<>(routes);
    }

    /** One writer: a plain sum that others see soon. */
    static void add(AtomicLongArray cells, int at, long more) {
        cells.setOpaque(at, cells.getPlain(at) + more);
    }

    /**
     * Counts a request that is over.
     *
     * @param route its {@linkplain Meters#number number}
     * @param reason its place among {@link Meters}' reasons
     * @param status as the client saw it; 0: it saw none
     */
    public void settled(int route, int reason, int status) {
        int statusClass = status >= 100 && status < 600 ? status / 100 : 0;
        add(cells(route).counts, reason * CLASSES + statusClass, 1);
    }

    /**
     * Counts a request that a policy refused.
     *
     * @param policy its {@linkplain Meters#policy number}
     */
    public void refused(int policy) {
        add(refusals, policy, 1);
    }

    /** Any thread. */
    long refusals(int policy) {
        return refusals.getOpaque(policy);
    }

    /** Counts the bytes of a request's body, and of its answer's. */
    public void bytes(int route, long in, long out) {
        RouteCells cells = cells(route);
        add(cells.counts, cells.bytes, in);
        add(cells.counts, cells.bytes + 1, out);
    }

    /**
     * Counts a copy of a request.
     *
     * @param outcome its place among {@link Meters}' outcomes
     */
    public void copied(int route, int outcome) {
        add(cells(route).copies, outcome, 1);
    }

    /** Counts how long a request was in our hands, in nanoseconds. */
    public void overhead(long nanos) {
        overhead.record(nanos);
    }

    /** Counts how long a request waited for a slot, in nanoseconds. */
    public void waited(int route, long nanos) {
        cells(route).waits.record(nanos);
    }

    private RouteCells cells(int route) {
        RouteCells cells = routes.getPlain(route);
        if (cells == null) {
            cells = new RouteCells(reasons, outcomes);
            routes.setRelease(route, cells);
        }
        return cells;
    }

    /** What this loop knows of a route; null: no request yet. Any thread. */
    @Nullable RouteCells read(int route) {
        return routes.getAcquire(route);
    }

    /** Any thread. */
    Durations readOverhead() {
        return overhead.read();
    }
}
