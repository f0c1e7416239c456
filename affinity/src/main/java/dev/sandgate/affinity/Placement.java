package dev.sandgate.affinity;

import java.time.Duration;

/** What the table says of a session or of a wish for one. */
public sealed interface Placement {

    /** A known session, with its home. */
    record Kept(Binding binding) implements Placement {}

    /** A session that this request opened (or moved): nobody else used it yet. */
    record Fresh(Binding binding) implements Placement {}

    /** A slot for a session whose id is not known yet. */
    record Held(Reservation reservation) implements Placement {}

    /** An instance serves: whoever needs no slot may come. */
    enum Awake implements Placement {
        POOL
    }

    /** This node's memory cannot tell: ask with a Future. */
    enum Ask implements Placement {
        TABLE
    }

    /**
     * No.
     *
     * @param retryAfter how long to wait before asking again may help; zero: it does not
     */
    record Refused(Why why, Duration retryAfter) implements Placement {

        public static Refused because(Why why) {
            return new Refused(why, Duration.ZERO);
        }
    }

    /** Why there is no home for a request. */
    enum Why {
        /** Every open instance is full. Waiting helps. */
        POOL_FULL,
        /** The pool has no instance that takes new sessions. Waiting may help. */
        NO_INSTANCE,
        /** The pool has none, and the last try to start one failed. Waiting may help. */
        START_FAILED,
        /** Nobody knows the id, or it is another principal's. */
        SESSION_UNKNOWN,
        /** It idled out, or reached its maximum lifetime. */
        SESSION_EXPIRED,
        /** It was ended, and its id may not be used again. */
        SESSION_ENDED,
        /** Its instance is gone. */
        SESSION_LOST,
        /** It was ended a moment ago, and its old home cannot take it back yet. Waiting helps. */
        SESSION_ENDING,
        /** It moved meanwhile, or others use it: it stays where it is. */
        SESSION_IN_USE,
        /** The table does not answer. Waiting helps. */
        TABLE_UNAVAILABLE,
        /** The request was withdrawn while it waited. */
        WITHDRAWN
    }
}
