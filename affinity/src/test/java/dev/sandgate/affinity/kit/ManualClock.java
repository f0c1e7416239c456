package dev.sandgate.affinity.kit;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A monotone clock that stands still until it is told to go on. Starts just before the wrap, to be as bad as allowed. */
public final class ManualClock implements LongSupplier {

    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofMinutes(10).toNanos());

    @Override
    public long getAsLong() {
        return nanos.get();
    }

    public void advance(Duration by) {
        nanos.addAndGet(by.toNanos());
    }
}
