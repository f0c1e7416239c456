package dev.sandgate.policies.limit;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Outcome;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Pass;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import java.time.Duration;
import java.util.Optional;

/** Refuses what comes while too much of the same key is under way on this node. Any event loop. */
public final class Concurrency implements Policy {

    private static final Duration LATER = Duration.ofSeconds(1);
    private static final Verdict REQUESTS =
            Refuse.of(Why.CONCURRENCY_LIMITED, "too many requests at the same time", LATER);
    private static final Verdict STREAMS =
            Refuse.of(Why.CONCURRENCY_LIMITED, "too many streams at the same time", LATER);

    private final KeyReader keys;
    private final Counts requests;
    private final Counts streams;

    Concurrency(KeyReader keys, Counts requests, Counts streams) {
        this.keys = keys;
        this.requests = requests;
        this.streams = streams;
    }

    /** One of which nothing is under way. */
    public static Policy of(PolicyConfig.Concurrency config, Surroundings around) {
        return new Concurrency(
                new KeyReader(config.key()), new Counts(config.requests()), new Counts(config.streams()));
    }

    @Override
    public Verdict check(Seen seen) {
        Object key = Exempt.is(seen) ? null : keys.read(seen);
        if (key == null) {
            return Verdict.PASS;
        }
        boolean stream = seen.stream();
        if (stream && !streams.enter(key)) {
            return STREAMS;
        }
        if (!requests.enter(key)) {
            if (stream) {
                streams.leave(key);
            }
            return REQUESTS;
        }
        return new Pass(Optional.of(new Permit(key, stream)));
    }

    /** One request that is under way. */
    private final class Permit implements Aftermath {

        private final Object key;
        private final boolean stream;

        Permit(Object key, boolean stream) {
            this.key = key;
            this.stream = stream;
        }

        @Override
        public void done(Outcome outcome) {
            requests.leave(key);
            if (stream) {
                streams.leave(key);
            }
        }
    }
}
