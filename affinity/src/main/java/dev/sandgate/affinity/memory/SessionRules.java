package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When a session begins, moves and ends. Guarded by the pool's lock. */
final class SessionRules {

    private final SessionsConfig config;
    private final SessionBook sessions;
    private final InstanceBook instances;
    private final Reservations reservations;

    SessionRules(SessionsConfig config, SessionBook sessions, InstanceBook instances, Reservations reservations) {
        this.config = config;
        this.sessions = sessions;
        this.instances = instances;
        this.reservations = reservations;
    }

    Placement find(SessionKey key, Turn turn) {
        LiveSession live = sessions.live(key, turn);
        if (live != null) {
            return hit(live, key, turn);
        }
        Tombstone over = sessions.over(key, turn);
        return Refused.because(over != null && over.key().ownedBy(key.principal()) ? over.told() : Why.SESSION_UNKNOWN);
    }

    Placement open(SessionKey key, Opening opening, Turn turn) {
        LiveSession live = sessions.live(key, turn);
        if (live == null) {
            return begin(key, opening, turn);
        }
        if (live.key().ownedBy(key.principal()) && live.aloneWith(opening.requestId())) {
            live.prolong(turn.now);
            return new Placement.Fresh(live);
        }
        return hit(live, key, turn);
    }

    Confirmation confirm(Reservation reservation, SessionKey key, Turn turn) {
        long requestId = reservation.requestId();
        LiveSession live = sessions.live(key, turn);
        if (live != null && live.requestId() == requestId && live.key().ownedBy(key.principal())) {
            return new Confirmation.Bound(live);
        }
        Instance other = live == null ? claimant(key, reservation.instance(), turn) : live.instance();
        if (other != null) {
            reservations.release(reservation, turn);
            return new Confirmation.TakenBy(other);
        }
        boolean held = reservations.take(reservation, turn);
        InstanceState home = instances.current(reservation.instance());
        if (home == null || (!held && !home.hasRoom())) {
            return Confirmation.Lost.LAPSED;
        }
        LiveSession born = sessions.begin(key, home, requestId, turn);
        // The instance made this id, so it has answered: the opener has no reason to move it any more.
        born.join(turn.now);
        return new Confirmation.Bound(born);
    }

    Placement rebind(Binding binding, Opening opening, Turn turn) {
        LiveSession live = sessions.live(binding.key(), turn);
        if (live == null) {
            Tombstone over = sessions.over(binding.key(), turn);
            boolean lost = over != null && over.why() == Ended.LOST;
            return lost ? begin(binding.key(), opening, turn) : find(binding.key(), turn);
        }
        if (!live.aloneWith(opening.requestId())) {
            return Refused.because(Why.SESSION_IN_USE);
        }
        boolean moved = live.generation() > binding.generation();
        if (moved && !opening.excluded().contains(live.instance().id())) {
            return new Placement.Fresh(live);
        }
        // An id that came back to its old home stays there, for requests of its old life may still be on their way.
        Tombstone before = sessions.over(binding.key(), turn);
        if (before != null && turn.now - before.until() < 0 && instances.current(before.home()) != null) {
            return new Refused(Why.SESSION_ENDING, Duration.ofNanos(before.until() - turn.now));
        }
        return move(live, opening.without(live.instance().id()), turn);
    }

    void abandon(Binding binding, long requestId, Turn turn) {
        LiveSession live = sessions.live(binding.key(), turn);
        if (live != null && live.generation() == binding.generation() && live.withdraw(requestId)) {
            sessions.forget(live, turn);
        }
    }

    boolean end(SessionKey key, long generation, Turn turn) {
        LiveSession live = sessions.live(key, turn);
        if (live == null || live.generation() > generation || !live.key().ownedBy(key.principal())) {
            return false;
        }
        sessions.end(live, Ended.ENDED, turn);
        return true;
    }

    /** A hit is a use, and ends what only the opener may do. */
    private static Placement hit(LiveSession live, SessionKey key, Turn turn) {
        if (!live.key().ownedBy(key.principal()) || !live.join(turn.now)) {
            return Refused.because(Why.SESSION_UNKNOWN);
        }
        live.prolong(turn.now);
        return live.kept;
    }

    private Placement begin(SessionKey key, Opening opening, Turn turn) {
        Tombstone over = sessions.over(key, turn);
        if (over != null) {
            if (!over.key().ownedBy(key.principal())) {
                return Refused.because(Why.SESSION_UNKNOWN);
            }
            if (!mayComeBack(over, opening)) {
                return Refused.because(over.told());
            }
            InstanceState home = instances.current(over.home());
            if (home != null && turn.now - over.until() < 0) {
                return beginAtHome(key, opening, home, over, turn);
            }
        }
        InstanceState home = instances.choose(key.idHash(), opening.excluded());
        return home == null
                ? instances.full(opening.excluded())
                : new Placement.Fresh(sessions.begin(key, home, opening.requestId(), turn));
    }

    private Placement beginAtHome(SessionKey key, Opening opening, InstanceState home, Tombstone over, Turn turn) {
        if (!home.member().open() || opening.excluded().contains(home.instance().id())) {
            return new Refused(Why.SESSION_ENDING, Duration.ofNanos(over.until() - turn.now));
        }
        home.give();
        return new Placement.Fresh(sessions.begin(key, home, opening.requestId(), turn));
    }

    private Placement move(LiveSession live, Opening opening, Turn turn) {
        Set<String> excluded = opening.excluded();
        InstanceState home = instances.choose(live.key().idHash(), excluded);
        if (home == null) {
            return instances.full(excluded);
        }
        // Somebody may have joined since, without the lock.
        return live.withdraw(opening.requestId())
                ? new Placement.Fresh(sessions.move(live, home, turn))
                : Refused.because(Why.SESSION_IN_USE);
    }

    private boolean mayComeBack(Tombstone over, Opening opening) {
        if (over.why() != Ended.LOST) {
            return config.reuseId();
        }
        return config.onLost() == OnLost.REBIND || over.unusedBy(opening.requestId());
    }

    /** Whose a learned id still is, though its session is over; null where the instance that made it anew may have it. */
    private @Nullable Instance claimant(SessionKey key, Instance maker, Turn turn) {
        Tombstone over = sessions.over(key, turn);
        if (over == null) {
            return null;
        }
        boolean leased = turn.now - over.until() < 0
                && instances.current(over.home()) != null
                && !over.home().equals(maker);
        boolean claimed = over.why() == Ended.LOST ? !over.key().ownedBy(key.principal()) : !config.reuseId();
        return leased || claimed ? over.home() : null;
    }
}
