package dev.sandgate.proxy.identify;

import dev.sandgate.affinity.Source;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.Optional;

/** One place where a request's session id may stand. Any loop; no state between requests. */
public interface SessionSource {

    /** The kind of its ids. */
    Source kind();

    /**
     * The id that this request brings, if any.
     *
     * @throws Fault {@link dev.sandgate.proxy.fault.Reason#SESSION_MALFORMED}
     */
    Optional<String> read(Inbound inbound);

    /** Whether it makes an id for a session that has none: then an id that nobody knows is refused, not opened. */
    boolean makes();

    /** Puts an id that was made here where the instance looks for it. */
    void tellInstance(String id, MultiMap fields);

    /** Puts an id that was made here where the client finds it. */
    void tellClient(String id, MultiMap fields);
}
