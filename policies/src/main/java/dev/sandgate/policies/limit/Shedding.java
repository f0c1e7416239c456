package dev.sandgate.policies.limit;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import java.time.Duration;
import java.util.Map;

/** Refuses new sessions while the pool's queue is fuller than their caller's class may find it. Any event loop. */
public final class Shedding implements Policy {

    private static final Verdict SHED =
            Refuse.of(Why.SHED, "the pool is busy, and others go first", Duration.ofSeconds(1));

    private final Map<String, Integer> classes;
    private final int otherwise;

    private Shedding(Map<String, Integer> classes, int otherwise) {
        this.classes = classes;
        this.otherwise = otherwise;
    }

    /** For requests that would open a session. */
    public static Policy of(PolicyConfig.Shed config) {
        return new Shedding(Map.copyOf(config.classes()), config.otherwise());
    }

    @Override
    public Verdict check(Seen seen) {
        int most = classes.getOrDefault(seen.principal().priority(), otherwise);
        return seen.queueFilled() > most ? SHED : Verdict.PASS;
    }
}
