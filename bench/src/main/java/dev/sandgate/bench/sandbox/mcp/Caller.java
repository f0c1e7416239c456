package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who sent a request: a session, or somebody whom nothing is remembered of. */
interface Caller {

    /** The session's id; null: there is no session. */
    @Nullable String id();

    /** Adds one to the session's count and tells it; 0: there is no session. */
    long count();

    /** The stream that belongs to no request. */
    Outlet events();

    /** Asks the client over this outlet; the answer comes as a POST of its own, or never. */
    void ask(Outlet over, String method, JsonObject params, Consumer<JsonObject> answered);

    /** Whether the client has taken this request back. */
    boolean cancelled(Object request);
}
