package dev.sandgate.proxy.rewrite;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A prefix that instances do not see at the start of a path, and one that they see there instead; and the way back. By
 * whole segments. Any thread.
 */
final class PathChanges {

    private final String strip;
    private final String add;

    /**
     * @param strip begins every path that comes; without a slash at its end; empty: none
     * @param add the same of every path that goes on
     */
    PathChanges(String strip, String add) {
        this.strip = strip;
        this.add = add;
    }

    /**
     * What the instance sees.
     *
     * @param target origin form as the client wrote it, whose path begins with the prefix in the form in which routes
     *     are chosen; or {@code *}, which stays
     * @throws Fault {@link Reason#PATH_INVALID} where another slash than {@code /} stands behind the prefix
     */
    String target(String target) {
        if (target.equals("*")) {
            return target;
        }
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        int from = strip.isEmpty() ? 0 : onlySlash(target, end, behind(target, end));
        if (from == end) {
            return (add.isEmpty() ? "/" : add) + target.substring(end);
        }
        return add + target.substring(from);
    }

    /** The same of a path in the form in which routes are chosen. */
    String path(String path) {
        String rest = path.substring(strip.length());
        return rest.isEmpty() ? add.isEmpty() ? "/" : add : add + rest;
    }

    /** Where in the target the prefix ends, however it is written there: with escapes, parameters, many slashes. */
    private int behind(String target, int end) {
        boolean plain = target.startsWith(strip) && (strip.length() == end || target.charAt(strip.length()) == '/');
        if (plain) {
            return strip.length();
        }
        int matched = 0;
        boolean parameters = false;
        int width;
        for (int at = 0; at < end; at += width) {
            width = target.charAt(at) == '%' ? 3 : 1;
            char c = width == 1 ? target.charAt(at) : (char) Integer.parseInt(target, at + 1, at + 3, 16);
            if (isSlash(c) && matched == strip.length()) {
                return at;
            } else if (isSlash(c)) {
                parameters = false;
                boolean first = matched == 0 || strip.charAt(matched - 1) != '/';
                matched = first ? next(matched, '/') : matched;
            } else if (c == ';') {
                parameters = true;
            } else if (!parameters) {
                matched = next(matched, c);
            }
        }
        if (matched < strip.length()) {
            throw unlike();
        }
        return end;
    }

    private int next(int matched, char c) {
        if (matched == strip.length() || strip.charAt(matched) != c) {
            throw unlike();
        }
        return matched + 1;
    }

    // The route took it, so this does not happen; and nothing is passed on where it would.
    private Fault unlike() {
        return Fault.of(Reason.PATH_INVALID, "The path does not begin with the prefix of its route");
    }

    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }

    // "//host" at the start of a path is a host to many who read it, and would be there only because of us.
    private static int onlySlash(String target, int end, int from) {
        int at = from;
        while (at < end) {
            char c = target.charAt(at);
            boolean escaped =
                    target.regionMatches(true, at, "%2f", 0, 3) || target.regionMatches(true, at, "%5c", 0, 3);
            if (c == '\\' || escaped) {
                throw Fault.of(
                        Reason.PATH_INVALID, "Behind the prefix of its route the path has a slash in another form");
            } else if (c != '/') {
                break;
            }
            at++;
        }
        return at == from ? at : at - 1;
    }

    /** Whether clients can reach this path of the instance's. */
    boolean reaches(String path) {
        return isUnder(add, mayHaveDots(path) ? resolved(path) : path);
    }

    /** A path of the instance's as clients know it; as it is where they do not know it. Never begins with two slashes. */
    String back(String path) {
        String resolved = mayHaveDots(path) ? resolved(path) : path;
        if (!isUnder(add, resolved)) {
            return path;
        }
        String rest = resolved.substring(add.length());
        int at = 0;
        while (at < rest.length() && "/\\\t".indexOf(rest.charAt(at)) >= 0) {
            at++;
        }
        String back = strip + (at == 0 ? rest : "/" + rest.substring(at));
        return back.isEmpty() ? "/" : back;
    }

    /** The same of a cookie's path, which takes all below it. */
    String backOfCookie(String path) {
        String below = path.endsWith("/") ? path : path + "/";
        boolean coversAll = path.equals("/") || path.equals(add) || add.startsWith(below);
        return coversAll ? strip.isEmpty() ? "/" : strip : back(path);
    }

    private static boolean isUnder(String prefix, String path) {
        return path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
    }

    private static boolean mayHaveDots(String path) {
        return path.contains("/.") || path.contains("%2e") || path.contains("%2E");
    }

    /** RFC 3986 section 5.2.4, as browsers do it: an escaped dot is one too. */
    private static String resolved(String path) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int at = 0; at < segments.length; at++) {
            String plain = segments[at].replace("%2e", ".").replace("%2E", ".");
            boolean up = plain.equals("..");
            if (up) {
                kept.pollLast();
            }
            if (!up && !plain.equals(".")) {
                kept.add(segments[at]);
            } else if (at == segments.length - 1) {
                kept.add("");
            }
        }
        return "/" + String.join("/", kept);
    }
}
