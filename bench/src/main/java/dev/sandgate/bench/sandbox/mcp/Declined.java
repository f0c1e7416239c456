package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A request that is answered with an error status and a JSON-RPC error. Has no stack: it is an answer, not a bug. */
final class Declined extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient JsonObject body;

    Declined(int status, int code, String why) {
        this(status, code, why, null);
    }

    /** @param id of the request that is declined; null: it has none, or must not be named */
    Declined(int status, int code, String why, @Nullable Object id) {
        super(why, null, false, false);
        this.status = status;
        this.body = JsonRpc.error(id, code, why);
    }

    static Declined unknownSession() {
        return new Declined(404, JsonRpc.NO_SESSION, "Session not found");
    }

    static Declined badRequest(String why) {
        return new Declined(400, JsonRpc.REFUSED, why);
    }

    static Declined noRoom() {
        return new Declined(503, JsonRpc.REFUSED, "no room for another session");
    }

    int status() {
        return status;
    }

    JsonObject body() {
        return body;
    }
}
