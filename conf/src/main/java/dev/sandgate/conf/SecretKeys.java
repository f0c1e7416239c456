package dev.sandgate.conf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** The shape of a list of keys, each an id and a secret. What stands there is shown nowhere. */
final class SecretKeys {

    static final int MOST = 16;

    private static final int SHORTEST_SECRET = 32;
    private static final Shape<String> ID = Scalars.text(
            "an id of 1 to 16 letters, digits, \".\", \"_\" or \"-\"", Pattern.compile("[A-Za-z0-9._-]{1,16}"));
    private static final Shape<String> SECRET =
            Shape.of("a secret of at least " + SHORTEST_SECRET + " characters", SecretKeys::secret);

    private SecretKeys() {}

    /**
     * For one list: its ids differ.
     *
     * @param min how many there are at least
     * @param made a key from its id and its secret
     */
    static <T> Shape<List<T>> of(int min, BiFunction<String, String, T> made) {
        Map<String, Spot> ids = new HashMap<>();
        String expected = "an object with id and secret";
        Shape<T> key = Shape.of(expected, value -> value.section(expected).flatMap(section -> key(section, ids, made)));
        return Lists.of("keys", key, min, MOST);
    }

    private static <T> Optional<T> key(Section section, Map<String, Spot> ids, BiFunction<String, String, T> made) {
        Optional<String> id = section.need("id", Shape.of(ID.expected(), value -> ownId(value, ids)));
        Optional<String> secret = section.need("secret", SECRET);
        section.end();
        return id.flatMap(told -> secret.map(hidden -> made.apply(told, hidden)));
    }

    private static Optional<String> ownId(Value value, Map<String, Spot> ids) {
        Optional<String> id = ID.read(value);
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
