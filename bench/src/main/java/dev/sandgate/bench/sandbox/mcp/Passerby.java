package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Somebody without an MCP session.
 *
 * @param id what a header names as the session; null: it names none
 * @param count the requests with that id so far
 * @param events where news for nobody in particular goes
 */
record Passerby(@Nullable String id, long count, Outlet events) implements Caller {

    @Override
    public void ask(Outlet over, String method, JsonObject params, Consumer<JsonObject> answered) {
        answered.accept(JsonRpc.error(null, JsonRpc.REFUSED, "nobody can be asked without a session"));
    }

    @Override
    public boolean cancelled(Object request) {
        return false;
    }
}
