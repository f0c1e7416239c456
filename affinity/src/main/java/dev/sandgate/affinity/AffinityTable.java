package dev.sandgate.affinity;

import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/**
 * Which session lives on which instance, and how many each holds. Safe from any thread; Futures may complete on any
 * thread. The protocol and the reason for each rule: docs/table.md.
 */
public interface AffinityTable {

    /** {@link Placement.Kept} where this node's memory knows the session, else {@link Placement.Ask}. Never I/O. */
    Placement peek(SessionKey key);

    /** The session's home: {@link Placement.Kept}, or {@link Placement.Refused} with what became of it. */
    Future<Placement> find(SessionKey key);

    /**
     * Finds the session or opens it, in one step: of two at once, one is {@link Placement.Fresh} and the other
     * {@link Placement.Kept}, on the same instance.
     */
    Future<Placement> open(SessionKey key, Opening opening);

    /**
     * Finds a session by what its client carries, for when {@link #find} answered {@link Why#TABLE_UNAVAILABLE}: {@link
     * Placement.Kept} where this node itself knows that very incarnation as current, it is nobody else's session, its
     * lifetime is not over, and the instance holds no more than its cap as far as this node can tell. Else {@link
     * Refused}, with the same reason. From memory, never I/O.
     */
    default Placement vouched(SessionKey key, Vouch vouch) {
        return Refused.because(Why.TABLE_UNAVAILABLE);
    }

    /**
     * Opens a session by this node's memory alone, for when {@link #open} answered {@link Why#TABLE_UNAVAILABLE}: {@link
     * Placement.Fresh} where the pool's rule for an outage lets it, else {@link Refused}, with the same reason. The table
     * is told when it answers again, and may find that there is no room. From memory, never I/O.
     *
     * @param key of an id that was made for this request and that nobody was told or asked for
     */
    default Placement openAway(SessionKey key, Opening opening) {
        return Refused.because(Why.TABLE_UNAVAILABLE);
    }

    /**
     * Tells the table of a session that it does not know, by what its client carries: one that another node {@linkplain
     * #openAway opened} and could not tell of yet. {@link Placement.Kept}, or {@link Refused}: where the table had one of
     * this life, as {@link Why#SESSION_UNKNOWN}.
     */
    default Future<Placement> adopt(SessionKey key, Vouch vouch) {
        return Future.succeededFuture(Refused.because(Why.SESSION_UNKNOWN));
    }

    /** Holds a slot for a session whose id is not known yet: {@link Placement.Held} or {@link Placement.Refused}. */
    Future<Placement> reserve(String pool, String principal, Opening opening);

    /** Renews a reservation's lease; false where it had lapsed. */
    Future<Boolean> extend(Reservation reservation);

    /** Gives a reserved slot back. Twice does nothing. */
    Future<Void> release(Reservation reservation);

    /** Makes a reservation the session of this id. */
    Future<Confirmation> confirm(Reservation reservation, SessionKey key, Lease lease);

    /** Counts as a use of the session, without a request. Coalesced: cheap to call often. */
    void touch(Binding binding);

    /**
     * Moves a session to another instance: one that its opener could not reach and nobody else used yet, or one whose
     * incarnation is gone. {@link Placement.Fresh} with the new home, else {@link Placement.Refused}.
     */
    Future<Placement> rebind(Binding binding, Opening opening);

    /** Undoes an opening that reached no instance: as if it never was, unless somebody used it meanwhile. */
    Future<Void> abandon(Binding binding, long requestId);

    /** Ends a session of this generation or an older one; false where there was none. Twice does nothing. */
    Future<Boolean> end(SessionKey key, long generation);

    /** The same for a session that {@link #list} told, whose id this node may not know. */
    default Future<Boolean> end(Binding binding) {
        return end(binding.key(), binding.generation());
    }

    /**
     * Live sessions of a pool, for operators, the lowest generation first. No two sessions of a pool have the same, so
     * who asks again after the last one that was told misses none that lived all the while, and sees none twice.
     *
     * @param after only generations greater than this; 0: from the start
     * @param limit how many at the most, 1 to 1,000
     */
    Future<List<Binding>> list(String pool, long after, int limit);

    /**
     * Sessions by their ids, whoever's they are, for operators: those that live first, then those that are over and still
     * remembered. Counts as no use of them. The more sessions there are, the longer it takes.
     *
     * @param named of this pool; without a principal: whoever's
     */
    Future<List<Sighting>> search(String pool, Set<SessionKey> named);

    /** Takes note of what happened to an instance. */
    Future<Void> report(Report report);

    /** The pool's instances now, the gone ones left out. From memory, never I/O. */
    Fleet instances(String pool);

    /** Sessions of a pool that hold a slot now. From memory, never I/O. */
    int sessions(String pool);

    /** Reservations of a pool that hold a slot now. From memory, never I/O. */
    int reservations(String pool);

    /** Small versioned records beside the sessions, by kind. */
    Shelf shelf(String kind);

    void subscribe(TableListener listener);

    /**
     * Does what is due: expiry, lost instances. Call it about once a second; it may be called while the last one is not
     * done. Fails where the table could not be reached: the next one does what this one left.
     */
    Future<Void> beat();

    /** From memory, never I/O. */
    Condition condition();

    /** Lets go of what it holds outside this process; what is asked afterwards fails. Twice does nothing. */
    Future<Void> close();
}
