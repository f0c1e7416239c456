package dev.sandgate.affinity.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A real cluster of three masters, each with a third of the slots. For one thread. */
public final class RedisCluster implements AutoCloseable {

    private static final int SLOTS = 16_384;
    private static final int SHARDS = 3;

    private final List<RedisProcess> shards = new ArrayList<>();

    private RedisCluster() {}

    /** All of them, once they agree. */
    public static RedisCluster start() {
        RedisCluster made = new RedisCluster();
        try {
            made.gather();
            return made;
        } catch (AssertionError failure) {
            made.close();
            throw failure;
        }
    }

    private void gather() {
        for (int i = 0; i < SHARDS; i++) {
            RedisProcess shard = RedisProcess.start("--cluster-enabled", "yes", "--cluster-node-timeout", "2000");
            shards.add(shard);
            String[] slots = IntStream.range(i * SLOTS / SHARDS, (i + 1) * SLOTS / SHARDS)
                    .mapToObj(Integer::toString)
                    .toArray(String[]::new);
            must(shard, concat("CLUSTER", "ADDSLOTS", slots));
            must(shard, "CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
        }
        int first = shards.get(0).port();
        shards.subList(1, SHARDS).forEach(other -> must(other, "CLUSTER", "MEET", "127.0.0.1", "" + first));
        RedisSentinels.await("a cluster that agrees", () -> shards.stream().allMatch(shard -> {
            String told = shard.tell("CLUSTER", "INFO");
            return told.contains("cluster_state:ok")
                    && told.contains("cluster_slots_ok:" + SLOTS)
                    && told.contains("cluster_known_nodes:" + SHARDS);
        }));
    }

    /** The addresses of all shards. */
    public String[] urls() {
        return shards.stream().map(RedisProcess::url).toArray(String[]::new);
    }

    public List<RedisProcess> shards() {
        return List.copyOf(shards);
    }

    /** Which shard has this key now, by what the first tells. */
    public RedisProcess of(String key) {
        String slot = shards.get(0).say("CLUSTER", "KEYSLOT", key).substring(1);
        return shards.stream()
                .filter(shard -> !shard.say("CLUSTER", "COUNTKEYSINSLOT", slot).isEmpty())
                .filter(shard -> !shard.say("EXISTS", key).startsWith("-MOVED"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody has slot " + slot));
    }

    /** Gives the slot of this key, with the keys that are named, to another shard. */
    public void move(String slotOf, RedisProcess to, String... keys) {
        RedisProcess from = of(slotOf);
        String slot = from.say("CLUSTER", "KEYSLOT", slotOf).substring(1);
        beginMove(slotOf, to);
        for (String key : keys) {
            must(from, "MIGRATE", "127.0.0.1", "" + to.port(), key, "0", "5000");
        }
        String owner = to.tell("CLUSTER", "MYID");
        must(to, "CLUSTER", "SETSLOT", slot, "NODE", owner);
        shards.stream()
                .filter(each -> each != to)
                .forEach(each -> must(each, "CLUSTER", "SETSLOT", slot, "NODE", owner));
    }

    /** From now on the slot of this key is being moved: its shard sends on whoever asks for a key that is not there. */
    public void beginMove(String slotOf, RedisProcess to) {
        RedisProcess from = of(slotOf);
        String slot = from.say("CLUSTER", "KEYSLOT", slotOf).substring(1);
        must(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", from.tell("CLUSTER", "MYID"));
        must(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", to.tell("CLUSTER", "MYID"));
    }

    private static void must(RedisProcess shard, String... words) {
        String answer = shard.say(words);
        if (!answer.startsWith("+")) {
            throw new AssertionError(String.join(" ", words).substring(0, 20) + ": " + answer);
        }
    }

    private static String[] concat(String one, String two, String... more) {
        return Stream.concat(Stream.of(one, two), Stream.of(more)).toArray(String[]::new);
    }

    @Override
    public void close() {
        shards.forEach(RedisProcess::close);
    }
}
