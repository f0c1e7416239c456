package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.kit.RedisPlan;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * A real Redis and tables in it whose time is ours: the server's clock and the nodes' stand still until they are told to
 * go on. Every use is told at once and no lease is longer than its timeout, so that ends come when the contract says.
 */
final class TestTables implements AutoCloseable {

    static final SessionNames NAMES = new SessionNames(List.of(new SessionNames.Key("1", "0".repeat(32))));
    private static final Greeting RUN = new Greeting("run", false, "noeviction", "6.2");
    private static final Duration STEP = Duration.ofSeconds(5);

    final RedisProcess redis = RedisProcess.start();
    final RedisLink link;
    private final Vertx vertx = Vertx.vertx();
    private final AtomicLong nanos = new AtomicLong(TimeUnit.DAYS.toNanos(20_000));
    private final List<RedisTable> made = new ArrayList<>();

    TestTables() {
        link = link(Duration.ofSeconds(10));
    }

    /** A link of its own. */
    RedisLink link(Duration commandTimeout) {
        TableConfig.Redis config = RedisPlan.at(redis.url()).config();
        return new RedisLink(
                vertx.getOrCreateContext(),
                new LinkPlan(config, commandTimeout, Duration.ofMillis(10), Duration.ofMillis(50)),
                Trail.to(Server.of(config.urls().get(0))),
                new LinkWatch());
    }

    /** A table of its own, in an empty Redis. */
    RedisTable make(PoolConfig pool) {
        made.clear();
        if (!redis.say("FLUSHALL").equals("+OK")) {
            throw new AssertionError("Redis is not empty");
        }
        return another(pool);
    }

    /** Another node's table in the same Redis. */
    RedisTable another(PoolConfig pool) {
        RedisTable table = over(link, pool);
        made.add(table);
        return table;
    }

    /** The same, over a link of its own. */
    RedisTable over(RedisLink own, PoolConfig pool) {
        Clocks clocks = new Clocks(nanos::get, () -> "" + TimeUnit.NANOSECONDS.toMillis(nanos.get()), true);
        return over(own, pool, clocks);
    }

    /** A table of its own, in an empty Redis, that admits nobody for 5 s after it may have lost something; those are over. */
    RedisTable holding(PoolConfig pool) {
        make(pool);
        Times times = new Times(15_000, 60_000, 5_000, 0, Times.STILL.away(), 0, 10_000);
        Clocks clocks = new Clocks(nanos::get, () -> "" + TimeUnit.NANOSECONDS.toMillis(nanos.get()), true);
        Link links = (script, keys, args) -> link.run(script, keys, server -> args.apply(RUN));
        RedisTable table = new RedisTable(
                links, Map.of(pool.name(), pool), NAMES, new Ground("one", "sg", 100_000, times, clocks));
        done(table.beat());
        pass(Duration.ofSeconds(5));
        return table;
    }

    /** One for which time passes as it does. */
    RedisTable atRealTime(PoolConfig pool) {
        return over(link, pool, new Clocks(System::nanoTime, () -> "", false));
    }

    /** Another node's, whose link is not as it should be. */
    RedisTable through(UnaryOperator<Link> fault, PoolConfig pool) {
        Clocks clocks = new Clocks(nanos::get, () -> "" + TimeUnit.NANOSECONDS.toMillis(nanos.get()), true);
        Link sound = (script, keys, args) -> link.run(script, keys, server -> args.apply(RUN));
        return new RedisTable(
                fault.apply(sound),
                Map.of(pool.name(), pool),
                NAMES,
                new Ground("two", "sg", 100_000, Times.STILL, clocks));
    }

    private static RedisTable over(RedisLink own, PoolConfig pool, Clocks clocks) {
        Link links = (script, keys, args) -> own.run(script, keys, server -> args.apply(RUN));
        return new RedisTable(
                links, Map.of(pool.name(), pool), NAMES, new Ground("one", "sg", 100_000, Times.STILL, clocks));
    }

    /** Lets time pass, in which nodes tell of uses as they do, and do nothing else. */
    void advance(Duration by) {
        tellUses();
        Duration left = by;
        while (!left.isZero()) {
            Duration step = left.compareTo(STEP) < 0 ? left : STEP;
            nanos.addAndGet(step.toNanos());
            left = left.minus(step);
            if (!left.isZero()) {
                tellUses();
            }
        }
    }

    /** Lets time pass in which no node can tell the table anything. */
    void pass(Duration by) {
        nanos.addAndGet(by.toNanos());
    }

    @Override
    public void close() {
        done(link.close());
        done(vertx.close());
        redis.close();
    }

    static <T> T done(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }

    private void tellUses() {
        made.forEach(table -> done(table.tellUses()));
    }
}
