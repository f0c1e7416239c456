package dev.sandgate.policies;

import dev.sandgate.affinity.SessionKey;

/** A policy that counts sessions, and so must hear when one is over. Any thread. */
public interface SessionEnds {

    /**
     * This session is over, whoever opened it, perhaps through another node; or this node has not seen it for so long that
     * it is no longer counted here.
     */
    void over(SessionKey key);
}
