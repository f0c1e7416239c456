package dev.sandgate.proxy.kit;

import dev.sandgate.affinity.kit.RedisProcess;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Nodes with one table, in a Redis of their own; the test's {@link Invariants} close all of it. One thread. */
public final class Nodes {

    private final Invariants kit;
    private final RedisProcess redis;

    Nodes(Invariants kit, RedisProcess redis) {
        this.kit = kit;
        this.redis = redis;
    }

    /** Their table, to be looked at and done harm to. */
    public RedisProcess redis() {
        return redis;
    }

    /** Opens one, and returns when it admits sessions. */
    public TestDoor open(DoorPlan plan) {
        return openAway(plan).awaitReady();
    }

    /** Opens one that may not admit sessions yet, as Redis may be away. */
    public TestDoor openAway(DoorPlan plan) {
        return kit.open(plan.redis(redis.url()));
    }

    /** Announces what nodes log when their table is away, and when it comes back. */
    public Nodes losingRedis() {
        for (String line : List.of(
                // an assertion of vertx-redis-client's own, where a connection breaks and ends at once
                "Unhandled exception java.lang.AssertionError",
                "is away",
                "no table:",
                "the table misses beats",
                "the table cannot be reached",
                "the domains cannot be read yet",
                "domains are as they were",
                "the table began anew")) {
            kit.log().expect(line);
        }
        return this;
    }

    /** Slots of an instance of the pool {@code main} that sessions hold. */
    public int slots(String instance) {
        String key = "sg:{main}:i:" + URLEncoder.encode(instance, StandardCharsets.UTF_8);
        return Integer.parseInt(redis.say("ZCARD", key).substring(1));
    }
}
