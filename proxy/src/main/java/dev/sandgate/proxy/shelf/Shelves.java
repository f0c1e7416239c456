package dev.sandgate.proxy.shelf;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Shelf;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * The shelves of a node: in Redis where the table is, for all nodes; else files in its state folder, so that what stands on
 * them is there after a restart. Any thread. Close it once; what is asked later fails.
 */
public final class Shelves {

    private final Function<String, Shelf> plain;
    private final Function<String, Shelf> secret;
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();
    private final Map<String, FolderShelf> folders = new ConcurrentHashMap<>();
    private final WorkerExecutor worker;

    /** Those of a node whose table this is. */
    public Shelves(SandgateConfig config, AffinityTable table, Vertx vertx) {
        this.worker = vertx.createSharedWorkerExecutor("sandgate-shelves", 1);
        if (config.table() instanceof TableConfig.Redis redis) {
            this.plain = table::shelf;
            this.secret = kind -> new SealedShelf(table.shelf(kind), kind, new RecordSeal(redis.keys(), kind), worker);
        } else {
            this.plain = kind -> folders.computeIfAbsent(
                    kind, any -> new FolderShelf(worker, config.state().resolve(kind)));
            this.secret = plain;
        }
    }

    /**
     * The shelf of this kind; the same each time.
     *
     * @param kind lower-case letters; {@code children} is taken
     */
    public Shelf of(String kind) {
        return shelves.computeIfAbsent(kind, plain);
    }

    /** The same for records that hold secrets: sealed in Redis, readable by the node's user alone in a file. */
    public Shelf ofSecrets(String kind) {
        return shelves.computeIfAbsent(kind, secret);
    }

    public Future<Void> close() {
        List<Future<Void>> closing =
                folders.values().stream().map(FolderShelf::close).toList();
        return Future.join(closing).transform(closed -> worker.close());
    }
}
