package dev.sandgate.affinity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, first come first, and for whom asking is in vain until there is news. Guarded by the queue's lock.
 */
final class WaitingLine {

    private final Set<Wish> line = new LinkedHashSet<>();
    private final Map<SessionKey, Set<Wish>> byKey = new HashMap<>();
    /** Whose session lives by now: no slot is needed, so they need not wait for those before them. */
    private final Deque<Wish> homecomers = new ArrayDeque<>();
    /** For each refusal since the last news, the instances that did not come into question. */
    private final List<Set<String>> refused = new ArrayList<>();

    void add(Wish wish) {
        line.add(wish);
        wish.key().ifPresent(key -> byKey.computeIfAbsent(key, any -> new LinkedHashSet<>())
                .add(wish));
    }

    void remove(Wish wish) {
        if (line.remove(wish)) {
            wish.key()
                    .ifPresent(key -> byKey.computeIfPresent(key, (any, alike) -> {
                        alike.remove(wish);
                        return alike.isEmpty() ? null : alike;
                    }));
        }
    }

    /** The first whom it is worth asking for. */
    @Nullable Wish next() {
        for (Wish wish = homecomers.poll(); wish != null; wish = homecomers.poll()) {
            if (line.contains(wish)) {
                return wish;
            }
        }
        for (Wish wish : line) {
            if (!inVain(wish)) {
                return wish;
            }
            if (wish.excluded().isEmpty()) {
                // Every instance is full, so nobody behind this one does better.
                return null;
            }
        }
        return null;
    }

    /** The table had no slot for this one, hence none for any that has as few instances to choose from. */
    void refused(Wish wish) {
        // once is enough: where nobody may wait, nothing else would keep the list short
        if (!inVain(wish)) {
            refused.add(wish.excluded());
        }
    }

    /** There is news: asking may help again. */
    void hope() {
        refused.clear();
    }

    /** A session lives now: whoever else waits for it is next. */
    void opened(SessionKey key) {
        homecomers.addAll(byKey.getOrDefault(key, Set.of()));
    }

    int size() {
        return line.size();
    }

    /** How many slots it takes to serve all: those who wait for the same session share one. */
    int slots() {
        int repeated = 0;
        for (Set<Wish> alike : byKey.values()) {
            repeated += alike.size() - 1;
        }
        return line.size() - repeated;
    }

    List<Wish> all() {
        return List.copyOf(line);
    }

    private boolean inVain(Wish wish) {
        return refused.stream().anyMatch(excluded -> wish.excluded().containsAll(excluded));
    }
}
