package dev.sandgate.policies.limit;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The permits of a key that every event loop asks for, in parts: each loop takes from a part of its own while that has
 * any, then from the others, so that no permit is left while somebody is refused.
 */
final class StripedAllowance implements Allowance {

    private final Allowance[] parts;
    private final AtomicInteger threads = new AtomicInteger();
    /** The part that a thread takes from first. */
    private final ThreadLocal<Integer> own;

    /** @param parts that together are the whole */
    StripedAllowance(List<Allowance> parts) {
        this.parts = parts.toArray(Allowance[]::new);
        this.own = ThreadLocal.withInitial(() -> threads.getAndIncrement() % this.parts.length);
    }

    @Override
    public long take(long now) {
        int first = own.get();
        long wait = parts[first].take(now);
        for (int next = 1; wait > 0 && next < parts.length; next++) {
            wait = Math.min(wait, parts[(first + next) % parts.length].take(now));
        }
        return wait;
    }
}
