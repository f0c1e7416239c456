package dev.sandgate.bench.sandbox.mcp;

import java.util.Optional;
import java.util.OptionalLong;

/** Where sessions are held and counted, whatever protocol they speak. */
public interface Room {

    /** Which life of the sandbox this is, where it is told: another one knows nothing of this one's sessions. */
    Optional<String> incarnation();

    /** Opens a session with a count of 0; false: it exists already, or there is no room for another. */
    boolean open(String id);

    /** Adds one to a session's count and tells it, opening the session where it is new; empty: there is no room. */
    OptionalLong count(String id);

    /** Forgets a session; false: there was none. */
    boolean end(String id);
}
