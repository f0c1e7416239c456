package dev.sandgate.policies.limit;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.kit.PlainSeen;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a limit takes of a request that it passes or refuses. A fleet's is asked by a node whose share is never empty; no
 * Redis is in the time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RateLimitJmh {

    private static final int MANY = 1_000_000;
    private static final int CLIENTS = 10_000;
    /** Some hundred ns. */
    private static final long BETWEEN = 200;

    private static final Duration SHORT = Duration.ofMillis(100);

    private final PlainSeen[] clients = new PlainSeen[CLIENTS];
    private final PlainSeen[] prefixes = new PlainSeen[CLIENTS];
    private final Policy byAddress = policy(many(Part.IP));
    private final Policy byAddressAndRoute = policy(many(Part.IP, Part.ROUTE));
    private final Policy byRoute = policy(many(Part.ROUTE));
    private final Policy never = policy(Limits.of(1, Limits.DAY, 1));
    private final Policy fleet = generous();
    private final Policy concurrency =
            Concurrency.of(new PolicyConfig.Concurrency("c", Limits.by(Part.IP), 100, 100), Limits.around(null));
    private final Allowance plain = new PlainAllowance(shares(1).get(0), System::nanoTime);
    private final Allowance striped = new StripedAllowance(shares(2).stream()
            .<Allowance>map(share -> new PlainAllowance(share, System::nanoTime))
            .toList());
    private int next;

    /** Makes the clients. */
    public RateLimitJmh() {
        for (int i = 0; i < CLIENTS; i++) {
            clients[i] = PlainSeen.get("/").from("10.0." + i / 256 + "." + i % 256);
            prefixes[i] = PlainSeen.get("/").from("2001:db8:1:" + Integer.toHexString(i) + ":5054:ff:fe12:3456");
        }
    }

    private static RateLimit many(Part... parts) {
        return Limits.of(Limits.by(parts), MANY, SHORT, MANY);
    }

    private static List<RateLimiterConfig> shares(int parts) {
        return NodeLimiter.shares(MANY, parts, Duration.ofMillis(10));
    }

    private static Policy policy(RateLimit config) {
        return RateLimits.of(config, Limits.around(null));
    }

    private static Policy generous() {
        RedisScripts endless = new RedisScripts() {
            @Override
            public Future<List<Long>> run(String lua, String key, List<String> args) {
                return Future.succeededFuture(List.of(Long.parseLong(args.get(3)), 0L, (long) MANY));
            }

            @Override
            public String veil(String text) {
                return text;
            }
        };
        return RateLimits.of(Limits.fleet(many(Part.ROUTE), Away.OPEN), Limits.around(endless));
    }

    private PlainSeen next(PlainSeen[] of) {
        next = next + 1 == CLIENTS ? 0 : next + 1;
        return of[next];
    }

    /** By IPv4 address, of 10,000 clients. */
    @Benchmark
    public Verdict byAddress() {
        return byAddress.check(next(clients));
    }

    /** The same, by IPv6 prefix and route. */
    @Benchmark
    public Verdict byPrefixAndRoute() {
        return byAddressAndRoute.check(next(prefixes));
    }

    /** One limit for all. */
    @Benchmark
    public Verdict byRoute() {
        return byRoute.check(clients[0]);
    }

    /** From a share of the fleet's. */
    @Benchmark
    public Verdict fleet() {
        return fleet.check(clients[0]);
    }

    /** One client that comes too often. */
    @Benchmark
    public Verdict refused() {
        return never.check(clients[0]);
    }

    /** In and out again. */
    @Benchmark
    public Verdict concurrency() {
        Verdict verdict = concurrency.check(next(clients));
        Limits.leave(verdict);
        return verdict;
    }

    /** The permits of one key, from two threads at once that do other things between, of which the time is here too. */
    @Benchmark
    @Group("hotPlain")
    @GroupThreads(2)
    public long hotPlain() {
        Blackhole.consumeCPU(BETWEEN);
        return plain.take(System.nanoTime());
    }

    /** The same in a part for each. */
    @Benchmark
    @Group("hotStriped")
    @GroupThreads(2)
    public long hotStriped() {
        Blackhole.consumeCPU(BETWEEN);
        return striped.take(System.nanoTime());
    }
}
