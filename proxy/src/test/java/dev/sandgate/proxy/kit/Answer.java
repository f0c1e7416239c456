package dev.sandgate.proxy.kit;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * An answer as a client read it.
 *
 * @param body one char a byte (ISO-8859-1); as far as it came
 * @param trailers what followed the last chunk
 * @param whole whether it came to its end; an answer that only the connection's end delimits counts as whole after an
 *     orderly end, and not after a reset
 * @param interim the 1xx statuses that came before it
 */
public record Answer(
        int status, String reason, Fields fields, String body, Fields trailers, boolean whole, List<Integer> interim) {

    /** The instance that gave it, as a route with {@code debug} tells; fails where it is not a 200. */
    public String home() {
        if (status != 200) {
            throw new AssertionError("not served: " + outcome());
        }
        return told("X-Sandgate-Instance");
    }

    /** The instance that gave it, where it is a 200; else what was said instead. */
    public String outcome() {
        return status == 200 ? home() : status + " " + body;
    }

    /** The cookie that comes with a 200, as a client sends it back. */
    public String cookie() {
        home();
        return told("Set-Cookie").split(";", -1)[0];
    }

    /** The reason that a refusal tells; empty where it is none. */
    public String refusal() {
        return status == 200 ? "" : new JsonObject(body).getString("reason", "");
    }

    private String told(String field) {
        return fields.first(field).orElseThrow(() -> new AssertionError("without " + field + ": " + fields));
    }

    @Override
    public String toString() {
        return status + (whole ? "" : " cut");
    }
}
