package dev.sandgate.conf;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Shapes of the plain values: whole numbers, yes or no, words of a list, texts of a pattern. */
final class Scalars {

    static final Shape<Boolean> BOOLEAN = Shape.of("true or false", Scalars::bool);

    private static final Pattern EITHER = Pattern.compile("true|false");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,18}");

    private Scalars() {}

    static Shape<Integer> whole(int min, int max) {
        String expected = "a whole number from " + grouped(min) + " to " + grouped(max);
        return Shape.of(expected, value -> {
            String told = expected + (inQuotes(value, WHOLE) ? ", without quotes" : "");
            Optional<String> text = value.bare(Node.Kind.NUMBER, told);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            if (!WHOLE.matcher(text.get()).matches()) {
                return value.refuse(expected);
            }
            long number = Long.parseLong(text.get());
            return number < min || number > max ? value.refuse(expected) : Optional.of((int) number);
        });
    }

    /** One of these words. */
    static <T> Shape<T> oneOf(Map<String, T> words) {
        return oneOf(words, List.of());
    }

    /**
     * One of these words.
     *
     * @param planned words of the design that are not built yet, refused as such
     */
    static <T> Shape<T> oneOf(Map<String, T> words, Collection<String> planned) {
        List<String> sorted = words.keySet().stream().sorted().toList();
        String expected = "\"" + String.join("\" or \"", sorted) + "\"";
        return Shape.of(expected, value -> {
            Optional<String> text = value.text(expected);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            Optional<T> meant = Optional.ofNullable(words.get(text.get()));
            if (meant.isPresent()) {
                return meant;
            }
            return planned.contains(text.get())
                    ? value.refuse(expected, "; \"" + text.get() + "\" is not built yet")
                    : value.refuse(expected, Nearest.hint(text.get(), sorted));
        });
    }

    /** A text that matches as a whole. */
    static Shape<String> text(String expected, Pattern pattern) {
        return Shape.of(expected, value -> {
            Optional<String> text = value.text(expected);
            return text.isEmpty() || pattern.matcher(text.get()).matches() ? text : value.refuse(expected);
        });
    }

    private static Optional<Boolean> bool(Value value) {
        String expected = "true or false";
        Optional<String> text =
                value.bare(Node.Kind.BOOLEAN, expected + (inQuotes(value, EITHER) ? ", without quotes" : ""));
        if (text.isPresent() && !EITHER.matcher(text.get()).matches()) {
            return value.refuse(expected);
        }
        return text.map(Boolean::valueOf);
    }

    private static boolean inQuotes(Value value, Pattern pattern) {
        return value.node() instanceof Node.Scalar scalar
                && scalar.kind() == Node.Kind.STRING
                && pattern.matcher(scalar.text()).matches();
    }

    private static String grouped(int number) {
        // 65535 is a port and never written with a comma.
        return number < 100_000 ? Integer.toString(number) : String.format(Locale.ROOT, "%,d", number);
    }
}
