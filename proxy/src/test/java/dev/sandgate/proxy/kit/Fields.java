package dev.sandgate.proxy.kit;

import java.util.List;
import java.util.Optional;

/** Header or trailer fields, in the order in which they came. Names are compared without case. */
public record Fields(List<Field> list) {

    public static final Fields NONE = new Fields(List.of());

    /** One line: its name as it was written, its value without the white space around it. */
    public record Field(String name, String value) {}

    public Fields {
        list = List.copyOf(list);
    }

    /** The values of every line of this name. */
    public List<String> all(String name) {
        return list.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** The lines whose names begin with this, as they were written: {@code X-A: 1}. */
    public List<String> lines(String prefix) {
        return list.stream()
                .filter(field -> field.name().regionMatches(true, 0, prefix, 0, prefix.length()))
                .map(field -> field.name() + ": " + field.value())
                .toList();
    }

    public boolean has(String name) {
        return !all(name).isEmpty();
    }
}
