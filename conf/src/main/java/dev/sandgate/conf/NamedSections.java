package dev.sandgate.conf;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** The shape of an object whose keys are names that the operator chose: {@code listeners}, {@code pools}. */
final class NamedSections {

    static final String NAME_RULE = "a name of 1 to 64 letters, digits, \".\", \"_\" or \"-\"";
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private static final int MOST_TOLD = 10;

    private NamedSections() {}

    /**
     * Refuses a name under which nothing stands.
     *
     * @param what it was to name
     * @param all where the known names are keys
     */
    static <T> Optional<T> refuseUnknown(Value value, String what, String name, Value all) {
        List<String> known = all.node() instanceof Node.Members object
                ? List.copyOf(object.members().keySet())
                : List.of();
        String expected = known.size() > MOST_TOLD ? what : what + ": " + String.join(", ", known);
        return value.refuse(expected, Nearest.hint(name, known));
    }

    /** @param what one of them is, with its article */
    static <T> Shape<Map<String, T>> of(String what, BiFunction<String, Section, Optional<T>> reading) {
        String expected = "an object with at least " + what.replaceFirst("^an? ", "one ") + ", by name";
        return Shape.of(expected, value -> {
            Optional<Section> section = value.section(expected);
            if (section.isEmpty()) {
                return Optional.empty();
            }
            if (section.get().members().isEmpty()) {
                return value.refuse(expected);
            }
            Map<String, T> read = new LinkedHashMap<>();
            section.get().members().forEach((name, member) -> {
                if (!NAME.matcher(name).matches()) {
                    value.context().problems().add(member.key(), "\"" + Shown.text(name) + "\"", NAME_RULE);
                }
                new Value(member.value(), value.context())
                        .section(what + ", which is an object")
                        .flatMap(inner -> reading.apply(name, inner))
                        .ifPresent(result -> read.put(name, result));
            });
            return Optional.of(Collections.unmodifiableMap(read));
        });
    }
}
