package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.SessionKey;

/** What a request says of its session. */
public sealed interface Identified {

    /**
     * It brings an id.
     *
     * @param opens whether an id that nobody knows opens a session; otherwise it is refused
     */
    record Known(SessionSource source, SessionKey key, boolean opens) implements Identified {}

    /** It brings none, and the first source that can makes one. */
    record Nameless(SessionSource maker) implements Identified {}

    /** It has no session: each request is balanced by itself. */
    enum Free implements Identified {
        FREE
    }
}
