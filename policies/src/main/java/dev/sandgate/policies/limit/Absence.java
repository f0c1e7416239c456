package dev.sandgate.policies.limit;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether Redis is away, and what stands in for it then. Tells the log of each change once. Any thread. */
final class Absence {

    private static final Logger LOG = LoggerFactory.getLogger(Absence.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final PolicyConfig.RateLimit config;
    private final Limiter node;
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicLong nextLook = new AtomicLong();

    /** @param node what counts instead where that is wanted */
    Absence(PolicyConfig.RateLimit config, Limiter node) {
        this.config = config;
        this.node = node;
    }

    boolean lasts() {
        return away.get();
    }

    /** Whether the asker should look if it is over: once a second somebody should. */
    boolean wantsALook(long now) {
        long due = nextLook.get();
        return now - due >= 0 && nextLook.compareAndSet(due, now + PAUSE.toNanos());
    }

    void begin(Throwable why, long now) {
        if (!away.get()) {
            nextLook.set(now + PAUSE.toNanos());
            if (away.compareAndSet(false, true)) {
                LOG.warn("rate limit {}: Redis is away, so it is {}: {}", config.name(), meanwhile(), why.getMessage());
            }
        }
    }

    void end() {
        if (away.get() && away.compareAndSet(true, false)) {
            LOG.info("rate limit {}: Redis is back", config.name());
        }
    }

    /** What becomes of a request meanwhile. */
    Verdict take(Object key) {
        return switch (config.away()) {
            case OPEN -> Verdict.PASS;
            case CLOSED -> Refuse.of(Why.POLICY_UNAVAILABLE, "the rate limit cannot be asked", PAUSE);
            case LOCAL -> node.take(key);
        };
    }

    private String meanwhile() {
        return switch (config.away()) {
            case OPEN -> "open to all";
            case CLOSED -> "closed to all";
            case LOCAL -> "counted on this node alone";
        };
    }
}
