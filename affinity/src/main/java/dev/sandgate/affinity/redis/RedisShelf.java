package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Shelf;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records of one kind in Redis: under one tag two hashes, versions and values (base64), and a count of changes. */
final class RedisShelf implements Shelf {

    private static final int LARGEST = 64 * 1024;

    private final Link links;
    private final String versions;
    private final String values;
    private final String revision;

    RedisShelf(Link links, String prefix, String kind) {
        this.links = links;
        this.versions = prefix + ":{shelf." + Words.of(kind) + "}:versions";
        this.values = prefix + ":{shelf." + Words.of(kind) + "}:values";
        this.revision = prefix + ":{shelf." + Words.of(kind) + "}:revision";
    }

    @Override
    public Future<Optional<Item>> get(String name) {
        return told(List.of("get", name)).map(items -> Optional.ofNullable(items.get(name)));
    }

    @Override
    public Future<Map<String, Item>> all() {
        return told(List.of("all"));
    }

    private Future<Map<String, Item>> told(List<String> args) {
        return links.run(Scripts.SHELF, List.of(versions, values, revision), server -> args)
                .map(told -> {
                    Map<String, Item> items = new HashMap<>();
                    for (int at = 0; at < told.size(); at += 3) {
                        items.put(
                                told.get(at).toString(StandardCharsets.UTF_8),
                                new Item(told.get(at + 1).toLong(), value(told.get(at + 2))));
                    }
                    return items;
                });
    }

    @Override
    public Future<Long> revision() {
        return links.run(Scripts.SHELF, List.of(versions, values, revision), server -> List.of("revision"))
                .map(told -> told.get(0).toLong());
    }

    @Override
    public Future<Boolean> put(String name, Buffer value, long expected) {
        if (value.length() > LARGEST) {
            return Future.failedFuture(new IllegalArgumentException(
                    name + ": " + value.length() + " bytes (expected: at most " + LARGEST + ")"));
        }
        String encoded = Base64.getEncoder().encodeToString(value.getBytes());
        return change(List.of("put", name, "" + expected, encoded));
    }

    @Override
    public Future<Boolean> remove(String name, long expected) {
        return change(List.of("remove", name, "" + expected));
    }

    private Future<Boolean> change(List<String> args) {
        return links.run(Scripts.SHELF, List.of(versions, values, revision), server -> args)
                .map(told -> told.get(0).toString().equals("yes"));
    }

    private static Buffer value(Response stored) {
        return Buffer.buffer(Base64.getDecoder().decode(stored.toString()));
    }
}
