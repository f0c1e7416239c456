package dev.sandgate.proxy.kit;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole answer to a POST or DELETE of an MCP client.
 *
 * @param body as it came, JSON, events or anything else
 * @param messages the JSON-RPC messages in it, in their order; empty where it holds none
 * @param whole false: the answer was cut
 */
public record McpAnswer(int status, Fields fields, String body, List<JsonObject> messages, boolean whole) {

    static McpAnswer of(WireStream stream) {
        Answer head = stream.head();
        String body = stream.body();
        return new McpAnswer(
                head.status(), head.fields(), body, messages(head.fields(), stream, body), stream.awaitEnd());
    }

    private static List<JsonObject> messages(Fields fields, WireStream stream, String body) {
        List<JsonObject> messages = new ArrayList<>();
        String type = fields.first("Content-Type").orElse("");
        if (type.startsWith("text/event-stream")) {
            for (var event = stream.event(Await.PATIENCE); event.isPresent(); event = stream.event(Await.PATIENCE)) {
                if (!event.get().data().isEmpty()) {
                    messages.add(new JsonObject(event.get().data()));
                }
            }
        } else if (type.startsWith("application/json")) {
            try {
                if (body.startsWith("[")) {
                    new JsonArray(body).forEach(each -> messages.add((JsonObject) each));
                } else {
                    messages.add(new JsonObject(body));
                }
            } catch (DecodeException notJson) {
                throw new AssertionError("said to be JSON: " + body, notJson);
            }
        }
        return List.copyOf(messages);
    }

    /** The last message, which is the answer where the request was one. */
    public JsonObject message() {
        if (messages.isEmpty()) {
            throw new AssertionError("no JSON-RPC message in " + status + " " + body);
        }
        return messages.get(messages.size() - 1);
    }

    public JsonObject result() {
        return part("result");
    }

    public JsonObject error() {
        return part("error");
    }

    /** What a tool of the demo sandbox told. */
    public Told told() {
        return Told.in(message());
    }

    private JsonObject part(String name) {
        JsonObject part = message().getJsonObject(name);
        if (part == null) {
            throw new AssertionError("no " + name + " in " + status + " " + body);
        }
        return part;
    }
}
