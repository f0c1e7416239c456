package dev.sandgate.policies.retry;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a pool's requests on this node have earned in retries: each first try a share of one. Saved up to ten, so that a
 * bad moment after a good hour does not double the load. Any thread.
 */
public final class RetryBudget {

    private static final long ONE = 100;
    private static final long MOST = 10 * ONE;

    private final int percent;
    private final AtomicLong saved = new AtomicLong();

    /** @param percent that retries may add to first tries, 0 to 100 */
    public RetryBudget(int percent) {
        this.percent = percent;
    }

    /** A request was sent for the first time. */
    public void earn() {
        saved.getAndUpdate(had -> Math.min(MOST, had + percent));
    }

    /** Takes one retry, where there is one. */
    public boolean spend() {
        return saved.getAndUpdate(had -> had >= ONE ? had - ONE : had) >= ONE;
    }
}
