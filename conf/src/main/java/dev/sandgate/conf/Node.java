package dev.sandgate.conf;

import java.util.List;
import java.util.Map;

/** One value of a config file, and where it stands. */
sealed interface Node {

    Spot spot();

    /** What a problem shows of it; never a replaced value. */
    String shown();

    /** What a scalar was written as. */
    enum Kind {
        STRING,
        NUMBER,
        BOOLEAN,
        NULL
    }

    /**
     * A value without parts.
     *
     * @param text a string's characters, escapes resolved; else as written
     * @param raw as written, quotes included; other words where it may be a secret
     */
    record Scalar(Spot spot, Kind kind, String text, String raw) implements Node {
        @Override
        public String shown() {
            return Shown.text(raw);
        }
    }

    /** A list. */
    record Items(Spot spot, List<Node> nodes) implements Node {
        @Override
        public String shown() {
            return nodes.isEmpty() ? "[]" : "a list";
        }
    }

    /** An object: its members by key, in the file's order. */
    record Members(Spot spot, Map<String, Member> members) implements Node {
        @Override
        public String shown() {
            return members.isEmpty() ? "{}" : "an object";
        }
    }

    /**
     * One member of an object.
     *
     * @param key where its key stands
     */
    record Member(Spot key, Node value) {}
}
