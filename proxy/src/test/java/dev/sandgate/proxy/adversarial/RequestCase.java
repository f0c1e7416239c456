package dev.sandgate.proxy.adversarial;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * One hostile request.
 *
 * @param raw as it is sent, one char a byte
 * @param statuses what a refusal may say; empty: any
 * @param must conditions on what the instance sees, looked up in {@link RequestMusts}
 * @param answers how many requests {@code raw} legitimately holds
 * @param halfClose whether the client ends its sending direction afterwards
 */
record RequestCase(
        String name,
        String category,
        String raw,
        Expect expect,
        List<Integer> statuses,
        List<String> must,
        int answers,
        boolean halfClose) {

    enum Expect {
        REJECT,
        FORWARD,
        EITHER;

        static Expect of(String text) {
            return switch (text) {
                case "reject" -> REJECT;
                case "forward-normalized" -> FORWARD;
                case "either-but-not-desync" -> EITHER;
                default -> throw new IllegalArgumentException("expect: " + text);
            };
        }
    }

    static RequestCase of(JsonObject json) {
        List<String> flags = Corpus.strings(json, "flags");
        return new RequestCase(
                json.getString("name"),
                json.getString("category"),
                Corpus.expanded(json.getString("raw")),
                Expect.of(json.getString("expect")),
                Corpus.numbers(json, "statusOneOf"),
                Corpus.strings(json, "must"),
                flags.contains("pipeline") ? 2 : 1,
                flags.contains("halfclose"));
    }

    String firstMethod() {
        return raw.startsWith("HEAD ") ? "HEAD" : "GET";
    }

    /** A refusal of the session or the route leaves the framing sound, so the connection may go on. */
    boolean mayGoOnAfter(int status) {
        return category.equals("affinity")
                || Optional.of(status)
                        .filter(List.of(403, 404, 405, 417, 421)::contains)
                        .isPresent();
    }
}
