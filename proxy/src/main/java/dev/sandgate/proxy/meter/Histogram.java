package dev.sandgate.proxy.meter;

import java.util.concurrent.atomic.AtomicLongArray;

/** Durations by bucket, and their sum. Written by one thread, read by any. */
final class Histogram {

    private final Bounds bounds;
    // the sum stands behind the buckets
    private final AtomicLongArray cells;

    Histogram(Bounds bounds) {
        this.bounds = bounds;
        this.cells = new AtomicLongArray(bounds.buckets() + 1);
    }

    void record(long nanos) {
        long counted = Math.max(0, nanos);
        LaneMeter.add(cells, bounds.bucket(counted), 1);
        LaneMeter.add(cells, bounds.buckets(), counted);
    }

    Durations read() {
        long[] counts = new long[bounds.buckets()];
        for (int at = 0; at < counts.length; at++) {
            counts[at] = cells.getOpaque(at);
        }
        return new Durations(bounds, counts, cells.getOpaque(counts.length));
    }
}
