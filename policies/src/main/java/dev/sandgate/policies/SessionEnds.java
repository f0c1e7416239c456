package dev.sandgate.policies;

import dev.sandgate.affinity.SessionKey;

/** A policy that counts sessions, and so must hear when one is over. Any thread. */
public interface SessionEnds {

    /** This session is over, whoever opened it, perhaps through another node. */
    void over(SessionKey key);
}
