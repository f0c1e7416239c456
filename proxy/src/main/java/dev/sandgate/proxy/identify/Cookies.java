package dev.sandgate.proxy.identify;

import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and takes out cookies by name (RFC 6265 section 5.4), leaving all others as they were. */
final class Cookies {

    private static final String COOKIE = "cookie";

    private Cookies() {}

    /** The value of the first cookie of this name; browsers send the most specific one first. */
    static Optional<String> find(Inbound inbound, String name) {
        for (String line : inbound.request().headers().getAll(COOKIE)) {
            for (int from = 0; from < line.length(); ) {
                int end = endOfPair(line, from);
                int at = skipBlanks(line, from, end);
                if (isNamed(line, at, end, name)) {
                    return Optional.of(
                            line.substring(at + name.length() + 1, end).trim());
                }
                from = end + 1;
            }
        }
        return Optional.empty();
    }

    /** Takes every cookie of this name out of what goes to the instance. */
    static void remove(MultiMap fields, String name) {
        List<String> lines = fields.getAll(COOKIE);
        if (lines.stream().noneMatch(line -> line.contains(name))) {
            return;
        }
        fields.remove(COOKIE);
        for (String line : lines) {
            List<String> kept = new ArrayList<>();
            for (int from = 0; from < line.length(); ) {
                int end = endOfPair(line, from);
                int at = skipBlanks(line, from, end);
                if (at < end && !isNamed(line, at, end, name)) {
                    kept.add(line.substring(at, end));
                }
                from = end + 1;
            }
            if (!kept.isEmpty()) {
                fields.add(COOKIE, String.join("; ", kept));
            }
        }
    }

    /** The value that a {@code Set-Cookie} line gives to a cookie of this name; empty where it takes the cookie away. */
    static Optional<String> given(CharSequence setCookie, String name) {
        String line = setCookie.toString();
        int end = endOfPair(line, 0);
        int at = skipBlanks(line, 0, end);
        if (!isNamed(line, at, end, name)) {
            return Optional.empty();
        }
        String value = line.substring(at + name.length() + 1, end).trim();
        return value.isEmpty() || line.toLowerCase(java.util.Locale.ROOT).contains("max-age=0")
                ? Optional.empty()
                : Optional.of(value);
    }

    private static int endOfPair(String line, int from) {
        int end = line.indexOf(';', from);
        return end < 0 ? line.length() : end;
    }

    private static int skipBlanks(String line, int from, int end) {
        int at = from;
        while (at < end && line.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private static boolean isNamed(String line, int at, int end, String name) {
        return line.startsWith(name, at) && at + name.length() < end && line.charAt(at + name.length()) == '=';
    }
}
