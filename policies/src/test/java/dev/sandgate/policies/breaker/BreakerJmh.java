package dev.sandgate.policies.breaker;

import dev.sandgate.conf.BreakersConfig;
import dev.sandgate.conf.BreakersConfig.Breaker;
import dev.sandgate.policies.Outcome;
import dev.sandgate.policies.Outcome.End;
import dev.sandgate.policies.breaker.Decision.Go;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What breakers take of a request that they let pass or refuse, and of a session that is placed. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BreakerJmh {

    private static final int INSTANCES = 1_000;
    private static final int BROKEN = 10;
    private static final Outcome ENDED = new Outcome(End.ANSWERED, 0, 0, null);
    private static final Breaker RULE = new Breaker(50, 80, Duration.ofSeconds(2), 50, 10, Duration.ofDays(1), 3);

    private final Breakers instances = of(Optional.of(RULE), Optional.empty());
    private final Breakers both = of(Optional.of(RULE), Optional.of(RULE));
    private final Breakers many = of(Optional.of(RULE), Optional.empty());

    /** One that is broken, and many of which 10 are. */
    public BreakerJmh() {
        breakDown(instances, "broken");
        for (int n = 0; n < INSTANCES; n++) {
            String id = "10.0.0." + n;
            pass(many, id, 200);
            if (n < BROKEN) {
                breakDown(many, id);
            }
        }
    }

    private static Breakers of(Optional<Breaker> instance, Optional<Breaker> pool) {
        return new Breakers(new BreakersConfig(instance, pool), System::nanoTime);
    }

    private static void breakDown(Breakers breakers, String id) {
        for (int n = 0; n < RULE.window(); n++) {
            pass(breakers, id, 500);
        }
    }

    private static Decision pass(Breakers breakers, String id, int status) {
        Decision decision = breakers.check(id);
        if (decision instanceof Go go) {
            go.sent();
            go.head(status);
            go.done(ENDED);
        }
        return decision;
    }

    /** Check, head and end of a request, with a breaker for each instance. */
    @Benchmark
    public Decision passing() {
        return pass(instances, "well", 200);
    }

    /** The same with one for the pool, too. */
    @Benchmark
    public Decision passingBoth() {
        return pass(both, "well", 200);
    }

    /** A request to an instance whose breaker is open. */
    @Benchmark
    public Decision refused() {
        return instances.check("broken");
    }

    /** Which of 1,000 instances a new session avoids: 10. */
    @Benchmark
    public Set<String> avoided() {
        return many.avoided();
    }
}
