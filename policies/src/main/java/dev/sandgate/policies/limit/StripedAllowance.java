package dev.sandgate.policies.limit;

import java.util.List;

/**
 * The permits of a key that every event loop asks for, in parts: each loop takes from a part of its own while that has
 * any, then from the others, so that no permit is left while somebody is refused.
 */
final class StripedAllowance implements Allowance {

    private final Allowance[] parts;

    /** @param parts that together are the whole */
    StripedAllowance(List<Allowance> parts) {
        this.parts = parts.toArray(Allowance[]::new);
    }

    @Override
    public long take(long now) {
        // event loops are numbered as they are made
        int own = (int) (Thread.currentThread().getId() % parts.length);
        long wait = parts[own].take(now);
        for (int next = 1; wait > 0 && next < parts.length; next++) {
            wait = Math.min(wait, parts[(own + next) % parts.length].take(now));
        }
        return wait;
    }
}
