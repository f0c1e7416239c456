package dev.sandgate.policies.breaker;

import dev.sandgate.conf.BreakersConfig;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A pool's breakers on this node: one for each instance, and one for all together, as far as the config wants them. An
 * instance's comes with its first request and goes when it is {@linkplain #forget forgotten}. Any thread.
 */
public final class Breakers {

    /** How many instances' breakers let nothing through, and how many try whether they may again. */
    public record Count(int open, int trying) {}

    private final BreakersConfig config;
    private final LongSupplier nanos;
    private final @Nullable Breaker pool;
    private final Map<String, Breaker> instances = new ConcurrentHashMap<>();

    /** @param nanos a clock that never goes back */
    public Breakers(BreakersConfig config, LongSupplier nanos) {
        this.config = config;
        this.nanos = nanos;
        this.pool = config.pool().map(rule -> new Breaker("pool", rule, nanos)).orElse(null);
    }

    /** Whether there is anything to ask. */
    public boolean none() {
        return pool == null && config.instance().isEmpty();
    }

    /**
     * Whether a request may go to this instance now.
     *
     * @param id the instance's
     */
    public Decision check(String id) {
        if (pool != null && !pool.lets()) {
            return new Decision.Nowhere(refuse("The pool's instances fail too often", pool));
        }
        Breaker instance = instance(id);
        if (instance != null && !instance.lets()) {
            if (pool != null) {
                pool.untold(pool.isTrying());
            }
            return new Decision.NotThere(refuse("The instance fails too often, or is too slow", instance));
        }
        return new Trial(this, instance);
    }

    /** The one for all instances. */
    @Nullable Breaker pool() {
        return pool;
    }

    long now() {
        return nanos.getAsLong();
    }

    private static Refuse refuse(String detail, Breaker by) {
        return Refuse.of(Why.BREAKER_OPEN, detail, by.retryAfter());
    }

    private @Nullable Breaker instance(String id) {
        if (config.instance().isEmpty()) {
            return null;
        }
        Breaker known = instances.get(id);
        return known != null
                ? known
                : instances.computeIfAbsent(
                        id, any -> new Breaker("instance", config.instance().get(), nanos));
    }

    /** Ids of instances to which nothing new should go now; mostly empty. */
    public Set<String> avoided() {
        Set<String> avoided = Set.of();
        for (Map.Entry<String, Breaker> each : instances.entrySet()) {
            if (each.getValue().isOpen()) {
                avoided = avoided.isEmpty() ? new HashSet<>() : avoided;
                avoided.add(each.getKey());
            }
        }
        return avoided;
    }

    /** An instance is over, and its successor starts with a clean record. */
    public void forget(String id) {
        instances.remove(id);
    }

    /** Of the instances. */
    public Count count() {
        int open = 0;
        int trying = 0;
        for (Breaker breaker : instances.values()) {
            open += breaker.isOpen() ? 1 : 0;
            trying += breaker.isTrying() ? 1 : 0;
        }
        return new Count(open, trying);
    }

    /** Whether the one for all instances lets nothing through. */
    public boolean poolIsOpen() {
        return pool != null && pool.isOpen();
    }
}
