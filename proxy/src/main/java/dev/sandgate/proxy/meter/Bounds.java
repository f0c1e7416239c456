package dev.sandgate.proxy.meter;

import java.util.concurrent.TimeUnit;

/** Upper bounds of a histogram's buckets; beyond the last one is the bucket without a bound. */
public final class Bounds {

    /** For what a request costs in our own hands: 25 µs to 1 s. */
    public static final Bounds OVERHEAD =
            new Bounds(25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000);

    /** For how long a request waits for a slot: 100 µs to 60 s. */
    public static final Bounds WAIT = new Bounds(
            100,
            1_000,
            5_000,
            10_000,
            50_000,
            100_000,
            500_000,
            1_000_000,
            2_500_000,
            5_000_000,
            10_000_000,
            60_000_000);

    private final long[] nanos;

    private Bounds(long... micros) {
        nanos = new long[micros.length];
        for (int at = 0; at < micros.length; at++) {
            nanos[at] = TimeUnit.MICROSECONDS.toNanos(micros[at]);
        }
    }

    /** How many buckets there are, the one without a bound included. */
    public int buckets() {
        return nanos.length + 1;
    }

    /** The bucket of a duration: the first whose bound is not below it. */
    int bucket(long duration) {
        int at = 0;
        while (at < nanos.length && duration > nanos[at]) {
            at++;
        }
        return at;
    }

    /** In seconds; infinite for the last bucket. */
    public double upperSeconds(int bucket) {
        return bucket == nanos.length ? Double.POSITIVE_INFINITY : nanos[bucket] / 1e9;
    }
}
