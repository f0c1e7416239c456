package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.NearFleet.Row;
import dev.sandgate.affinity.redis.RedisSession.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a node lets in by itself while the table is away: how many sessions that makes on each instance, and which of them
 * the table must be told of. Guarded by the pool's lock.
 */
final class Interim {

    /** What is on one life of an instance, as far as this node knows. */
    private static final class Count {
        private final Row row;
        /** Known here, and there already when the table last told how many there are. */
        private int earlier;
        /** Known here, and come since. */
        private int later;

        Count(Row row) {
            this.row = row;
        }

        void add(long generation) {
            if (generation / 1_000 <= row.toldAt()) {
                earlier++;
            } else {
                later++;
            }
        }
    }

    private final NearSessions sessions;
    private final Map<String, Count> counts = new HashMap<>();
    /** Found by what their clients carry, while the table is put together again and may lack them. */
    private final Set<RedisSession> revived = new LinkedHashSet<>();

    Interim(NearSessions sessions) {
        this.sessions = sessions;
    }

    /** Whether the instance of this row may hold one more session, of this entry, that the table does not answer for. */
    boolean hasRoom(Row row, Entry entry) {
        Count count = count(row);
        boolean counted = entry.generation() / 1_000 <= row.toldAt();
        // what the table counted and what is known here are mostly the same sessions
        int earlier = Math.max(row.member().used(), count.earlier + (counted ? 1 : 0));
        int later = count.later + (counted ? 0 : 1);
        return earlier + later <= row.member().cap();
    }

    /** It was let in. */
    void letIn(Row row, RedisSession session) {
        count(row).add(session.generation());
    }

    private Count count(Row row) {
        @Nullable Count known = counts.get(row.life());
        if (known != null && known.row.equals(row)) {
            return known;
        }
        Count anew = new Count(row);
        sessions.of(row.life()).forEach(session -> anew.add(session.generation()));
        counts.put(row.life(), anew);
        return anew;
    }

    /** The table counts again. */
    void forgetCounts() {
        counts.clear();
    }

    /** The table may lack it, and is to be told. */
    void revive(RedisSession session) {
        revived.add(session);
    }

    /** The table was told of it, and has it or not. */
    void told(RedisSession session) {
        revived.remove(session);
    }

    /** Whether the table is still to be told of it. */
    boolean isUntold(RedisSession session) {
        return revived.contains(session);
    }

    /** Of what the table is to be told now; what is over is forgotten. */
    List<RedisSession> untold(long now) {
        revived.removeIf(session -> session.left(now) <= 0);
        return new ArrayList<>(revived);
    }
}
