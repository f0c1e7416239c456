package dev.sandgate.proxy.features;

import dev.sandgate.proxy.kit.Fields;
import java.util.ArrayList;
import java.util.List;

/** HTTP/2 heads as these tests write them. */
final class Http2 {

    private Http2() {}

    /** A head for {@code a.test}, with more fields by name and value. */
    static Fields head(String method, String path, String... more) {
        List<Fields.Field> fields = new ArrayList<>(List.of(
                new Fields.Field(":method", method),
                new Fields.Field(":scheme", "http"),
                new Fields.Field(":path", path),
                new Fields.Field(":authority", "a.test")));
        for (int at = 0; at < more.length; at += 2) {
            fields.add(new Fields.Field(more[at], more[at + 1]));
        }
        return new Fields(fields);
    }
}
