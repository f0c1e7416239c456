package dev.sandgate.proxy.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** The real clock, moved on at will. Any thread. */
final class Shift extends Clock {

    private final AtomicReference<Duration> by = new AtomicReference<>(Duration.ZERO);

    void on(Duration more) {
        by.updateAndGet(now -> now.plus(more));
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(by.get());
    }

    long nanos() {
        return System.nanoTime() + by.get().toNanos();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
