package dev.sandgate.affinity;

import java.util.Optional;

/**
 * A session's tie to one incarnation of one instance. Safe from any thread.
 *
 * <p>A request that uses it calls {@link #enter} before and {@link #leave} after: a session with a request under way
 * does not idle out, however long the request takes.
 */
public interface Binding {

    SessionKey key();

    Instance instance();

    /** Orders the lives of one id: a later life has a greater number. */
    long generation();

    /**
     * What every node of its table calls it, by which nobody learns its id; empty where the table is this node's own. No
     * I/O, no allocation.
     */
    default String alias() {
        return "";
    }

    /** What its client may carry, for nodes that must do without the table; empty where no node ever must. No I/O. */
    default Optional<Vouch> vouch() {
        return Optional.empty();
    }

    /** How the session has been used so far, as this node knows. No I/O. */
    Usage usage();

    /**
     * Counts one more request under way. No I/O, no allocation.
     *
     * @return false where the session is over: ask the table
     */
    boolean enter();

    /**
     * Whether a request that entered may still be sent to the instance. Between {@link #enter} and the sending lies a
     * connect, which may last. No I/O, no allocation.
     */
    boolean holds();

    /** Counts one request less; its end is the session's last use. Once per {@code true} of {@link #enter}. */
    void leave();
}
