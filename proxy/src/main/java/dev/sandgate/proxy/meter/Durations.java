package dev.sandgate.proxy.meter;

/** How often which duration was met, as read at one moment. One thread. */
public final class Durations {

    private final Bounds bounds;
    private final long[] counts;
    private long sumNanos;

    Durations(Bounds bounds, long[] counts, long sumNanos) {
        this.bounds = bounds;
        this.counts = counts;
        this.sumNanos = sumNanos;
    }

    /** None yet. */
    public static Durations none(Bounds bounds) {
        return new Durations(bounds, new long[bounds.buckets()], 0);
    }

    /** Adds those of another reading with the same bounds. */
    public void add(Durations other) {
        for (int at = 0; at < counts.length; at++) {
            counts[at] += other.counts[at];
        }
        sumNanos += other.sumNanos;
    }

    public Bounds bounds() {
        return bounds;
    }

    /** How many fell into this bucket alone. */
    public long count(int bucket) {
        return counts[bucket];
    }

    public double sumSeconds() {
        return sumNanos / 1e9;
    }
}
