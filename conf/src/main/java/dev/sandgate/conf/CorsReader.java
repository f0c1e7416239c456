package dev.sandgate.conf;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which pages of other origins may call a route: its {@code cors}. */
final class CorsReader {

    static final String EXPECTED = "an object with origins";
    static final String ANY = "*";

    private static final String ORIGIN = "\"https://host\", \"https://*.example.com\", or \"*\" alone for everybody";
    private static final Pattern WILDCARD = Pattern.compile("(?i)(https?://)\\*\\.(.+)");
    private static final Shape<String> FIELD = name("the name of a header field, such as \"X-Channel\"");
    private static final Shape<String> METHOD = name("a method such as \"PUT\"");
    private static final Duration USUAL_AGE = Duration.ofMinutes(10);
    private static final int MOST_ORIGINS = 1000;
    private static final int MOST_NAMES = 64;

    private CorsReader() {}

    static Shape<CorsConfig> cors() {
        return Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(CorsReader::cors));
    }

    private static Optional<CorsConfig> cors(Section section) {
        Shape<String> origin = Shape.of(ORIGIN, CorsReader::origin);
        Optional<List<String>> origins =
                section.need("origins", Lists.of("origins, each " + ORIGIN, origin, 1, MOST_ORIGINS));
        boolean credentials = section.find("credentials", Scalars.BOOLEAN).orElse(false);
        List<String> methods = names(section, "methods", "methods", METHOD);
        List<String> headers = names(section, "headers", "names of header fields", FIELD);
        List<String> expose = names(section, "expose", "names of header fields", FIELD);
        Duration maxAge = section.find("maxAge", Durations.between(Duration.ZERO, Duration.ofDays(1)))
                .orElse(USUAL_AGE);
        section.end();
        if (origins.isPresent() && origins.get().contains(ANY)) {
            if (origins.get().size() > 1) {
                section.take("origins").ifPresent(said -> said.refuse("\"*\" alone, or origins without it"));
            }
            if (credentials) {
                section.take("credentials")
                        .ifPresent(said -> said.refuse("false; with \"*\" any page could act as whoever looks at it"));
            }
        }
        return origins.map(list -> new CorsConfig(list, credentials, methods, headers, expose, maxAge));
    }

    private static List<String> names(Section section, String key, String what, Shape<String> name) {
        return section.find(key, Lists.of(what, name, 0, MOST_NAMES, text -> text.toLowerCase(Locale.ROOT)))
                .orElse(List.of());
    }

    private static Shape<String> name(String expected) {
        return Shape.of(expected, value -> value.text(expected).flatMap(text -> {
            if (text.equals(ANY)) {
                return value.refuse(expected + "; without this key, those that are asked for");
            }
            return HeaderNames.TOKEN.matcher(text).matches() ? Optional.of(text) : value.refuse(expected);
        }));
    }

    private static Optional<String> origin(Value value) {
        Optional<String> text = value.text(ORIGIN);
        if (text.isEmpty() || text.get().equals(ANY)) {
            return text;
        }
        Matcher wildcard = WILDCARD.matcher(text.get());
        if (!wildcard.matches() && text.get().contains(ANY)) {
            return value.refuse(ORIGIN, "; \"*.\" stands only before a domain");
        }
        if (!wildcard.matches()) {
            return HttpAddress.read(value, ORIGIN, "https").map(HttpAddress::origin);
        }
        String scheme = wildcard.group(1).toLowerCase(Locale.ROOT);
        Optional<String> below = HttpAddress.plain(scheme + wildcard.group(2))
                .filter(address -> Addresses.address(address.host()).isEmpty())
                .map(HttpAddress::origin);
        return below.isEmpty()
                ? value.refuse(ORIGIN)
                : Optional.of(scheme + "*." + below.get().substring(scheme.length()));
    }
}
