package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.redis.RedisSession.Entry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The sessions that this node knows, by key and by their name in Redis. Changed on the link's event loop. */
final class NearSessions {

    private final Map<SessionKey, RedisSession> byKey = new ConcurrentHashMap<>();
    private final Map<String, RedisSession> byName = new ConcurrentHashMap<>();

    @Nullable RedisSession get(SessionKey key) {
        return byKey.get(key);
    }

    @Nullable RedisSession named(String name) {
        return byName.get(name);
    }

    /** The life of this entry, made where this node did not know it; an older one is over. */
    RedisSession take(Entry entry, Function<Entry, RedisSession> make) {
        RedisSession known = byName.get(entry.name());
        if (known != null && known.generation() >= entry.generation()) {
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
        byKey.remove(session.key(), session);
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
        for (RedisSession session : byName.values()) {
            if (session.stale(now)) {
                end(session);
            }
        }
    }

    Collection<RedisSession> all() {
        return byName.values();
    }
}
