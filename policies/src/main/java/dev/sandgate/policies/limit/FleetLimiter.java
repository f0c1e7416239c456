package dev.sandgate.policies.limit;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.policies.Verdict;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A rate limit of all nodes together. Each has a share of each key's permits in advance, as large as its own demand calls
 * for, so that few requests wait for Redis: the first ones of a key, and those of keys that are used seldom. The fleet
 * passes at most the permits of {@code per}, one burst, and what nodes have in advance within any {@code per}.
 */
final class FleetLimiter implements Limiter {

    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final LoadingCache<Object, Share> shares;
    private final PermitStore store;
    private final LongSupplier nanos;
    private final Absence absence;
    private final Exceeded exceeded;

    /** @param node what counts while Redis is away, where that is wanted */
    static FleetLimiter of(PolicyConfig.RateLimit config, RedisScripts scripts, LongSupplier nanos, Limiter node) {
        return new FleetLimiter(config, new PermitStore(config, scripts, () -> ""), nanos, node);
    }

    FleetLimiter(PolicyConfig.RateLimit config, PermitStore store, LongSupplier nanos, Limiter node) {
        SharePlan plan = SharePlan.of(config);
        this.store = store;
        this.nanos = nanos;
        this.absence = new Absence(config, node);
        this.exceeded = new Exceeded(config);
        this.shares = Caffeine.newBuilder()
                .maximumSize(config.keys())
                .expireAfterAccess(MEMORY)
                .ticker(nanos::getAsLong)
                .executor(Runnable::run)
                .build(key -> new Share(plan, nanos.getAsLong()));
    }

    @Override
    public Verdict take(Object key) {
        long now = nanos.getAsLong();
        if (absence.lasts()) {
            if (absence.wantsALook(now)) {
                look(key);
            }
            return absence.take(key);
        }
        Share share = shares.get(key);
        Share.Step step = share.take(now, exceeded);
        if (step.ask() > 0) {
            ask(key, share, step.ask());
        }
        return step.verdict();
    }

    /** Whether Redis is back. What was asked before it went, and is answered late, does not tell. */
    private void look(Object key) {
        Share share = shares.get(key);
        int permits = share.probe();
        if (permits > 0) {
            ask(key, share, permits).onSuccess(back -> absence.end());
        }
    }

    private Future<Grant> ask(Object key, Share share, int permits) {
        return store.take(key, permits).onComplete(answer -> {
            long now = nanos.getAsLong();
            if (answer.succeeded()) {
                int more = share.given(answer.result(), now, exceeded);
                if (more > 0) {
                    ask(key, share, more);
                }
            } else {
                absence.begin(answer.cause(), now);
                share.failed().forEach(each -> each.complete(absence.take(key)));
            }
        });
    }
}
