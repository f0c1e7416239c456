package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pool's slots that are held for sessions without an id yet, by request id. Guarded by the pool's lock. */
final class Reservations {

    private final InstanceBook instances;
    private final Agenda agenda;
    private final Map<Long, HeldSlot> held = new HashMap<>();

    Reservations(InstanceBook instances, Agenda agenda) {
        this.instances = instances;
        this.agenda = agenda;
    }

    /** The same slot for the same request, unless that one was tried in vain. */
    Placement reserve(String principal, Opening opening, Turn turn) {
        long requestId = opening.requestId();
        HeldSlot before = held.get(requestId);
        if (before != null && !before.lapsed(turn.now)) {
            if (!opening.excluded().contains(before.home.instance().id())) {
                before.renew(turn.now);
                return new Placement.Held(before.reservation);
            }
        }
        if (before != null) {
            free(before, turn);
        }
        InstanceState home = instances.choose(hash(principal, requestId), opening.excluded());
        return home == null ? instances.full(opening.excluded()) : new Placement.Held(hold(home, requestId, turn));
    }

    boolean extend(Reservation reservation, Turn turn) {
        HeldSlot slot = live(reservation, turn);
        if (slot == null) {
            return false;
        }
        slot.renew(turn.now);
        return true;
    }

    void release(Reservation reservation, Turn turn) {
        HeldSlot slot = live(reservation, turn);
        if (slot != null) {
            free(slot, turn);
        }
    }

    /** Gives the slot up to a session that takes it in the same turn; whether the lease still held. */
    boolean take(Reservation reservation, Turn turn) {
        HeldSlot slot = live(reservation, turn);
        if (slot == null) {
            return false;
        }
        remove(slot);
        return true;
    }

    /** What the agenda asks when a lease may be over: frees the slot, or looks again later. */
    void look(HeldSlot slot, Turn turn) {
        if (slot.lapsed(turn.now)) {
            free(slot, turn);
        } else {
            agenda.put(slot, slot.leasedUntil());
        }
    }

    /** The slots of an incarnation that is over. */
    void drop(InstanceState gone) {
        List.copyOf(gone.held()).forEach(this::remove);
    }

    int size() {
        return held.size();
    }

    private Reservation hold(InstanceState home, long requestId, Turn turn) {
        HeldSlot slot = new HeldSlot(home, requestId, turn.now);
        held.put(requestId, slot);
        home.take(slot);
        agenda.put(slot, slot.leasedUntil());
        return slot.reservation;
    }

    private @Nullable HeldSlot live(Reservation reservation, Turn turn) {
        HeldSlot slot = held.get(reservation.requestId());
        // The same request may hold another instance's slot by now.
        return slot != null && slot.reservation.equals(reservation) && !slot.lapsed(turn.now) ? slot : null;
    }

    private void free(HeldSlot slot, Turn turn) {
        remove(slot);
        turn.freed();
    }

    private void remove(HeldSlot slot) {
        held.remove(slot.reservation.requestId());
        slot.home.free(slot);
        agenda.remove(slot);
    }

    private static long hash(String principal, long requestId) {
        return principal.isEmpty() ? requestId : SessionKey.hash(principal);
    }
}
