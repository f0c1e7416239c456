package dev.sandgate.affinity.redis;

/** How a node came to know a session; the words of the scripts. */
enum Known {
    /** It was opened for a request of this node, whose own it still is. */
    FRESH,
    /** Its id was learned here. */
    BOUND,
    /** It was there already, so the next request is not its first. */
    KEPT
}
