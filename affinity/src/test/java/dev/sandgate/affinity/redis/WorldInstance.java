package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.kit.Pools;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** One sandbox of the world: it runs or not, and each node reaches it or not. */
final class WorldInstance {

    final String id;
    final int cap;
    boolean draining;
    private final World world;
    private final Set<String> cutFrom = new HashSet<>();
    private final Map<String, Double> died = new HashMap<>();
    private int starts;
    private boolean up = true;

    WorldInstance(World world, String id, int cap) {
        this.world = world;
        this.id = id;
        this.cap = cap;
    }

    Instance now() {
        return life("run" + starts);
    }

    private Instance life(String incarnation) {
        return new Instance(Pools.POOL, id, incarnation, "127.0.0.1", 9001);
    }

    boolean isUp() {
        return up;
    }

    boolean reachableFrom(String node) {
        return up && !cutFrom.contains(node);
    }

    /** Whether a connection from this node reaches that very life of it. */
    boolean answers(Instance life, String node) {
        return reachableFrom(node) && now().equals(life);
    }

    /** It stops, without forgetting anything. */
    void freeze() {
        up = false;
    }

    void thaw() {
        up = true;
    }

    void kill() {
        died.putIfAbsent(now().incarnation(), world.now());
        up = false;
    }

    /** It begins anew. */
    void restart() {
        died.putIfAbsent(now().incarnation(), world.now());
        starts++;
        up = true;
        draining = false;
    }

    boolean hasDied(String incarnation) {
        return died.containsKey(incarnation);
    }

    void cut(String node) {
        cutFrom.add(node);
    }

    void heal(String node) {
        cutFrom.remove(node);
    }
}
