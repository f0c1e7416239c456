package dev.sandgate.conf;

import dev.sandgate.conf.AffinityConfig.Cookie;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the source {@code cookie}. What stands under its {@code keys} is shown nowhere. */
final class CookieReader {

    private static final String EXPECTED = "the name of a cookie, such as \"sandgate\"";
    private static final int SHORTEST_SECRET = 32;
    private static final Shape<String> NAME = Scalars.text(EXPECTED, HeaderNames.TOKEN);
    private static final Shape<String> KEY_ID = Scalars.text(
            "an id of 1 to 16 letters, digits, \".\", \"_\" or \"-\"", Pattern.compile("[A-Za-z0-9._-]{1,16}"));
    private static final Shape<String> SECRET =
            Shape.of("a secret of at least " + SHORTEST_SECRET + " characters", CookieReader::secret);

    static final Shape<Cookie> COOKIE = Shape.of(EXPECTED, CookieReader::cookie);

    private CookieReader() {}

    private static Optional<Cookie> cookie(Value value) {
        if (!(value.node() instanceof Node.Members object)) {
            Optional<String> name = NAME.read(value).flatMap(spelled -> ours(value, spelled));
            return name.map(ours -> new Cookie(ours, false, List.of()));
        }
        Section section = new Section(object, value.context());
        Optional<String> name = section.need("name", NAME);
        boolean learn = section.find("learn", Scalars.BOOLEAN).orElse(false);
        List<CookieKey> keys = section.find("keys", keys()).orElse(List.of());
        section.end();
        Optional<Value> keysSaid = section.take("keys").filter(said -> !said.isEmptyList());
        if (learn) {
            keysSaid.ifPresent(said -> said.refuse("none with learn; the application's own cookie is not sealed"));
            return name.map(theirs -> new Cookie(theirs, true, keys));
        }
        return name.flatMap(spelled -> section.take("name").flatMap(said -> ours(said, spelled)))
                .map(ours -> new Cookie(ours, false, keys));
    }

    private static Optional<String> ours(Value value, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("__host-") || lower.startsWith("__secure-")
                ? value.refuse("a name without \"__Host-\" and \"__Secure-\"; Sandgate puts \"__Host-\" before it where"
                        + " the client's side is https")
                : Optional.of(name);
    }

    private static Shape<List<CookieKey>> keys() {
        Map<String, Spot> ids = new HashMap<>();
        String expected = "an object with id and secret";
        Shape<CookieKey> key =
                Shape.of(expected, value -> value.section(expected).flatMap(section -> key(section, ids)));
        return Lists.of("keys", key, 0, 16);
    }

    private static Optional<CookieKey> key(Section section, Map<String, Spot> ids) {
        Optional<String> id = section.need("id", Shape.of(KEY_ID.expected(), value -> ownId(value, ids)));
        Optional<String> secret = section.need("secret", SECRET);
        section.end();
        return id.flatMap(told -> secret.map(hidden -> new CookieKey(told, hidden)));
    }

    private static Optional<String> ownId(Value value, Map<String, Spot> ids) {
        Optional<String> id = KEY_ID.read(value);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        Spot first = ids.putIfAbsent(id.get(), value.node().spot());
        return first == null ? id : value.refuse("an id of its own; " + first.path() + " is the same");
    }

    private static Optional<String> secret(Value value) {
        Optional<String> text = value.text(SECRET.expected());
        return text.isEmpty() || text.get().codePointCount(0, text.get().length()) >= SHORTEST_SECRET
                ? text
                : value.refuse(SECRET.expected());
    }
}
