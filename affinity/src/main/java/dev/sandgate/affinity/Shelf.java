package dev.sandgate.affinity;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;

/** Small records of one kind (domains, nodes), each with a version that a writer must name. */
public interface Shelf {

    /**
     * What stands under one name.
     *
     * @param version 1 for the first, then one more each time
     * @param value at most 64 KiB
     */
    record Item(long version, Buffer value) {}

    Future<Optional<Item>> get(String name);

    Future<Map<String, Item>> all();

    /** Goes up with whatever is written or removed: cheap to ask, so that one reads again only what changed. */
    Future<Long> revision();

    /**
     * Writes if the stored version is still the expected one.
     *
     * @param expected 0 where there must be none yet
     * @return whether it was written
     */
    Future<Boolean> put(String name, Buffer value, long expected);

    /** Removes if the stored version is still the expected one; whether it was removed. */
    Future<Boolean> remove(String name, long expected);
}
