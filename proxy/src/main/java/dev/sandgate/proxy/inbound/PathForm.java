package dev.sandgate.proxy.inbound;

import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import java.nio.charset.StandardCharsets;

/**
 * The one form of a path in which routes are chosen. The path that is forwarded stays as the client wrote it; so a path
 * that an instance could read in two ways (dot segments, however written) is refused rather than repaired.
 */
final class PathForm {

    private PathForm() {}

    /**
     * The path with escapes decoded, backslashes read as slashes and repeated slashes as one.
     *
     * @param target origin form, checked to be visible ASCII; what follows {@code ?} is left out
     * @throws Fault {@link Reason#PATH_INVALID}
     */
    static String of(String target) {
        int query = target.indexOf('?');
        int end = query < 0 ? target.length() : query;
        if (isPlain(target, end)) {
            return query < 0 ? target : target.substring(0, end);
        }
        String path = joined(decoded(target, end));
        refuseDotSegments(path);
        return path;
    }

    // Nothing that could be read in another way: the usual case, without a copy where there is no query.
    private static boolean isPlain(String target, int end) {
        char before = 0;
        for (int at = 0; at < end; at++) {
            char c = target.charAt(at);
            if (c == '%' || c == '\\' || (before == '/' && (c == '/' || c == '.'))) {
                return false;
            }
            before = c;
        }
        return true;
    }

    private static String decoded(String target, int end) {
        byte[] bytes = new byte[end];
        int length = 0;
        for (int at = 0; at < end; at++) {
            int c = target.charAt(at);
            if (c == '%') {
                int high = digit(target, at + 1, end);
                int low = digit(target, at + 2, end);
                if (high < 0 || low < 0) {
                    throw Fault.of(
                            Reason.PATH_INVALID, "The path has a broken escape (expected: % and two hex digits)");
                }
                c = high << 4 | low;
                at += 2;
                if (c < 0x20 || c == 0x7F) {
                    throw Fault.of(Reason.PATH_INVALID, "The path has an escaped control character");
                }
            }
            bytes[length++] = (byte) c;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static int digit(String text, int at, int end) {
        return at < end ? Character.digit(text.charAt(at), 16) : -1;
    }

    private static String joined(String path) {
        var joined = new StringBuilder(path.length());
        for (int at = 0; at < path.length(); at++) {
            char c = path.charAt(at) == '\\' ? '/' : path.charAt(at);
            if (c != '/' || joined.isEmpty() || joined.charAt(joined.length() - 1) != '/') {
                joined.append(c);
            }
        }
        return joined.toString();
    }

    // "..;x" is a dot segment to servers that know path parameters.
    private static void refuseDotSegments(String path) {
        int from = 1;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            int parameters = path.indexOf(';', from);
            int end = parameters >= 0 && parameters < to ? parameters : to;
            int length = end - from;
            if ((length == 1 || length == 2) && path.charAt(from) == '.' && path.charAt(end - 1) == '.') {
                throw Fault.of(Reason.PATH_INVALID, "The path has a dot segment (expected: a path without . and ..)");
            }
            from = to + 1;
        }
    }
}
