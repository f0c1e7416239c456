package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one POST brought.
 *
 * @param batch whether it came as an array, and is answered as one
 */
record Messages(List<JsonObject> all, boolean batch) {

    /** @throws Declined where it is not JSON, not a message, or an empty batch */
    static Messages read(Buffer body) {
        try {
            Object json = Json.decodeValue(body);
            if (json instanceof JsonArray array) {
                List<JsonObject> all = new ArrayList<>();
                for (int i = 0; i < array.size(); i++) {
                    all.add(checked(array.getValue(i)));
                }
                if (all.isEmpty()) {
                    throw notAMessage();
                }
                return new Messages(List.copyOf(all), true);
            }
            return new Messages(List.of(checked(json)), false);
        } catch (DecodeException notJson) {
            throw new Declined(400, JsonRpc.PARSE, "Parse error");
        }
    }

    private static JsonObject checked(Object json) {
        if (json instanceof JsonObject message
                && (message.getValue("id") == null || isId(message.getValue("id")))
                && (message.getValue("method") instanceof String || message.getValue("id") != null)
                && (!message.containsKey("params") || message.getValue("params") instanceof JsonObject)) {
            return message;
        }
        throw notAMessage();
    }

    private static boolean isId(Object id) {
        return id instanceof String || id instanceof Number;
    }

    private static Declined notAMessage() {
        return new Declined(400, JsonRpc.INVALID, "Invalid Request");
    }

    List<JsonObject> requests() {
        return all.stream().filter(JsonRpc::isRequest).toList();
    }

    /** The request that opens a session; empty: there is none. It never comes in a batch. */
    Optional<JsonObject> initialize() {
        Optional<JsonObject> first = requests().stream()
                .filter(message -> JsonRpc.method(message).equals("initialize"))
                .findFirst();
        if (first.isPresent() && all.size() > 1) {
            throw new Declined(400, JsonRpc.INVALID, "initialize in a batch");
        }
        return first;
    }
}
