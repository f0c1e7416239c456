package dev.sandgate.proxy.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/**
 * What is answered, as bytes.
 *
 * @param tag of what is shown, as in {@code ETag}; empty: it has none
 */
record Reply(int status, String contentType, Buffer body, String tag) {

    private static final String JSON = "application/json";

    Reply(int status, String contentType, Buffer body) {
        this(status, contentType, body, "");
    }

    Reply tagged(String own) {
        return new Reply(status, contentType, body, own);
    }

    static Reply json(JsonObject body) {
        return json(200, body);
    }

    static Reply json(int status, JsonObject body) {
        return new Reply(status, JSON, body.toBuffer());
    }

    static Reply nothing() {
        return new Reply(204, JSON, Buffer.buffer());
    }
}
