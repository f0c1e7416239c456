package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Shelf;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Records of one kind in memory. Values are copied in and out: nobody holds a buffer that stands on the shelf. */
final class MemoryShelf implements Shelf {

    private static final int LARGEST = 64 * 1024;

    private final Map<String, Item> items = new HashMap<>();
    private long revision;

    @Override
    public Future<Optional<Item>> get(String name) {
        return Future.succeededFuture(Optional.ofNullable(all().result().get(name)));
    }

    @Override
    public Future<Map<String, Item>> all() {
        Map<String, Item> copies = new HashMap<>();
        synchronized (items) {
            items.forEach((name, item) -> copies.put(name, copy(item)));
        }
        return Future.succeededFuture(copies);
    }

    @Override
    public Future<Long> revision() {
        synchronized (items) {
            return Future.succeededFuture(revision);
        }
    }

    @Override
    public Future<Boolean> put(String name, Buffer value, long expected) {
        if (value.length() > LARGEST) {
            return Future.failedFuture(new IllegalArgumentException(
                    name + ": " + value.length() + " bytes (expected: at most " + LARGEST + ")"));
        }
        synchronized (items) {
            if (version(name) != expected) {
                return Future.succeededFuture(false);
            }
            revision++;
            items.put(name, new Item(expected + 1, value.copy()));
            return Future.succeededFuture(true);
        }
    }

    @Override
    public Future<Boolean> remove(String name, long expected) {
        synchronized (items) {
            if (version(name) != expected) {
                return Future.succeededFuture(false);
            }
            revision++;
            return Future.succeededFuture(items.remove(name) != null);
        }
    }

    private long version(String name) {
        Item item = items.get(name);
        return item == null ? 0 : item.version();
    }

    private static Item copy(Item item) {
        return new Item(item.version(), item.value().copy());
    }
}
