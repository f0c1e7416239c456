package dev.sandgate.proxy.kit;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The config file of a {@link DoorProcess}: a listener {@code public} and an admin listener on free ports of 127.0.0.1,
 * no access log, a state folder beside the file, and what the test adds. One thread.
 */
public final class DoorFile {

    private final Path folder;
    private final String node;
    private final JsonObject all;

    private DoorFile(Path folder, String node) {
        this.folder = folder;
        this.node = node;
        this.all = new JsonObject("""
                {"listeners": {"public": {"host": "127.0.0.1", "port": 0,
                                          "limits": {"connections": 100000, "connectionsPerAddress": 100000}}},
                 "admin": {"port": 0}, "accessLog": false, "pools": {}, "routes": []}
                """);
        all.put("state", folder.resolve(node + "-state").toString());
    }

    /** One of a node of this name, to be written to a file of that name in this folder. */
    public static DoorFile in(Path folder, String node) {
        return new DoorFile(folder, node);
    }

    /** One of several nodes: their table is in this Redis, and they reach each other on 127.0.0.1. */
    public DoorFile redis(String url) {
        return table(new JsonObject().put("url", url).put("timeout", "5s").put("hold", "1s"));
    }

    /** The same, where this says where the Redis is and how long it may take. */
    public DoorFile table(JsonObject redis) {
        JsonObject key = new JsonObject().put("id", "k").put("secret", "a secret of the tests, and of nobody else");
        all.put("node", new JsonObject().put("id", node).put("advertise", "127.0.0.1"));
        all.put("table", redis.put("type", "redis").put("keys", new JsonArray().add(key)));
        return this;
    }

    /**
     * Adds a pool.
     *
     * @param pool what stands under {@code pools.<name>}
     */
    public DoorFile pool(String name, JsonObject pool) {
        all.getJsonObject("pools").put(name, pool);
        return this;
    }

    /** A route for a path prefix, named like its pool and its number, whose answers name their instance. */
    public DoorFile route(String path, String pool, Object... affinity) {
        JsonArray routes = all.getJsonArray("routes");
        routes.add(new JsonObject()
                .put("name", pool + "-" + routes.size())
                .put("paths", new JsonArray().add(path))
                .put("pool", pool)
                .put("affinity", new JsonArray(List.of(affinity)))
                .put("debug", true));
        return this;
    }

    /** Any other key of the top. */
    public DoorFile with(String key, Object value) {
        all.put(key, value);
        return this;
    }

    /** Writes it, over an earlier one of the same name. */
    public Path write() {
        try {
            return Files.writeString(folder.resolve(node + ".json"), all.encodePrettily());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
