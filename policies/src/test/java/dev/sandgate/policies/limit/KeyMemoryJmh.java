package dev.sandgate.policies.limit;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.kit.PlainSeen;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a node remembers of each of a million addresses, the address itself included: {@code bytesPerKey}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class KeyMemoryJmh {

    private static final int KEYS = 1_000_000;

    /** What is measured beside the time. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Heap {

        /** Difference of the used heap, after collections. */
        public double bytesPerKey;
    }

    /** A rate limit of this node. */
    @Benchmark
    public Policy node(Heap heap) {
        return fill(heap, RateLimits.of(config(), Limits.around(null)));
    }

    /** A share of a fleet's. */
    @Benchmark
    public Policy fleet(Heap heap) {
        RedisScripts endless = new RedisScripts() {
            @Override
            public Future<List<Long>> run(String lua, String key, List<String> args) {
                return Future.succeededFuture(List.of(Long.parseLong(args.get(3)), 0L, 100L));
            }

            @Override
            public String veil(String text) {
                return text;
            }
        };
        return fill(heap, RateLimits.of(Limits.fleet(config(), Away.OPEN), Limits.around(endless)));
    }

    /** Requests that are under way, one of each address. */
    @Benchmark
    public Policy concurrency(Heap heap) {
        PolicyConfig.Concurrency config = new PolicyConfig.Concurrency("c", Limits.by(Part.IP), 100, 0);
        return fill(heap, Concurrency.of(config, Limits.around(null)));
    }

    /** Sessions that live, one of each address. */
    @Benchmark
    public Policy quota(Heap heap) {
        SessionQuota quota = SessionQuota.of(new PolicyConfig.SessionQuota("q", Limits.by(Part.IP), 10));
        return fill(heap, seen -> {
            Verdict verdict = quota.check(seen);
            Limits.aftermath(verdict).done(Limits.ended(Limits.session("s" + seen.client())));
            return verdict;
        });
    }

    private static RateLimit config() {
        RateLimit some = Limits.of(100, Limits.DAY, 100);
        return new RateLimit(
                some.name(), some.key(), some.permits(), some.per(), some.burst(), some.scope(), some.away(), KEYS);
    }

    private static Policy fill(Heap heap, Policy policy) {
        long before = used();
        for (int i = 0; i < KEYS; i++) {
            policy.check(PlainSeen.get("/").from("10." + (i >> 16) + "." + ((i >> 8) & 255) + "." + (i & 255)));
        }
        heap.bytesPerKey = (used() - before) / (double) KEYS;
        return policy;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
