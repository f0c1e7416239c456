package dev.sandgate.policies;

/**
 * What a policy wants to hear of a request that it let pass. {@link #head} comes at most once, {@link #done} exactly once and last,
 * all on the request's event loop.
 */
public interface Aftermath {

    /** The answer's head is here, with this status. */
    default void head(int status) {}

    /**
     * So many more bytes of its bodies went by since it was asked last: in from the client, out to it. Asked about ten
     * times a second while any do, and once more right before {@link #done}.
     *
     * @return false where that is too much: the request is cut
     */
    default boolean moved(long in, long out) {
        return true;
    }

    /** The request is over. */
    void done(Outcome outcome);
}
