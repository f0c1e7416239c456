package dev.sandgate.proxy.shelf;

import dev.sandgate.affinity.Shelf;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shelf whose values only those read who have the table's keys. Names and versions stay in the clear. A value may have
 * {@link RecordSeal#COSTS} bytes less than on the shelf beneath; one that no key opens fails with {@link UnreadableRecord},
 * and is left out of {@link #all}, where it is told of once.
 */
final class SealedShelf implements Shelf {

    private static final Logger LOG = LoggerFactory.getLogger(SealedShelf.class);

    private final Shelf shelf;
    private final String kind;
    private final RecordSeal seal;
    private final WorkerExecutor worker;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** @param worker that opens what may be many */
    SealedShelf(Shelf shelf, String kind, RecordSeal seal, WorkerExecutor worker) {
        this.worker = worker;
        this.shelf = shelf;
        this.kind = kind;
        this.seal = seal;
    }

    @Override
    public Future<Optional<Item>> get(String name) {
        return shelf.get(name).map(stored -> stored.map(item -> opened(name, item)));
    }

    private Item opened(String name, Item item) {
        Buffer value =
                seal.open(name, item.value()).orElseThrow(() -> new UnreadableRecord(kind, name, item.version()));
        return new Item(item.version(), value);
    }

    @Override
    public Future<Map<String, Item>> all() {
        return shelf.all().compose(stored -> worker.executeBlocking(() -> opened(stored)));
    }

    private Map<String, Item> opened(Map<String, Item> stored) {
        Map<String, Item> items = new HashMap<>();
        told.retainAll(stored.keySet());
        stored.forEach((name, item) -> {
            try {
                items.put(name, opened(name, item));
                told.remove(name);
            } catch (UnreadableRecord unreadable) {
                if (told.add(name)) {
                    LOG.error("{}; it is left out", unreadable.getMessage());
                }
            }
        });
        return items;
    }

    @Override
    public Future<Long> revision() {
        return shelf.revision();
    }

    @Override
    public Future<Boolean> put(String name, Buffer value, long expected) {
        return shelf.put(name, seal.seal(name, value), expected);
    }

    @Override
    public Future<Boolean> remove(String name, long expected) {
        return shelf.remove(name, expected);
    }
}
