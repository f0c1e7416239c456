package dev.sandgate.conf;

import dev.sandgate.conf.AffinityConfig.Cookie;
import dev.sandgate.conf.AffinityConfig.CookieKey;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads the source {@code cookie}. What stands under its {@code keys} is shown nowhere. */
final class CookieReader {

    private static final String EXPECTED = "the name of a cookie, such as \"sandgate\"";
    private static final Shape<String> NAME = Scalars.text(EXPECTED, HeaderNames.TOKEN);

    private final RouteFacts route;

    CookieReader(RouteFacts route) {
        this.route = route;
    }

    Shape<Cookie> cookie() {
        return Shape.of(EXPECTED, this::cookie);
    }

    private Optional<Cookie> cookie(Value value) {
        if (!(value.node() instanceof Node.Members object)) {
            Optional<String> name = NAME.read(value).flatMap(spelled -> ours(value, spelled));
            name.ifPresent(ours -> refuseWithoutKeys(value));
            return name.map(ours -> new Cookie(ours, false, List.of()));
        }
        Section section = new Section(object, value.context());
        Optional<String> name = section.need("name", NAME);
        boolean learn = section.find("learn", Scalars.BOOLEAN).orElse(false);
        List<CookieKey> keys =
                section.find("keys", SecretKeys.of(0, CookieKey::new)).orElse(List.of());
        section.end();
        Optional<Value> keysSaid = section.take("keys").filter(said -> !said.isEmptyList());
        if (learn) {
            keysSaid.ifPresent(said -> said.refuse("none with learn; the application's own cookie is not sealed"));
            return name.map(theirs -> new Cookie(theirs, true, keys));
        }
        if (keysSaid.isEmpty()) {
            refuseWithoutKeys(value);
        }
        return name.flatMap(spelled -> section.take("name").flatMap(said -> ours(said, spelled)))
                .map(ours -> new Cookie(ours, false, keys));
    }

    /** A random key is this node's alone; the others could not open what it sealed. */
    private void refuseWithoutKeys(Value value) {
        if (route.manyNodes()) {
            value.refuse(
                    "a cookie with keys, such as { \"name\": \"sandgate\", \"keys\": [{ \"id\": \"2026\", \"secret\":"
                            + " \"${file:secrets/sandgate}\" }] }; the table is in Redis, and every node opens it");
        }
    }

    private static Optional<String> ours(Value value, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("__host-") || lower.startsWith("__secure-")
                ? value.refuse("a name without \"__Host-\" and \"__Secure-\"; Sandgate puts \"__Host-\" before it where"
                        + " the client's side is https")
                : Optional.of(name);
    }
}
