package dev.sandgate.policies.limit;

/** How many requests of a key come to this node, by the last few spans of time. Under its owner's lock. */
final class Demand {

    private final long spanNanos;
    private long began;
    private int now;
    private float before;

    Demand(long spanNanos, long began) {
        this.spanNanos = spanNanos;
        this.began = began;
    }

    /** One more. */
    void note(long nanos) {
        long spans = (nanos - began) / spanNanos;
        if (spans > 0) {
            before = (before + now) / (1L << Math.min(spans, 30));
            now = 0;
            began += spans * spanNanos;
        }
        now++;
    }

    /** In one span, of late. */
    float inSpan() {
        return before;
    }
}
