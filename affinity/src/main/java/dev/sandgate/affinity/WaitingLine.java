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
    /** Who needs no slot, and so waits behind nobody. */
    private final Set<Wish> visitors = new LinkedHashSet<>();

    private boolean visitorsRefused;
    private final Map<SessionKey, Set<Wish>> byKey = new HashMap<>();
    /** Whose session lives by now: no slot is needed, so they need not wait for those before them. */
    private final Deque<Wish> homecomers = new ArrayDeque<>();
    /** For each refusal since the last news, the instances that did not come into question. */
    private final List<Set<String>> refused = new ArrayList<>();

    void add(Wish wish) {
        if (!wish.needsSlot()) {
            visitors.add(wish);
            return;
        }
        line.add(wish);
        wish.key().ifPresent(key -> byKey.computeIfAbsent(key, any -> new LinkedHashSet<>())
                .add(wish));
    }

    void remove(Wish wish) {
        visitors.remove(wish);
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
        if (!visitorsRefused && !visitors.isEmpty()) {
            return visitors.iterator().next();
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
        if (!wish.needsSlot()) {
            visitorsRefused = true;
            return;
        }
        // once is enough: where nobody may wait, nothing else would keep the list short
        if (!inVain(wish)) {
            refused.add(wish.excluded());
        }
    }

    /** There is news: asking may help again. */
    void hope() {
        refused.clear();
        visitorsRefused = false;
    }

    /** A session lives now: whoever else waits for it is next. */
    void opened(SessionKey key) {
        homecomers.addAll(byKey.getOrDefault(key, Set.of()));
    }

    int size() {
        return line.size() + visitors.size();
    }

    /** How many slots it takes to serve all: those who wait for the same session share one, visitors any. */
    int slots() {
        int repeated = 0;
        for (Set<Wish> alike : byKey.values()) {
            repeated += alike.size() - 1;
        }
        int least = visitors.isEmpty() ? 0 : 1;
        return Math.max(least, line.size() - repeated);
    }

    List<Wish> all() {
        List<Wish> all = new ArrayList<>(line);
        all.addAll(visitors);
        return all;
    }

    private boolean inVain(Wish wish) {
        return refused.stream().anyMatch(excluded -> wish.excluded().containsAll(excluded));
    }
}
