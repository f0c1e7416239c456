package dev.sandgate.policies.breaker;

import dev.sandgate.conf.BreakersConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** One breaker by one rule. Any thread. */
final class Breaker {

    /** Longer than any request waits for its answer's head. */
    private static final Duration NEVER_SLOW = Duration.ofDays(365);

    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final CircuitBreaker circuit;
    private final LongSupplier nanos;
    private final long openNanos;
    private volatile long openedAt;

    /** @param nanos the clock that it goes by */
    Breaker(String name, BreakersConfig.Breaker rule, LongSupplier nanos) {
        this.nanos = nanos;
        this.openNanos = rule.open().toNanos();
        long began = nanos.getAsLong();
        InstantSource clock = () -> Instant.ofEpochSecond(0, nanos.getAsLong() - began);
        this.circuit = CircuitBreaker.of(
                name,
                CircuitBreakerConfig.custom()
                        .slidingWindow(rule.window(), rule.least(), SlidingWindowType.COUNT_BASED)
                        .failureRateThreshold(rule.failureRate())
                        .slowCallRateThreshold(rule.slowRate())
                        .slowCallDurationThreshold(rule.slow().isZero() ? NEVER_SLOW : rule.slow())
                        .waitDurationInOpenState(rule.open())
                        .permittedNumberOfCallsInHalfOpenState(rule.trials())
                        .automaticTransitionFromOpenToHalfOpenEnabled(false)
                        .recordResult(Boolean.FALSE::equals)
                        .writableStackTraceEnabled(false)
                        .clock(clock.withZone(ZoneOffset.UTC))
                        .currentTimestampFunction(any -> nanos.getAsLong(), TimeUnit.NANOSECONDS)
                        .build());
    }

    /** Whether a request may pass. Each that does says later how it went, by one of the two calls below. */
    boolean lets() {
        return circuit.tryAcquirePermission();
    }

    /**
     * How it went, and after how long that was known. While a few requests try, those that were let through before them
     * say nothing.
     *
     * @param trial whether it is one of the few
     */
    void went(long afterNanos, boolean well, boolean trial) {
        if (!trial && isTrying()) {
            return;
        }
        boolean wasOpen = inOpenState();
        circuit.onResult(afterNanos, TimeUnit.NANOSECONDS, well);
        // one who listens to the circuit would be told of each request, by an object of several hundred bytes
        if (!wasOpen && inOpenState()) {
            openedAt = nanos.getAsLong();
        }
    }

    private boolean inOpenState() {
        return circuit.getState() == CircuitBreaker.State.OPEN;
    }

    /** It says nothing of the instance: a trial may be made by another. */
    void untold(boolean trial) {
        if (trial || !isTrying()) {
            circuit.releasePermission();
        }
    }

    /** Whether it lets nothing through, and will not yet try. */
    boolean isOpen() {
        return inOpenState() && leftNanos() > 0;
    }

    boolean isTrying() {
        return circuit.getState() == CircuitBreaker.State.HALF_OPEN;
    }

    /** After how long it helps to come again. */
    Duration retryAfter() {
        return isOpen() ? Duration.ofNanos(Math.max(1, leftNanos())) : A_MOMENT;
    }

    private long leftNanos() {
        return openNanos - (nanos.getAsLong() - openedAt);
    }
}
