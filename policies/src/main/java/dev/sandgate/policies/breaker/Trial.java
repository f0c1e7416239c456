package dev.sandgate.policies.breaker;

import dev.sandgate.policies.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * One request that breakers let through. Judged by its answer's head: how a stream ends says nothing of how its instance
 * does.
 */
final class Trial implements Decision.Go {

    private static final int FAILURES = 500;

    private final Breakers breakers;
    private final @Nullable Breaker instance;
    private final boolean triesPool;
    private final boolean triesInstance;
    private long sentAt;
    private boolean sent;
    private boolean judged;

    Trial(Breakers breakers, @Nullable Breaker instance) {
        this.breakers = breakers;
        this.instance = instance;
        this.triesPool = breakers.pool() != null && breakers.pool().isTrying();
        this.triesInstance = instance != null && instance.isTrying();
    }

    @Override
    public void sent() {
        sent = true;
        sentAt = breakers.now();
    }

    @Override
    public void head(int status) {
        judge(status < FAILURES);
    }

    private void judge(boolean well) {
        judged = true;
        // an answer to what is not whole yet is early, however long its client took
        long took = sent ? breakers.now() - sentAt : 0;
        Breaker pool = breakers.pool();
        if (pool != null) {
            pool.went(took, well, triesPool);
        }
        if (instance != null) {
            instance.went(took, well, triesInstance);
        }
    }

    @Override
    public void done(Outcome outcome) {
        if (judged) {
            return;
        }
        if (outcome.end() == Outcome.End.INSTANCE_FAILED) {
            judge(false);
            return;
        }
        judged = true;
        Breaker pool = breakers.pool();
        if (pool != null) {
            pool.untold(triesPool);
        }
        if (instance != null) {
            instance.untold(triesInstance);
        }
    }
}
