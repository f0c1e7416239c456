package dev.sandgate.proxy.acme;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The real clock, moved on at will. Any thread. */
final class Shift extends Clock {

    private volatile Duration by = Duration.ZERO;

    synchronized void on(Duration more) {
        by = by.plus(more);
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(by);
    }

    long nanos() {
        return System.nanoTime() + by.toNanos();
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
