package dev.sandgate.conf;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as an operator writes them: {@code "512B"}, {@code "32KiB"}, {@code "64MiB"}, {@code "1GiB"}. */
final class Sizes {

    /** Each is 1024 of the one before. */
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB");

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9})(B|KiB|MiB|GiB)");
    private static final Pattern UNITLESS = Pattern.compile("[0-9]{1,15}");
    private static final Pattern LOOSE = Pattern.compile("([0-9]{1,9})\\s?([KkMmGg])([Ii]?[Bb])?");

    private Sizes() {}

    /** In bytes, both included; the texts are as an operator writes these bounds. */
    static Shape<Long> between(String min, String max) {
        String expected = "a size from \"" + min + "\" to \"" + max + "\"";
        long least = bytes(min).orElseThrow();
        long most = bytes(max).orElseThrow();
        return Shape.of(expected, value -> {
            if (value.node() instanceof Node.Scalar scalar
                    && UNITLESS.matcher(scalar.text()).matches()) {
                return value.refuse(expected + ", with its unit: B, KiB, MiB or GiB");
            }
            Optional<String> text = value.text(expected);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            Optional<Long> bytes = bytes(text.get());
            if (bytes.isEmpty()) {
                return value.refuse(expected, hint(text.get()));
            }
            return bytes.get() < least || bytes.get() > most ? value.refuse(expected) : bytes;
        });
    }

    private static Optional<Long> bytes(String text) {
        Matcher parts = SIZE.matcher(text);
        return parts.matches()
                ? Optional.of(Long.parseLong(parts.group(1)) << (10 * UNITS.indexOf(parts.group(2))))
                : Optional.empty();
    }

    private static String hint(String text) {
        Matcher loose = LOOSE.matcher(text);
        return loose.matches()
                ? "; did you mean \"" + loose.group(1)
                        + Character.toUpperCase(loose.group(2).charAt(0)) + "iB\"?"
                : "";
    }
}
