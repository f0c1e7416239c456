package dev.sandgate.affinity;

/** Why a session is over. */
public enum Ended {
    /** Its client or an operator ended it. */
    ENDED,
    /** It idled out, or reached its maximum lifetime. */
    EXPIRED,
    /** Its instance is gone. */
    LOST
}
