package dev.sandgate.policies;

/**
 * What a policy wants to hear of a request that it let pass. Each call at most once, {@link #done} exactly once and last,
 * all on the request's event loop.
 */
public interface Aftermath {

    /** The answer's head is here, with this status. */
    default void head(int status) {}

    /** The request is over. */
    void done(Outcome outcome);
}
