package dev.sandgate.proxy.identify;

import dev.sandgate.proxy.inbound.Fields;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.Syntax;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads and takes out cookies by name (RFC 6265 section 5.4), leaving all others as they were. */
final class Cookies {

    private static final AsciiString COOKIE = AsciiString.cached("cookie");
    private static final AsciiString SET_COOKIE = AsciiString.cached("set-cookie");
    private static final Pattern MAX_AGE =
            Pattern.compile(";\\s*max-age\\s*=\\s*(-?)([0-9]+)\\s*(?=;|$)", Pattern.CASE_INSENSITIVE);

    private Cookies() {}

    /** What is read from the first cookie of this name that can be; browsers send the most specific one first. */
    static <T> Optional<T> find(Inbound inbound, String name, Function<String, Optional<T>> reading) {
        for (String line : inbound.request().headers().getAll(COOKIE)) {
            for (int from = 0; from < line.length(); ) {
                int end = endOfPair(line, from);
                int at = skipBlanks(line, from, end);
                if (isNamed(line, at, end, name)) {
                    Optional<T> read = reading.apply(
                            line.substring(at + name.length() + 1, end).trim());
                    if (read.isPresent()) {
                        return read;
                    }
                }
                from = end + 1;
            }
        }
        return Optional.empty();
    }

    /** Takes every cookie of these names out of what goes to the instance; other lines stay as they are. */
    static void remove(MultiMap fields, List<String> names) {
        List<String> lines = fields.getAll(COOKIE);
        if (lines.stream().noneMatch(line -> names.stream().anyMatch(line::contains))) {
            return;
        }
        fields.remove(COOKIE);
        for (String line : lines) {
            String kept = without(line, names);
            if (!kept.isEmpty()) {
                fields.add(COOKIE, bytes(kept));
            }
        }
    }

    private static String without(String line, List<String> names) {
        List<String> kept = new ArrayList<>();
        boolean found = false;
        for (int from = 0; from < line.length(); ) {
            int end = endOfPair(line, from);
            int at = skipBlanks(line, from, end);
            boolean named = false;
            for (String name : names) {
                named |= isNamed(line, at, end, name);
            }
            found |= named;
            if (at < end && !named) {
                kept.add(line.substring(at, end));
            }
            from = end + 1;
        }
        return found ? String.join("; ", kept) : line;
    }

    /** Takes out of an answer the lines that set a cookie of a name that is not the instance's to set. */
    static void removeSet(MultiMap fields, Predicate<String> name) {
        List<String> lines = fields.getAll(SET_COOKIE);
        List<String> kept =
                lines.stream().filter(line -> !name.test(nameSet(line))).toList();
        if (kept.size() < lines.size()) {
            fields.remove(SET_COOKIE);
            kept.forEach(line -> fields.add(SET_COOKIE, bytes(line)));
        }
    }

    // A browser keeps "=sid=x" as a cookie without a name and the value "sid=x", and sends just that (RFC 6265bis).
    private static String nameSet(String line) {
        String pair = line.substring(0, endOfPair(line, 0)).trim();
        String named = pair.startsWith("=") ? pair.substring(1) : pair;
        int equals = named.indexOf('=');
        return equals < 0 ? "" : named.substring(0, equals).trim();
    }

    // Vert.x writes a String as ASCII, and bytes over 0x7F as question marks
    private static CharSequence bytes(String line) {
        return new AsciiString(line, StandardCharsets.ISO_8859_1);
    }

    /** The value that the answer gives to a cookie of this name; the last line wins, as it does in a browser. */
    static Optional<String> given(MultiMap answer, String name) {
        Optional<String> last = Optional.empty();
        var entries = Fields.entries(answer);
        while (entries.hasNext()) {
            Map.Entry<? extends CharSequence, ? extends CharSequence> entry = entries.next();
            if (Syntax.equalsIgnoreCase("set-cookie", entry.getKey())) {
                String line = entry.getValue().toString();
                int end = endOfPair(line, 0);
                int at = skipBlanks(line, 0, end);
                if (isNamed(line, at, end, name)) {
                    String value = line.substring(at + name.length() + 1, end).trim();
                    last = isTakenAway(line.substring(end)) ? Optional.empty() : Optional.of(value);
                }
            }
        }
        return last;
    }

    // of several Max-Age the last one counts; zero and less take the cookie away
    private static boolean isTakenAway(String attributes) {
        Matcher age = MAX_AGE.matcher(attributes);
        boolean away = false;
        while (age.find()) {
            away = !age.group(1).isEmpty() || age.group(2).chars().allMatch(digit -> digit == '0');
        }
        return away;
    }

    private static int endOfPair(String line, int from) {
        int end = line.indexOf(';', from);
        return end < 0 ? line.length() : end;
    }

    private static int skipBlanks(String line, int from, int end) {
        int at = from;
        while (at < end && (line.charAt(at) == ' ' || line.charAt(at) == '\t')) {
            at++;
        }
        return at;
    }

    private static boolean isNamed(String line, int at, int end, String name) {
        return line.startsWith(name, at) && at + name.length() < end && line.charAt(at + name.length()) == '=';
    }
}
