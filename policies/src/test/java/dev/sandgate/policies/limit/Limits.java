package dev.sandgate.policies.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.conf.PolicyConfig.Scope;
import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Outcome;
import dev.sandgate.policies.Outcome.End;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Pass;
import dev.sandgate.policies.Verdict.Refuse;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Limits that a test asks for, and what they say. */
final class Limits {

    static final Duration DAY = Duration.ofDays(1);

    private static final Outcome ENDED = ended(null);

    private Limits() {}

    static PolicyConfig.Key by(Part... parts) {
        return new PolicyConfig.Key(List.of(parts), PolicyConfig.Key.IPV6_PREFIX);
    }

    /** Of each node, by address. */
    static RateLimit of(int permits, Duration per, int burst) {
        return of(by(Part.IP), permits, per, burst);
    }

    static RateLimit of(PolicyConfig.Key key, int permits, Duration per, int burst) {
        return new RateLimit("calm", key, permits, per, burst, Scope.NODE, Away.LOCAL, 100_000);
    }

    /** Of all nodes together. */
    static RateLimit fleet(RateLimit each, Away away) {
        return new RateLimit(
                each.name(), each.key(), each.permits(), each.per(), each.burst(), Scope.FLEET, away, each.keys());
    }

    /** Where time passes as it does. */
    static Surroundings around(@Nullable RedisScripts redis) {
        return new Surroundings(
                System::nanoTime,
                InstantSource.system(),
                (delay, ring) -> {
                    throw new AssertionError("no limit sets an alarm");
                },
                where -> Future.failedFuture("no limit reads a document"),
                Optional.ofNullable(redis));
    }

    static SessionKey session(String id) {
        return new SessionKey("python", Source.HEADER, id, "");
    }

    static Refuse refused(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Refuse.class);
        return (Refuse) verdict;
    }

    static Aftermath aftermath(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Pass.class);
        return ((Pass) verdict).aftermath().orElseThrow();
    }

    /** Whoever was let in goes again. */
    static void leave(Verdict verdict) {
        if (verdict instanceof Pass pass) {
            pass.aftermath().orElseThrow().done(ENDED);
        } else {
            throw new AssertionError("it was refused");
        }
    }

    /** How a request ended. */
    static Outcome ended(@Nullable SessionKey opened) {
        return new Outcome(End.ANSWERED, 0, 0, opened);
    }
}
