package dev.sandgate.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object with one key, which says what stands there: {@code { "jwt": { ... } }}.
 *
 * @param expected of the whole, for people
 * @param alone what is expected where there is a second such key
 * @param kinds by their keys
 */
record Choice<T>(String expected, String alone, Map<String, Shape<? extends T>> kinds) {

    Shape<T> shape() {
        return Shape.of(expected, value -> value.section(expected).flatMap(this::read));
    }

    /** The first of them; empty where it is unfit or there is none. */
    Optional<T> read(Section section) {
        Problems problems = section.context().problems();
        if (section.members().isEmpty()) {
            section.refuse(expected);
            return Optional.empty();
        }
        List<T> read = new ArrayList<>();
        kinds.forEach((kind, shape) -> section.find(kind, shape).ifPresent(read::add));
        section.end();
        section.members().entrySet().stream()
                .filter(member -> kinds.containsKey(member.getKey()))
                .skip(1)
                .forEach(member -> problems.add(member.getValue().key(), "key \"" + member.getKey() + "\"", alone));
        return read.stream().findFirst();
    }
}
