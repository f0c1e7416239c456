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
    private final long beganAt;
    private final boolean triesPool;
    private final boolean triesInstance;
    private boolean judged;

    Trial(Breakers breakers, @Nullable Breaker instance) {
        this.breakers = breakers;
        this.instance = instance;
        this.beganAt = breakers.now();
        this.triesPool = breakers.pool() != null && breakers.pool().isTrying();
        this.triesInstance = instance != null && instance.isTrying();
    }

    @Override
    public void head(int status) {
        judge(status < FAILURES);
    }

    private void judge(boolean well) {
        judged = true;
        long took = breakers.now() - beganAt;
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
