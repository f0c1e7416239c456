package dev.sandgate.proxy.adversarial;

import dev.sandgate.proxy.kit.Fields;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One hostile HTTP/2 request.
 *
 * @param trailers sent after the data; empty: none
 */
record Http2Case(
        String name, Fields headers, String data, Optional<Fields> trailers, Expect expect, List<String> must) {

    enum Expect {
        STREAM_ERROR,
        FORWARD,
        EITHER;

        static Expect of(String text) {
            return switch (text) {
                case "stream-error" -> STREAM_ERROR;
                case "forward-normalized" -> FORWARD;
                case "either-but-not-desync" -> EITHER;
                default -> throw new IllegalArgumentException("expect: " + text);
            };
        }
    }

    static Http2Case of(JsonObject json) {
        return new Http2Case(
                json.getString("name"),
                fields(json.getJsonArray("headers")),
                json.getString("data"),
                Optional.ofNullable(json.getJsonArray("trailers")).map(Http2Case::fields),
                Expect.of(json.getString("expect")),
                Corpus.strings(json, "must"));
    }

    /** A field with a third element N stands for N fields, where {@code #} is the index. */
    private static Fields fields(JsonArray lines) {
        List<Fields.Field> fields = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            JsonArray line = lines.getJsonArray(i);
            String name = line.getString(0);
            String value = line.getString(1);
            if (line.size() == 2) {
                fields.add(new Fields.Field(name, value));
            } else {
                for (int n = 0; n < line.getInteger(2); n++) {
                    String index = String.valueOf(n);
                    fields.add(new Fields.Field(name.replace("#", index), value.replace("#", index)));
                }
            }
        }
        return new Fields(fields);
    }
}
