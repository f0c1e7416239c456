package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.kit.PlainSeen;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** An API key's check, among 10,000. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ApiKeyJmh {

    private static final String KEY = "sk-0af7651916cd43dd8448eb211c80-";

    private final Front front = new Front();
    private final Seen known = PlainSeen.get("/").with("X-API-Key", KEY + 4711);
    private final Seen unknown = PlainSeen.get("/").with("X-API-Key", KEY + "none");
    private Policy policy = seen -> Verdict.PASS;

    /** A policy with so many. */
    @Setup(Level.Trial)
    public void open() {
        ApiKey[] keys = IntStream.range(0, 10_000)
                .mapToObj(at -> Front.key(KEY + at, Front.caller("caller-" + at)))
                .toArray(ApiKey[]::new);
        policy = front.open(Front.keys("X-API-Key", keys));
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void close() {
        front.close();
    }

    /** One that is there. */
    @Benchmark
    public Verdict known() {
        return policy.check(known);
    }

    /** One that is not. */
    @Benchmark
    public Verdict unknown() {
        return policy.check(unknown);
    }
}
