package dev.sandgate.proxy.kit;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what must come, and no longer than the tests' patience. */
public final class Await {

    /** How long a test waits for anything. */
    public static final Duration PATIENCE = Duration.ofSeconds(8);

    private Await() {}

    /** Returns once the condition holds; fails with this picture of the state if it does not in time. */
    public static void until(BooleanSupplier condition, Supplier<String> otherwise) {
        within(PATIENCE, condition, otherwise);
    }

    /** The same with another patience, for what takes its time by itself. */
    public static void within(Duration patience, BooleanSupplier condition, Supplier<String> otherwise) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(otherwise.get());
            }
            LockSupport.parkNanos(500_000);
        }
    }

    /** The result of a Vert.x future, waited for on this thread. */
    public static <T> T finished(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }
}
