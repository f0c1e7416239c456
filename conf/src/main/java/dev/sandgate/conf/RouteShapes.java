package dev.sandgate.conf;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Shapes of what a route asks of a request: its host, its path, its fields. */
final class RouteShapes {

    static final Shape<String> HOST =
            Shape.of("a host name such as \"app.example.com\" or \"*.example.com\"", RouteShapes::host);
    static final Shape<String> PATH = Shape.of("a path that begins with \"/\", such as \"/api\"", RouteShapes::path);
    static final Shape<Map<String, String>> HEADERS = Shape.of(
            "an object of header names and their values",
            value -> value.section("an object of header names and their values").map(RouteShapes::headers));

    private static final Pattern PLAIN_PATH = Pattern.compile("/[A-Za-z0-9._~!$&'()+,;=:@/-]*");
    private static final Pattern DOT_SEGMENT = Pattern.compile(".*/\\.\\.?(/.*)?");
    private static final Pattern WITH_PORT = Pattern.compile("[^:]*:[0-9]+");
    static final Shape<String> HEADER_VALUE = Scalars.text(
            "a text of visible ASCII characters, without blanks around it", Pattern.compile("[!-~]|[!-~][ -~]*[!-~]"));

    private RouteShapes() {}

    private static Optional<String> host(Value value) {
        Optional<String> text = value.text(HOST.expected());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        boolean wildcard = text.get().startsWith("*.");
        String name = wildcard ? text.get().substring(2) : text.get();
        boolean bracketed = name.startsWith("[") && name.endsWith("]");
        Optional<String> host = Addresses.host(bracketed ? name.substring(1, name.length() - 1) : name)
                .filter(spelled -> !bracketed || spelled.contains(":"));
        boolean address = host.isPresent() && Addresses.address(host.get()).isPresent();
        if (host.isEmpty() || (address && wildcard)) {
            return value.refuse(HOST.expected(), hostHint(text.get()));
        }
        // In a Host field an IPv6 address stands in brackets.
        String spelled = host.get().contains(":") ? "[" + host.get() + "]" : host.get();
        return Optional.of(wildcard ? "*." + spelled : spelled);
    }

    static String hostHint(String text) {
        if (WITH_PORT.matcher(text).matches()) {
            return ", without a port";
        }
        if (text.equals("*")) {
            return "; leave \"hosts\" out to take any";
        }
        if (text.contains("://")) {
            return ", without a scheme";
        }
        if (text.chars().anyMatch(c -> c > '~')) {
            return ", with letters outside ASCII in their \"xn--\" form";
        }
        return text.contains("*") ? "; \"*.\" stands only at the start" : "";
    }

    private static Optional<String> path(Value value) {
        Optional<String> text = value.text(PATH.expected());
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String path = text.get();
        if (!isPlain(path)) {
            return value.refuse(PATH.expected(), pathHint(path));
        }
        // A prefix by segment: "/api/" and "/api" take the same.
        return Optional.of(path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    /** Whether a request's normalized path may look so: no empty, dot or encoded segment. */
    static boolean isPlain(String path) {
        return PLAIN_PATH.matcher(path).matches()
                && !path.contains("//")
                && !DOT_SEGMENT.matcher(path).matches();
    }

    private static String pathHint(String path) {
        if (path.contains("*")) {
            return "; without \"*\", a path takes all that is below it";
        }
        if (path.contains("{") || path.contains("}")) {
            return ", without \"{\" and \"}\"";
        }
        if (path.contains("%")) {
            return ", without \"%\"";
        }
        if (path.contains("?") || path.contains("#")) {
            return ", without a query";
        }
        return path.startsWith("/") ? ", without \"//\", \"/./\", \"/../\" and blanks" : "";
    }

    private static Map<String, String> headers(Section section) {
        Map<String, String> headers = new LinkedHashMap<>();
        section.members().forEach((name, member) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            Problems problems = section.context().problems();
            String found = "\"" + Shown.text(name) + "\"";
            if (!HeaderNames.TOKEN.matcher(name).matches()) {
                problems.add(member.key(), found, "the name of a request header, such as \"X-Channel\"");
            } else if (lower.equals("host")) {
                problems.add(member.key(), found, "another header; a route's hosts go under \"hosts\"");
            } else if (headers.containsKey(lower)) {
                problems.add(member.key(), found, "each header once; upper and lower case are the same");
            }
            HEADER_VALUE.read(new Value(member.value(), section.context())).ifPresent(text -> headers.put(lower, text));
        });
        return Map.copyOf(headers);
    }
}
