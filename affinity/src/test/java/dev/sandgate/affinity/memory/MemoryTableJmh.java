package dev.sandgate.affinity.memory;

import static dev.sandgate.affinity.kit.Pools.POOL;
import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.opening;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The table in memory, half full: what a known session's request asks of it, and what a new session does. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MemoryTableJmh {

    private static final int SESSIONS = 10_000;
    private static final SessionKey UNKNOWN = key("a-session-that-was-never-opened");

    /** How many instances the pool has. */
    @Param({"10", "1000"})
    private int instances;

    private final MemoryTable table = new MemoryTable(
            Map.of(POOL, Pools.pool(Pools.longLived(Pools.SESSIONS), PlacementRule.LEAST_SESSIONS)), System::nanoTime);
    private final SessionKey[] keys = new SessionKey[SESSIONS];
    private final byte[][] ids = new byte[SESSIONS][];
    private int next;

    /** Fills it. */
    @Setup
    public void fill() {
        for (int i = 0; i < instances; i++) {
            table.report(new Report.Ready(Pools.instance("python-" + i), 2 * SESSIONS / instances));
        }
        for (int i = 0; i < SESSIONS; i++) {
            keys[i] = key("0af76519-16cd-43dd-8448-" + (100_000_000_000L + i));
            ids[i] = keys[i].id().getBytes(US_ASCII);
            table.open(keys[i], opening());
        }
    }

    private int next() {
        next = next + 1 == SESSIONS ? 0 : next + 1;
        return next;
    }

    /** A known session's binding. */
    @Benchmark
    public Placement peek() {
        return table.peek(keys[next()]);
    }

    /** The same, by an id that was read from the wire a moment ago: its text is new, and nobody has hashed it yet. */
    @Benchmark
    public Placement peekByAFreshId() {
        return table.peek(key(new String(ids[next()], US_ASCII)));
    }

    /** A session that nobody opened. */
    @Benchmark
    public Placement peekInVain() {
        return table.peek(UNKNOWN);
    }

    /** All that a known session's request asks of the table. */
    @Benchmark
    public boolean peekEnterAndLeave() {
        Binding binding = ((Kept) table.peek(keys[next()])).binding();
        boolean holds = binding.enter() && binding.holds();
        binding.leave();
        return holds;
    }

    /** A slot for a session whose id will be learned, and its return. */
    @Benchmark
    public Object reserveAndRelease() {
        Held held = (Held) table.reserve(POOL, "", opening()).result();
        return table.release(held.reservation());
    }

    /** A session by its own id, and its end: each time of the same id, whose end is remembered. */
    @Benchmark
    public Object openAndEnd() {
        table.open(UNKNOWN, opening());
        return table.end(UNKNOWN, Long.MAX_VALUE);
    }
}
