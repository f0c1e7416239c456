package dev.sandgate.affinity.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sandgate.affinity.SessionKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that this node remembers, by key and by their name in Redis: so many, those that are used seldom leave
 * first. One that leaves while a request of it is under way is still touched until that is over. Changed under the pool's
 * lock, read by any thread.
 */
final class NearSessions {

    private final Cache<SessionKey, RedisSession> byKey;
    private final Map<String, RedisSession> byName = new ConcurrentHashMap<>();

    private final Consumer<RedisSession> forgotten;

    /**
     * None so far.
     *
     * @param most sessions remembered, but for those in use
     * @param forgotten hears of each that leaves without being over, on any thread
     */
    NearSessions(int most, Consumer<RedisSession> forgotten) {
        this.forgotten = forgotten;
        this.byKey = Caffeine.newBuilder()
                .maximumSize(most)
                .executor(Runnable::run)
                .<SessionKey, RedisSession>evictionListener((key, session, cause) -> {
                    if (session != null
                            && !session.busy()
                            && byName.remove(session.entry().name(), session)) {
                        forgotten.accept(session);
                    }
                })
                .build();
    }

    /** No I/O, no allocation. */
    @Nullable RedisSession get(SessionKey key) {
        return byKey.getIfPresent(key);
    }

    @Nullable RedisSession named(String name) {
        return byName.get(name);
    }

    /** The life of this entry, made where this node did not know it; an older one is over. */
    RedisSession take(SessionEntry entry, Function<SessionEntry, RedisSession> make) {
        RedisSession known = byName.get(entry.name());
        if (known != null && known.generation() >= entry.generation()) {
            known.settle(entry);
            byKey.asMap().putIfAbsent(known.key(), known);
            return known;
        }
        if (known != null) {
            known.finish();
        }
        RedisSession made = make.apply(entry);
        byName.put(entry.name(), made);
        byKey.put(entry.key(), made);
        return made;
    }

    /** Forgets it; whether it lived until now. */
    boolean end(RedisSession session) {
        byKey.asMap().remove(session.key(), session);
        byName.remove(session.entry().name(), session);
        return session.finish();
    }

    List<RedisSession> of(String life) {
        List<RedisSession> found = new ArrayList<>();
        for (RedisSession session : byName.values()) {
            if (session.entry().life().equals(life)) {
                found.add(session);
            }
        }
        return found;
    }

    /** Forgets those that nobody here used for long, ended elsewhere or not: the table knows. */
    void forgetStale(long now) {
        for (RedisSession session : List.copyOf(byName.values())) {
            boolean evicted = !session.busy() && !byKey.asMap().containsKey(session.key());
            if (evicted && byName.remove(session.entry().name(), session)) {
                forgotten.accept(session);
            } else if (session.stale(now) && end(session)) {
                forgotten.accept(session);
            }
        }
    }

    Collection<RedisSession> all() {
        return byName.values();
    }
}
