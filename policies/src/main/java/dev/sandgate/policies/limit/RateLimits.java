package dev.sandgate.policies.limit;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Scope;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.Verdict;
import java.util.Optional;

/** Refuses what comes too often. Any event loop. */
public final class RateLimits implements Policy {

    private final KeyReader keys;
    private final Limiter limiter;

    RateLimits(KeyReader keys, Limiter limiter) {
        this.keys = keys;
        this.limiter = limiter;
    }

    /** One with all its permits. A fleet's limit in a table that is in memory is its only node's. */
    public static Policy of(PolicyConfig.RateLimit config, Surroundings around) {
        Limiter node = new NodeLimiter(config, around.nanos());
        Optional<RedisScripts> redis = config.scope() == Scope.FLEET ? around.redis() : Optional.empty();
        Limiter limiter = redis.<Limiter>map(scripts -> FleetLimiter.of(config, scripts, around.nanos(), node))
                .orElse(node);
        return new RateLimits(new KeyReader(config.key()), limiter);
    }

    @Override
    public Verdict check(Seen seen) {
        Object key = Exempt.is(seen) ? null : keys.read(seen);
        return key == null ? Verdict.PASS : limiter.take(key);
    }
}
