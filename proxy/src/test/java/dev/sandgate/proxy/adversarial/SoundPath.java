package dev.sandgate.proxy.adversarial;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A target's path as the most obliging of servers would read it. */
final class SoundPath {

    private SoundPath() {}

    /** The pool that owns this target by the routes {@code /pub}, {@code /admin} and {@code /}. */
    static String owner(String target) {
        String path = normalized(target);
        for (String pool : List.of("pub", "admin")) {
            if (path.equals("/" + pool) || path.startsWith("/" + pool + "/")) {
                return pool;
            }
        }
        return "main";
    }

    /** Without query and parameters, decoded once, backslashes turned, empty and dot segments resolved. */
    static String normalized(String target) {
        String path = target.replaceFirst("\\?.*", "").replaceAll(";[^/]*", "");
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : List.of(decoded(path).replace('\\', '/').split("/", -1))) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return "/" + String.join("/", segments);
    }

    private static String decoded(String path) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            String pair = path.substring(Math.min(i + 1, path.length()), Math.min(i + 3, path.length()));
            if (path.charAt(i) == '%' && pair.matches("[0-9A-Fa-f]{2}")) {
                text.append((char) Integer.parseInt(pair, 16));
                i += 2;
            } else {
                text.append(path.charAt(i));
            }
        }
        return text.toString();
    }
}
