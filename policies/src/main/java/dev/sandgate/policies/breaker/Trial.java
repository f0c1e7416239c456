package dev.sandgate.policies.breaker;

import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Outcome;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request that breakers let through. Judged by its answer's head: how a stream ends says nothing of how its instance
 * does.
 */
final class Trial implements Aftermath {

    private static final int FAILURES = 500;

    private final @Nullable Breaker pool;
    private final @Nullable Breaker instance;
    private final LongSupplier nanos;
    private final long beganAt;
    private boolean judged;

    Trial(@Nullable Breaker pool, @Nullable Breaker instance, LongSupplier nanos) {
        this.pool = pool;
        this.instance = instance;
        this.nanos = nanos;
        this.beganAt = nanos.getAsLong();
    }

    @Override
    public void head(int status) {
        judge(status < FAILURES);
    }

    private void judge(boolean well) {
        judged = true;
        long took = nanos.getAsLong() - beganAt;
        if (pool != null) {
            pool.went(took, well);
        }
        if (instance != null) {
            instance.went(took, well);
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
        if (pool != null) {
            pool.untold();
        }
        if (instance != null) {
            instance.untold();
        }
    }
}
