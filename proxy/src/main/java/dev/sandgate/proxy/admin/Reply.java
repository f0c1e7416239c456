package dev.sandgate.proxy.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What is answered, as bytes. */
record Reply(int status, String contentType, Buffer body) {

    private static final String JSON = "application/json";

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
