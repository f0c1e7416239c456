package dev.sandgate.conf;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a key or a value stands: its way from the top of the file, and its first character.
 *
 * @param step the last part of the way: {@code .port}, {@code [2]}, {@code ["a.b"]}; empty at the top
 * @param line from 1
 * @param column from 1, in UTF-16 units
 */
record Spot(@Nullable Spot parent, String step, int line, int column) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_$-]+");

    /** A file of keys, as problems name it. */
    private static final String KEYS = "keys";

    static Spot top(int line, int column) {
        return new Spot(null, "", line, column);
    }

    /** The top of a file that holds keys and nothing else. */
    static Spot topOfKeys(int line, int column) {
        return new Spot(null, KEYS, line, column);
    }

    Spot key(String name, int line, int column) {
        return new Spot(this, keyStep(name), line, column);
    }

    Spot item(int index, int line, int column) {
        return new Spot(this, "[" + index + "]", line, column);
    }

    /** {@code pools.python.sessions.idleTimeout}; empty at the top. */
    String path() {
        return pathOf(this);
    }

    /** The way to a key below this one that the file does not have. */
    String pathTo(String key) {
        return trimmed(path() + keyStep(key));
    }

    /** Whether what stands here may hold a key of ours, in whatever shape it was written. */
    boolean isSecret() {
        for (Spot at = this; at != null; at = at.parent) {
            if (at.isTopOfKeys()
                    || at.isAt(".cookie", ".keys")
                    || at.isAt(".apiKey", ".keys")
                    || at.isAt(".introspection", ".clientSecret")
                    || at.isAt(".admin", ".token")
                    || at.isAt(".account", ".key")
                    || at.isAt(".table", ".keys")
                    || at.isAt(".table", ".password")) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is where the table lives, in whatever shape it was written: it may name a user and a password. */
    boolean isTableUrl() {
        for (Spot at = this; at != null; at = at.parent) {
            if (at.isAt(".table", ".url") || at.isAt(".table", ".urls")) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is the table or within it. */
    boolean isInTable() {
        for (Spot at = this; at != null; at = at.parent) {
            if (at.step.equals(".table") && at.parent != null && at.parent.parent == null) {
                return true;
            }
        }
        return false;
    }

    /** Whether this is the object with the admin listener. */
    boolean isAdmin() {
        return step.equals(".admin");
    }

    private boolean isTopOfKeys() {
        return parent == null && step.equals(KEYS);
    }

    private boolean isAt(String outer, String inner) {
        return step.equals(inner) && parent != null && parent.step.equals(outer);
    }

    /** {@code 3:5}. */
    String place() {
        return line + ":" + column;
    }

    private static String pathOf(Spot spot) {
        Deque<String> steps = new ArrayDeque<>();
        for (Spot at = spot; at != null; at = at.parent) {
            steps.addFirst(at.step);
        }
        return trimmed(String.join("", steps));
    }

    private static String keyStep(String name) {
        return PLAIN.matcher(name).matches() ? "." + name : "[\"" + Shown.text(name) + "\"]";
    }

    private static String trimmed(String path) {
        return path.startsWith(".") ? path.substring(1) : path;
    }
}
