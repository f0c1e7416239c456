package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Choice;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.placement.Placements;
import dev.sandgate.affinity.redis.NearFleet.Row;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a node lets in by itself while the table is away: how many sessions that makes on each instance, and which of them
 * the table must be told of. Guarded by the pool's lock.
 */
final class Tally {

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
    private final NearFleet fleet;
    /** By life; empty where they are to be made anew. */
    private final Map<String, Count> counts = new HashMap<>();
    /** How many of those in {@code placed}, by life. */
    private final Map<String, Integer> added = new HashMap<>();
    /** Opened here; the table is told once all nodes have told what they knew before, so that nobody older is left out. */
    private final Set<RedisSession> placed = new LinkedHashSet<>();
    /** Found by what their clients carry, while the table is put together again and may lack them. */
    private final Set<RedisSession> revived = new LinkedHashSet<>();

    private long nodes;
    private long lastGeneration;

    Tally(NearSessions sessions, NearFleet fleet) {
        this.sessions = sessions;
        this.fleet = fleet;
    }

    /** Whether the instance of this row may hold one more session, of this entry, that the table does not answer for. */
    boolean hasRoom(Row row, SessionEntry entry) {
        Count count = count(row);
        boolean counted = entry.generation() / 1_000 <= row.toldAt();
        // what the table counted and what is known here are mostly the same sessions
        int earlier = Math.max(row.member().used(), count.earlier + (counted ? 1 : 0));
        int later = count.later + (counted ? 0 : 1);
        return earlier + later <= row.member().cap();
    }

    /** How many nodes there are, as the table told. */
    void nodes(long number) {
        nodes = number;
    }

    /**
     * Where a new session goes, by a hash of its id: each node adds to an instance no more than its part of the cap. Those
     * that have room by all that is known here come first, for the table has none for more.
     */
    Optional<Row> choose(long hash, Set<String> excluded) {
        List<Row> ready = fleet.rows().stream()
                .filter(row -> row.member().state() == Member.State.READY)
                .filter(row -> !excluded.contains(row.member().instance().id()))
                .toList();
        Optional<Row> roomy = choose(hash, ready.stream().filter(this::hasRoom));
        return roomy.isPresent() ? roomy : choose(hash, ready.stream());
    }

    private Optional<Row> choose(long hash, Stream<Row> rows) {
        List<Member> parts = rows.map(this::part).toList();
        return Placements.of(PlacementRule.HASH).choose(hash, new Fleet(parts)) instanceof Choice.Chosen chosen
                ? fleet.row(Words.of(chosen.member().instance().id()))
                : Optional.empty();
    }

    /** An instance as if this node's part of it were all. */
    private Member part(Row row) {
        int part = nodes == 0 ? 0 : (int) (row.member().cap() / nodes);
        return new Member(row.member().instance(), row.member().state(), part, added.getOrDefault(row.life(), 0));
    }

    private boolean hasRoom(Row row) {
        Count count = count(row);
        return Math.max(row.member().used(), count.earlier) + count.later
                < row.member().cap();
    }

    /** For a life that begins here now: greater than its instance's and than those of all that began here before. */
    long generation(Row home, long tableNow) {
        lastGeneration = Math.max(lastGeneration + 1, Math.max(tableNow * 1_000, Long.parseLong(home.life()) + 1));
        return lastGeneration;
    }

    /** It was opened here. */
    void place(RedisSession session) {
        placed.add(session);
        added.merge(session.entry().life(), 1, Integer::sum);
    }

    /** Whether it was opened here, and the table is still to be told. */
    boolean isPlaced(RedisSession session) {
        return placed.contains(session);
    }

    /** One of this generation will be let in. */
    void letIn(Row row, long generation) {
        count(row).add(generation);
    }

    private Count count(Row row) {
        if (counts.isEmpty()) {
            fleet.rows().forEach(each -> counts.put(each.life(), new Count(each)));
            sessions.all().forEach(this::addKnown);
        }
        Count known = counts.get(row.life());
        if (known != null && known.row.equals(row)) {
            return known;
        }
        Count anew = new Count(row);
        counts.put(row.life(), anew);
        sessions.of(row.life()).forEach(this::addKnown);
        return anew;
    }

    private void addKnown(RedisSession session) {
        Count count = counts.get(session.entry().life());
        if (count != null) {
            count.add(session.generation());
        }
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
        if (placed.remove(session)) {
            added.merge(session.entry().life(), -1, Integer::sum);
        }
    }

    /** Whether the table is still to be told of it. */
    boolean isUntold(RedisSession session) {
        return revived.contains(session) || placed.contains(session);
    }

    /**
     * Of what the table is to be told now; what is over is forgotten.
     *
     * @param all also of what was opened here
     */
    List<RedisSession> untold(long now, boolean all) {
        revived.removeIf(session -> session.left(now) <= 0);
        List.copyOf(placed).stream().filter(session -> session.left(now) <= 0).forEach(this::told);
        List<RedisSession> untold = new ArrayList<>(revived);
        if (all) {
            untold.addAll(placed);
        }
        return untold;
    }
}
