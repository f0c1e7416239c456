package dev.sandgate.proxy.kit;

import io.vertx.core.json.JsonObject;

/** The JSON-RPC messages that a client sends. */
public final class McpMessages {

    private McpMessages() {}

    public static JsonObject request(int id, String method, JsonObject params) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", method)
                .put("params", params);
    }

    public static JsonObject notification(String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("method", method).put("params", params);
    }

    /** The client's answer to this request of the server. */
    public static JsonObject response(JsonObject request, JsonObject result) {
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", request.getValue("id"))
                .put("result", result);
    }

    /** What a model says to a {@code sampling/createMessage}. */
    public static JsonObject sampled(String text) {
        return new JsonObject()
                .put("role", "assistant")
                .put("model", "none")
                .put("content", new JsonObject().put("type", "text").put("text", text));
    }

    public static JsonObject initialize(String version) {
        return new JsonObject()
                .put("protocolVersion", version)
                .put("capabilities", new JsonObject().put("sampling", new JsonObject()))
                .put("clientInfo", new JsonObject().put("name", "wire").put("version", "1"));
    }

    /** Parameters of {@code tools/call}; progress is asked for. */
    public static JsonObject tool(String name, JsonObject arguments) {
        return new JsonObject()
                .put("name", name)
                .put("arguments", arguments)
                .put("_meta", new JsonObject().put("progressToken", name));
    }
}
