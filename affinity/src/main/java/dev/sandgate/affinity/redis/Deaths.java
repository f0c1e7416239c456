package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What is over, as far as it may have to be told again: sessions that this node ended and instances that it declared
 * gone, in the last two minutes. And what an old answer must not bring back here. Guarded by the pool's lock.
 */
final class Deaths {

    private static final long KEPT = TimeUnit.MINUTES.toNanos(2);
    private static final int MOST = 10_000;

    /**
     * A session that was ended.
     *
     * @param words name, owner, instance, identity, generation, why
     * @param until its lease goes on by this node's clock, in ns
     */
    record End(long notedAt, List<String> words, long until) {}

    private record Gone(long notedAt, Instance instance) {}

    private record Over(long generation, Ended why) {}

    private final Deque<End> ends = new ArrayDeque<>();
    private final Deque<Gone> instances = new ArrayDeque<>();
    private final Map<String, Over> sessions = bounded();
    private final Map<String, Boolean> lives = bounded();
    private final Map<String, Long> shared = bounded();

    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST;
            }
        };
    }

    /** This node ended it. */
    void note(End end) {
        ends.add(end);
        while (ends.size() > MOST || end.notedAt() - ends.element().notedAt() > KEPT) {
            ends.remove();
        }
    }

    /** This node declared it gone. */
    void note(Instance instance, long now) {
        instances.add(new Gone(now, instance));
        while (instances.size() > MOST || now - instances.element().notedAt() > KEPT) {
            instances.remove();
        }
    }

    List<End> ends(long now) {
        List<End> recent = new ArrayList<>(ends);
        recent.removeIf(end -> now - end.notedAt() > KEPT);
        return recent;
    }

    List<Instance> instances(long now) {
        List<Instance> recent = new ArrayList<>();
        instances.stream().filter(gone -> now - gone.notedAt() <= KEPT).forEach(gone -> recent.add(gone.instance()));
        return recent;
    }

    /** A session of this generation or an older one is over. */
    void session(String name, long generation, Ended why) {
        sessions.merge(
                name, new Over(generation, why), (one, other) -> other.generation() > one.generation() ? other : one);
    }

    /** Why this life of a session is over; empty where nothing is known of that. */
    Optional<Ended> why(String name, long generation) {
        Over over = sessions.get(name);
        return over != null && over.generation() >= generation ? Optional.of(over.why()) : Optional.empty();
    }

    /** A lost session's life that others than its opener had used, or that had been used twice. */
    void shared(String name, long generation) {
        shared.merge(name, generation, Math::max);
    }

    /** The latest such life; zero: none. */
    long lastShared(String name) {
        return shared.getOrDefault(name, 0L);
    }

    /** An instance's life is over. */
    void life(String life) {
        lives.put(life, true);
    }

    boolean isOver(String life) {
        return lives.containsKey(life);
    }

    /** A table that began anew may bring back what was over before. */
    void forgetLives() {
        lives.clear();
    }
}
