package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** JSON-RPC 2.0 messages: made here, and told apart. */
final class JsonRpc {

    static final int PARSE = -32700;
    static final int INVALID = -32600;
    static final int NO_METHOD = -32601;
    static final int BAD_PARAMS = -32602;
    static final int REFUSED = -32000;
    static final int NO_SESSION = -32001;
    static final int HEADER_MISMATCH = -32020;
    static final int NO_SUCH_VERSION = -32022;

    private JsonRpc() {}

    static JsonObject result(Object id, JsonObject result) {
        return message().put("id", id).put("result", result);
    }

    static JsonObject error(@Nullable Object id, int code, String why) {
        return message()
                .put("id", id)
                .put("error", new JsonObject().put("code", code).put("message", why));
    }

    static JsonObject request(String id, String method, JsonObject params) {
        return message().put("id", id).put("method", method).put("params", params);
    }

    static JsonObject notification(String method, JsonObject params) {
        return message().put("method", method).put("params", params);
    }

    private static JsonObject message() {
        return new JsonObject().put("jsonrpc", "2.0");
    }

    static boolean isRequest(JsonObject message) {
        return message.containsKey("method") && message.getValue("id") != null;
    }

    static boolean isResponse(JsonObject message) {
        return !message.containsKey("method") && message.getValue("id") != null;
    }

    /** Empty for a response. */
    static String method(JsonObject message) {
        return message.getString("method", "");
    }

    static JsonObject params(JsonObject message) {
        return message.getJsonObject("params", new JsonObject());
    }
}
