package dev.sandgate.proxy.shelf;

import dev.sandgate.affinity.Shelf;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records of one kind as files: what one node keeps over its restarts. A broken file is told of, and nothing is written
 * over it. Revisions count from the start of the node.
 */
final class FolderShelf implements Shelf {

    private static final int LARGEST = 64 * 1024;

    private final WorkerExecutor worker;
    private final RecordFiles files;
    private final AtomicLong revision = new AtomicLong();

    /**
     * The shelf in this folder, which is made with the first record.
     *
     * @param worker of one thread, on which all that is asked happens in turn
     */
    FolderShelf(WorkerExecutor worker, Path folder) {
        this.worker = worker;
        this.files = new RecordFiles(folder);
    }

    @Override
    public Future<Optional<Item>> get(String name) {
        return worker.executeBlocking(() -> files.get(name));
    }

    @Override
    public Future<Map<String, Item>> all() {
        return worker.executeBlocking(files::all);
    }

    @Override
    public Future<Long> revision() {
        return Future.succeededFuture(revision.get());
    }

    @Override
    public Future<Boolean> put(String name, Buffer value, long expected) {
        if (value.length() > LARGEST) {
            return Future.failedFuture(new IllegalArgumentException(
                    name + ": " + value.length() + " bytes (expected: at most " + LARGEST + ")"));
        }
        Buffer own = value.copy();
        return worker.executeBlocking(() -> {
            if (version(name) != expected) {
                return false;
            }
            files.put(name, new Item(expected + 1, own));
            revision.incrementAndGet();
            return true;
        });
    }

    @Override
    public Future<Boolean> remove(String name, long expected) {
        return worker.executeBlocking(() -> {
            if (expected == 0 || version(name) != expected) {
                return false;
            }
            files.remove(name);
            revision.incrementAndGet();
            return true;
        });
    }

    private long version(String name) throws IOException {
        return files.get(name).map(Item::version).orElse(0L);
    }

    /** Lets another node have the folder. */
    Future<Void> close() {
        return worker.executeBlocking(() -> {
            files.close();
            return null;
        });
    }
}
