package dev.sandgate.affinity.redis;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the world knows of one session's name: all its lives, from the instances' own logs and the table's answers. */
final class WorldStory {

    /** An instance's life. */
    record Home(String instance, String incarnation) {}

    /** The table said that a life is over; until then, by its clock in ms, requests may still be on their way. */
    record Over(String why, long until) {}

    final String name;
    /** Whoever was served first; null: nobody yet. */
    @Nullable String owner;
    /** Of each life that an instance served. */
    final Map<Long, Home> homes = new LinkedHashMap<>();
    /** Wherever the table ever placed it. */
    final Set<Home> placed = new LinkedHashSet<>();

    final Map<Long, Over> over = new HashMap<>();
    private final Map<WorldNode, Integer> underWay = new HashMap<>();
    private final Map<WorldNode, Integer> uses = new HashMap<>();
    private @Nullable WorldNode opener;
    /** The latest life that was served. */
    long latest;

    double latestSince;
    double lastUse = Double.NEGATIVE_INFINITY;
    /** By the table's clock. */
    long lastUseByTable;
    /** The last use of which the table was asked first. */
    double lastAsked = Double.NEGATIVE_INFINITY;

    /** Whether the node of the last use knows of another one: its opener tells of its first as if there was none. */
    boolean used;
    /** By the table's clock, in ms; zero: it was never there. */
    long born;

    double knownSince;
    double endAsked = Double.NEGATIVE_INFINITY;

    WorldStory(String name) {
        this.name = name;
    }

    boolean hasExpired() {
        return over.values().stream().anyMatch(each -> each.why().equals("EXPIRED"));
    }

    /** A later life is served. */
    void begin(long life) {
        latest = life;
        opener = null;
        uses.clear();
        underWay.clear();
    }

    void enter(WorldNode node, double now) {
        opener = opener == null ? node : opener;
        underWay.merge(node, 1, Integer::sum);
        uses.merge(node, 1, Integer::sum);
        use(node, now);
    }

    void leave(WorldNode node, double now) {
        underWay.computeIfPresent(node, (any, count) -> count == 1 ? null : count - 1);
        use(node, now);
    }

    private void use(WorldNode node, double now) {
        lastUse = now;
        used = !node.equals(opener) || uses.getOrDefault(node, 0) > 1;
    }

    /** Whether some node that lives has a request of it under way. */
    boolean isUnderWay() {
        underWay.keySet().removeIf(WorldNode::isDead);
        return !underWay.isEmpty();
    }
}
