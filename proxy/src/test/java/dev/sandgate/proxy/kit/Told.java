package dev.sandgate.proxy.kit;

import io.vertx.core.json.JsonObject;

/**
 * What a tool of the demo sandbox told.
 *
 * @param instance that answered
 * @param session that it answered for; empty: none
 * @param count of the session; 0: the tool does not count
 * @param all of it
 */
public record Told(String instance, String session, long count, JsonObject all) {

    /** Reads a JSON-RPC answer to {@code tools/call}. */
    public static Told in(JsonObject answer) {
        JsonObject result = answer.getJsonObject("result");
        if (result == null) {
            throw new AssertionError("not the result of a tool: " + answer.encode());
        }
        JsonObject told =
                new JsonObject(result.getJsonArray("content").getJsonObject(0).getString("text"));
        return new Told(told.getString("instance"), told.getString("session", ""), told.getLong("count", 0L), told);
    }
}
