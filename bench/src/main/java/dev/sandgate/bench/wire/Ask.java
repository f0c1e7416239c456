package dev.sandgate.bench.wire;

import java.util.ArrayList;
import java.util.List;

/** A request that is to be sent. */
public final class Ask {

    private final String method;
    private final String target;
    private final String body;
    private final List<String> fields = new ArrayList<>();
    private String host = "";

    private Ask(String method, String target, String body) {
        this.method = method;
        this.target = target;
        this.body = body;
    }

    /** Without a body. */
    public static Ask of(String method, String target) {
        return new Ask(method, target, "");
    }

    /** With a body; an empty one is sent as such where the method has a body. */
    public static Ask of(String method, String target, String body) {
        return new Ask(method, target, body);
    }

    /** Adds a field. */
    public Ask with(String name, String value) {
        fields.add(name);
        fields.add(value);
        return this;
    }

    /** Asks for this host instead of the door's own. */
    public Ask at(String otherHost) {
        host = otherHost;
        return this;
    }

    String method() {
        return method;
    }

    String target() {
        return target;
    }

    String body() {
        return body;
    }

    /** Names and values in turn. */
    List<String> fields() {
        return fields;
    }

    /** Empty: the door's own. */
    String host() {
        return host;
    }

    /** {@code POST /mcp}, without what may be secret. */
    @Override
    public String toString() {
        return method + " " + target;
    }
}
