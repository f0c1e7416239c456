package dev.sandgate.proxy.request;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.proxy.forward.Errand;
import dev.sandgate.proxy.identify.McpSource;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where sessions of Streamable HTTP are ended, with DELETE (MCP 2025-03-26 and later): an instance that is not told keeps
 * a session that has idled out here, or that the operator ended, while its slot is given away. One a node; any thread.
 */
public final class Farewells {

    private final Map<SessionKey, String> endpoints = new ConcurrentHashMap<>();

    /** What to send to an instance to end a session there; empty: it cannot be told. */
    static Optional<Errand.Message> message(SessionKey key, String target) {
        return McpSource.streamable(key)
                .map(id -> new Errand.Message(HttpMethod.DELETE, target, Map.of("mcp-session-id", id)));
    }

    /** A session began with an answer to this target. */
    void began(SessionKey key, String target) {
        if (McpSource.streamable(key).isPresent()) {
            endpoints.put(key, target);
        }
    }

    /** Its instance ended it, or was told to. */
    void isToldOf(SessionKey key) {
        endpoints.remove(key);
    }

    /** Nobody used it here for long: whichever node hears of its end tells its instance, as far as it knows how. */
    public void forget(SessionKey key) {
        endpoints.remove(key);
    }

    /** A session is over: what its instance does not know yet and must be told; empty: nothing. */
    public Optional<Errand.Message> over(Binding binding, Ended why) {
        String target = endpoints.remove(binding.key());
        return target == null || why == Ended.LOST ? Optional.empty() : message(binding.key(), target);
    }
}
