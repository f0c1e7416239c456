package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Sighting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A pool's sessions, live and over. Changed under the pool's lock; {@link #peek}, {@link #list} and {@link #names} read without it.
 */
final class SessionBook {

    private final Lifetimes lifetimes;
    private final LongSupplier clock;
    private final Agenda agenda;
    private final Map<SessionKey, LiveSession> byKey = new ConcurrentHashMap<>();
    private final ConcurrentNavigableMap<Long, LiveSession> byGeneration = new ConcurrentSkipListMap<>();
    private final Tombstones tombstones = new Tombstones();
    private long lastGeneration;

    SessionBook(Lifetimes lifetimes, LongSupplier clock, Agenda agenda) {
        this.lifetimes = lifetimes;
        this.clock = clock;
        this.agenda = agenda;
    }

    @Nullable LiveSession peek(SessionKey key) {
        return byKey.get(key);
    }

    /** The live session of this name; ends it first if its time has come. */
    @Nullable LiveSession live(SessionKey key, Turn turn) {
        LiveSession found = byKey.get(key);
        return found == null || lapse(found, turn) ? null : found;
    }

    @Nullable Tombstone over(SessionKey key, Turn turn) {
        return tombstones.get(key, turn.now);
    }

    LiveSession begin(SessionKey key, InstanceState home, long requestId, Turn turn) {
        return begin(new LiveSession.Birth(key, home, nextGeneration(turn), requestId, turn.now), turn);
    }

    /** The same session on another instance, in a later generation; its lifetime goes on. */
    LiveSession move(LiveSession withdrawn, InstanceState home, Turn turn) {
        remove(withdrawn);
        turn.freed();
        return begin(
                new LiveSession.Birth(
                        withdrawn.key(), home, nextGeneration(turn), withdrawn.requestId(), withdrawn.bornAt()),
                turn);
    }

    /** As if it never was. */
    void forget(LiveSession withdrawn, Turn turn) {
        remove(withdrawn);
        turn.freed();
    }

    void end(LiveSession session, Ended why, Turn turn) {
        // The tombstone first: it asks the session how it was used.
        Tombstone tombstone = Tombstone.of(session, why, turn.now, lifetimes);
        session.finish();
        bury(session, tombstone, turn);
    }

    /** Ends it if its time has come. */
    boolean lapse(LiveSession session, Turn turn) {
        if (!session.lapse(turn.now)) {
            return false;
        }
        bury(session, Tombstone.of(session, Ended.EXPIRED, turn.now, lifetimes), turn);
        return true;
    }

    /** What the agenda asks when a session may have lapsed: ends it, or looks again later. */
    void look(LiveSession session, Turn turn) {
        if (!lapse(session, turn)) {
            agenda.put(session, session.deadline(turn.now));
        }
    }

    void sweepTombstones(long now, int most) {
        tombstones.sweep(now, most);
    }

    List<Binding> list(long after, int limit, long now) {
        List<Binding> page = new ArrayList<>();
        for (LiveSession session : byGeneration.tailMap(after, false).values()) {
            if (page.size() == limit) {
                break;
            }
            if (session.alive(now)) {
                page.add(session);
            }
        }
        return page;
    }

    /** Those of such names that live or may live. Without the lock. */
    List<SessionKey> names(Predicate<SessionKey> wanted) {
        return byKey.keySet().stream().filter(wanted).toList();
    }

    /**
     * What lives and what is remembered.
     *
     * @param names those of {@link #names}
     */
    List<Sighting> search(List<SessionKey> names, Predicate<SessionKey> wanted, Turn turn) {
        List<Sighting> found = new ArrayList<>();
        Set<SessionKey> living = new HashSet<>();
        for (SessionKey name : names) {
            LiveSession live = live(name, turn);
            if (live != null) {
                living.add(name);
                found.add(new Sighting.Live(live));
            }
        }
        for (Tombstone over : tombstones.of(wanted, turn.now)) {
            if (!living.contains(over.key())) {
                found.add(over.shown(turn.now));
            }
        }
        return found;
    }

    int size() {
        return byKey.size();
    }

    private LiveSession begin(LiveSession.Birth birth, Turn turn) {
        LiveSession session = new LiveSession(birth, lifetimes, clock, turn.now);
        birth.home().take(session);
        agenda.put(session, session.deadline(turn.now));
        byGeneration.put(birth.generation(), session);
        byKey.put(birth.key(), session);
        return session;
    }

    private void bury(LiveSession session, Tombstone tombstone, Turn turn) {
        remove(session);
        tombstones.add(tombstone);
        turn.ended(session, tombstone.why());
        if (!session.home().gone()) {
            turn.freed();
        }
    }

    private void remove(LiveSession session) {
        byKey.remove(session.key(), session);
        byGeneration.remove(session.generation());
        session.home().free(session);
        agenda.remove(session);
    }

    /** Greater than every earlier one of the pool, hence than that of any earlier life of an id. */
    private long nextGeneration(Turn turn) {
        lastGeneration = Math.max(lastGeneration + 1, TimeUnit.NANOSECONDS.toMicros(turn.now));
        return lastGeneration;
    }
}
