package dev.sandgate.proxy;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.affinity.redis.RedisTable;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table that a configuration asks for, with what it needs outside this process. Any thread. Close it once. */
final class NodeTable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeTable.class);

    private final AffinityTable table;
    private final Supplier<Future<Void>> start;

    private NodeTable(AffinityTable table, Supplier<Future<Void>> start) {
        this.table = table;
        this.start = start;
    }

    /**
     * One that knows nothing yet; {@link #start} looks.
     *
     * @param node what this node is called among those that share the table
     */
    static NodeTable of(SandgateConfig config, String node, Vertx vertx) {
        if (config.table() instanceof TableConfig.Redis redis) {
            RedisTable table = RedisTable.connect(vertx, redis, config.pools(), node);
            return new NodeTable(table, table::start);
        }
        return new NodeTable(new MemoryTable(config.pools(), System::nanoTime), Future::succeededFuture);
    }

    AffinityTable table() {
        return table;
    }

    /** Looks what the table holds already. Fails never: a table that cannot be reached is asked again with each beat. */
    Future<Void> start() {
        return start.get().recover(away -> {
            LOG.warn("the table cannot be reached; nobody is admitted until it can: {}", away.getMessage());
            return Future.succeededFuture();
        });
    }

    Future<Void> close() {
        return table.close();
    }
}
