package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * What a sandbox has seen of MCP so far.
 *
 * @param held sessions that it holds now
 * @param highest the most that it ever held at a time
 * @param streams event streams that are open now
 * @param deletes DELETE requests, whether they ended anything or not
 * @param strays requests with the id of a session that is not held here, and answers to questions that nobody asked
 * @param requests for each session id that was ever held or asked for: how many requests named it
 */
public record McpSeen(int held, int highest, int streams, long deletes, long strays, Map<String, Long> requests) {

    public McpSeen {
        requests = Map.copyOf(requests);
    }

    JsonObject json() {
        JsonObject ids = new JsonObject();
        requests.forEach(ids::put);
        return new JsonObject()
                .put("held", held)
                .put("highest", highest)
                .put("streams", streams)
                .put("deletes", deletes)
                .put("strays", strays)
                .put("ids", ids);
    }
}
