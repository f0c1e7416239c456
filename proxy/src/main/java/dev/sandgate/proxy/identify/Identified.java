package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.SessionKey;
import java.util.List;
import java.util.Optional;

/** What a request says of its session. */
public sealed interface Identified {

    /**
     * It brings an id.
     *
     * @param learners who may learn a further session's id from the answer beside that (MCP beside a header or
     *     cookie, an application that changes its cookie)
     */
    record Known(SessionSource source, SessionKey key, List<SessionSource> learners) implements Identified {}

    /**
     * It brings none, and may open a session.
     *
     * @param learners who may learn its id from the answer
     * @param maker who makes one where none was learned
     */
    record Nameless(List<SessionSource> learners, Optional<SessionSource> maker) implements Identified {}

    /** It has no session: each request is balanced by itself. */
    enum Free implements Identified {
        FREE
    }
}
