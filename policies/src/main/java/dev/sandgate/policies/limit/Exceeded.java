package dev.sandgate.policies.limit;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Limit;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import java.time.Duration;
import java.util.Optional;

/** What a rate limit tells those who come too often. */
final class Exceeded {

    private final PolicyConfig.RateLimit config;

    Exceeded(PolicyConfig.RateLimit config) {
        this.config = config;
    }

    /** @param nanos until there is a permit */
    Verdict in(long nanos) {
        Duration wait = Duration.ofNanos(nanos);
        Limit limit = new Limit(config.permits(), config.per(), 0, wait);
        return new Refuse(Why.RATE_LIMITED, "the rate limit is reached", wait, Optional.of(limit), Optional.empty());
    }
}
