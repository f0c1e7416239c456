package dev.sandgate.proxy.adversarial;

import dev.sandgate.proxy.kit.Script;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * One hostile answer.
 *
 * @param raw as the instance sends it, one char a byte
 * @param then what the instance does afterwards: {@code close}, {@code stall}, or {@code stay}
 * @param method of the request that gets it
 */
record ResponseCase(String name, String raw, Expect expect, String then, String method, List<String> must) {

    enum Expect {
        BAD_GATEWAY,
        ABORT,
        FORWARD,
        EITHER;

        static Expect of(String text) {
            return switch (text) {
                case "bad-gateway" -> BAD_GATEWAY;
                case "abort-client" -> ABORT;
                case "forward-normalized" -> FORWARD;
                case "either-but-no-poison" -> EITHER;
                default -> throw new IllegalArgumentException("expect: " + text);
            };
        }
    }

    static ResponseCase of(JsonObject json) {
        return new ResponseCase(
                json.getString("name"),
                Corpus.expanded(json.getString("raw")),
                Expect.of(json.getString("expect")),
                json.getString("then", "stay"),
                json.getString("method", "GET"),
                Corpus.strings(json, "must"));
    }

    Script script() {
        return switch (then) {
            case "stay" -> Script.raw(raw);
            case "close" -> Script.rawThenClose(raw);
            case "stall" -> Script.rawThenStall(raw);
            default -> throw new IllegalArgumentException("then: " + then);
        };
    }

    /** The status of the first answer in {@code raw} that is final. */
    int finalStatus() {
        String rest = raw;
        while (rest.startsWith("HTTP/1.1 1")) {
            rest = rest.substring(rest.indexOf("\r\n\r\n") + 4);
        }
        return Integer.parseInt(rest.substring(9, 12));
    }
}
