package dev.sandgate.proxy.mcp;

import dev.sandgate.proxy.fault.Fault;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** A refusal as MCP clients read it: a JSON-RPC error without a request id, which is what they recover from. */
public final class McpRefusal {

    private static final int SESSION_NOT_FOUND = -32001;
    private static final int GENERIC = -32000;

    private McpRefusal() {}

    /**
     * The body.
     *
     * @param policy that refused it; empty: none did
     * @param stateless whether the request was of 2026-07-28 or later, where codes of the JSON-RPC range are the
     *     specification's own
     */
    public static Buffer body(Fault fault, Optional<String> policy, boolean stateless) {
        boolean session = fault.reason().isSession();
        int code = stateless ? fault.status() : session ? SESSION_NOT_FOUND : GENERIC;
        String message = session ? "Session not found" : fault.detail();
        JsonObject data = new JsonObject().put("reason", fault.reason().slug());
        policy.ifPresent(name -> data.put("policy", name));
        return new JsonObject()
                .put("jsonrpc", "2.0")
                .putNull("id")
                .put(
                        "error",
                        new JsonObject()
                                .put("code", code)
                                .put("message", message)
                                .put("data", data))
                .toBuffer();
    }
}
