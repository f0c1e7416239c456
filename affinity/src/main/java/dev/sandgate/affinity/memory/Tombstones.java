package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.SessionKey;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a pool that are over, oldest first, as long as they are remembered and at most {@link #MOST} of them.
 * Guarded by the pool's lock.
 */
final class Tombstones {

    static final int MOST = 100_000;

    private final Map<SessionKey, Tombstone> byKey = new LinkedHashMap<>();

    void add(Tombstone tombstone) {
        byKey.remove(tombstone.key());
        byKey.put(tombstone.key(), tombstone);
        if (byKey.size() > MOST) {
            Iterator<?> oldest = byKey.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    @Nullable Tombstone get(SessionKey key, long now) {
        Tombstone found = byKey.get(key);
        return found == null || now - found.forgottenAt() >= 0 ? null : found;
    }

    /** All that are remembered of such names. */
    List<Tombstone> of(Predicate<SessionKey> wanted, long now) {
        return byKey.values().stream()
                .filter(each -> wanted.test(each.key()) && now - each.forgottenAt() < 0)
                .toList();
    }

    /** Drops the oldest whose time has come. One that is remembered longer keeps those behind it a little longer too. */
    void sweep(long now, int most) {
        Iterator<Tombstone> oldest = byKey.values().iterator();
        for (int left = most; left > 0 && oldest.hasNext(); left--) {
            if (now - oldest.next().forgottenAt() < 0) {
                return;
            }
            oldest.remove();
        }
    }

    int size() {
        return byKey.size();
    }
}
