package dev.sandgate.affinity.redis;

import static dev.sandgate.affinity.kit.Pools.key;
import static dev.sandgate.affinity.kit.Pools.opening;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.kit.Pools;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What a node remembers of a table in Redis: all that a known session's request asks of it. No Redis is in the time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class NearCacheJmh {

    private static final int SESSIONS = 10_000;
    private static final int AT_ONCE = 64;
    private static final SessionKey UNKNOWN = key("a-session-that-was-never-opened");
    private static final PoolConfig CONFIG = Pools.pool(Pools.longLived(Pools.SESSIONS), PlacementRule.LEAST_SESSIONS);

    private final TestTables tables = new TestTables();
    private final RedisTable table = tables.atRealTime(CONFIG);
    private final SessionKey[] keys = new SessionKey[SESSIONS];
    private final byte[][] ids = new byte[SESSIONS][];
    private int next;

    /** Opens the sessions, which this node remembers from then on. */
    @Setup
    public void open() {
        for (int i = 0; i < 10; i++) {
            TestTables.done(table.report(new Report.Ready(Pools.instance("python-" + i), SESSIONS)));
        }
        List<io.vertx.core.Future<Placement>> asked = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            keys[i] = key("0af76519-16cd-43dd-8448-" + (100_000_000_000L + i));
            ids[i] = keys[i].id().getBytes(US_ASCII);
            asked.add(table.open(keys[i], opening()));
            if (asked.size() == AT_ONCE || i == SESSIONS - 1) {
                asked.forEach(TestTables::done);
                asked.clear();
            }
        }
    }

    /** Ends Redis. */
    @TearDown
    public void end() {
        tables.close();
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

    /** A session that this node does not remember: Redis would be asked. */
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
}
