package dev.sandgate.proxy;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Condition;
import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.affinity.redis.RedisTable;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table that a configuration asks for, with what it needs outside this process. Any thread. Close it once. */
final class NodeTable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeTable.class);
    private static final long LOOK_MILLIS = 50;

    private final AffinityTable table;
    private final Supplier<Future<Void>> start;
    private final Duration longest;
    private final Vertx vertx;

    private NodeTable(AffinityTable table, Supplier<Future<Void>> start, Duration longest, Vertx vertx) {
        this.table = table;
        this.start = start;
        this.longest = longest;
        this.vertx = vertx;
    }

    /**
     * One that knows nothing yet; {@link #start} looks.
     *
     * @param node this node's id
     */
    static NodeTable of(SandgateConfig config, Vertx vertx, String node) {
        if (config.table() instanceof TableConfig.Redis redis) {
            RedisTable table = RedisTable.connect(vertx, redis, config.pools(), node);
            return new NodeTable(table, table::start, redis.hold().plusSeconds(1), vertx);
        }
        AffinityTable table = new MemoryTable(config.pools(), System::nanoTime);
        return new NodeTable(table, Future::succeededFuture, Duration.ZERO, vertx);
    }

    AffinityTable table() {
        return table;
    }

    /** Runs scripts beside the table; empty where the table is in memory. Good until the table is closed. */
    Optional<RedisScripts> scripts() {
        return table instanceof RedisTable redis ? Optional.of(redis.scripts()) : Optional.empty();
    }

    /**
     * Looks what the table holds already, and waits until it admits, which an empty one does only when nodes that knew
     * more have had the time to tell it. Fails never: a table that cannot be reached is asked again with each beat.
     */
    Future<Void> start() {
        return start.get().compose(found -> admitting(), away -> {
            LOG.warn("the table cannot be reached; nobody is admitted until it can: {}", away.getMessage());
            return Future.succeededFuture();
        });
    }

    private Future<Void> admitting() {
        Condition now = table.condition();
        if (now.admits()) {
            return Future.succeededFuture();
        }
        LOG.info("{}; this node opens in {} s at most", now.why(), longest.toSeconds());
        Promise<Void> admitting = Promise.promise();
        long giveUp = System.nanoTime() + longest.toNanos();
        vertx.setPeriodic(LOOK_MILLIS, look -> {
            if (table.condition().admits() || System.nanoTime() - giveUp >= 0) {
                vertx.cancelTimer(look);
                admitting.tryComplete();
            }
        });
        return admitting.future();
    }

    Future<Void> close() {
        return table.close();
    }
}
