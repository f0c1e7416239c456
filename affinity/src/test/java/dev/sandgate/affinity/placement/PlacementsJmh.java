package dev.sandgate.affinity.placement;

import dev.sandgate.affinity.Choice;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Member.State;
import dev.sandgate.affinity.PlacementStrategy;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** One choice among a pool's instances, each of which has room. */
@org.openjdk.jmh.annotations.State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PlacementsJmh {

    /** The rule of the pool. */
    @Param
    private PlacementRule rule = PlacementRule.LEAST_SESSIONS;

    /** How many instances the pool has. */
    @Param({"10", "1000"})
    private int instances;

    private PlacementStrategy strategy = Placements.of(rule);
    private Fleet fleet = new Fleet(List.of());
    private long session;

    /** Instances that hold 0 to 19 of 20. */
    @Setup
    public void gather() {
        strategy = Placements.of(rule);
        fleet = new Fleet(IntStream.range(0, instances)
                .mapToObj(i -> new Member(Pools.instance("python-" + i), State.READY, 20, i % 20))
                .toList());
    }

    /** Where the next session goes. */
    @Benchmark
    public Choice choose() {
        return strategy.choose(SessionKey.mix(++session), fleet);
    }
}
