package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Sighting;
import dev.sandgate.affinity.placement.Placements;
import dev.sandgate.conf.PoolConfig;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What the table knows of one pool. Its monitor is the pool's lock: whoever has a {@link Turn} holds it. Nothing here
 * does I/O, calls a listener or completes a Future.
 */
final class Pool {

    /** How much of the agenda one turn does at most, so that the lock is never held for long. */
    private static final int SWEEP = 2_000;

    final String name;
    final SessionRules rules;
    final Reservations reservations;
    final InstanceReports reports;
    private final InstanceBook instances;
    private final SessionBook sessions;
    private final Agenda agenda = new Agenda();

    Pool(PoolConfig config, LongSupplier clock) {
        Lifetimes lifetimes = Lifetimes.of(config.sessions());
        this.name = config.name();
        this.instances = new InstanceBook(Placements.of(config.placement()));
        this.sessions = new SessionBook(lifetimes, clock, agenda);
        this.reservations = new Reservations(instances, agenda);
        this.rules = new SessionRules(config.sessions(), sessions, instances, reservations);
        this.reports = new InstanceReports(lifetimes, sessions, instances, reservations, agenda);
    }

    /** Without the lock. */
    Placement peek(SessionKey key, LongSupplier clock) {
        LiveSession found = sessions.peek(key);
        return found != null && found.key().ownedBy(key.principal()) && found.join(clock.getAsLong())
                ? found.kept
                : Placement.Ask.TABLE;
    }

    /** Without the lock. */
    List<Binding> list(long after, int limit, long now) {
        return sessions.list(after, limit, now);
    }

    /** Without the lock. */
    List<SessionKey> names(Predicate<SessionKey> wanted) {
        return sessions.names(wanted);
    }

    List<Sighting> search(List<SessionKey> names, Predicate<SessionKey> wanted, Turn turn) {
        return sessions.search(names, wanted, turn);
    }

    /** Does what is due, the earliest first, but not too much at once; whether there may be more. */
    boolean sweep(Turn turn) {
        sessions.sweepTombstones(turn.now, SWEEP);
        for (int left = SWEEP; left > 0; left--) {
            Due due = agenda.poll(turn.now);
            if (due == null) {
                return false;
            }
            if (due instanceof LiveSession session) {
                sessions.look(session, turn);
            } else if (due instanceof HeldSlot slot) {
                reservations.look(slot, turn);
            } else if (due instanceof InstanceState state) {
                reports.look(state, turn);
            }
        }
        return true;
    }

    Fleet fleet() {
        return instances.snapshot();
    }

    int sessions() {
        return sessions.size();
    }
}
