package dev.sandgate.conf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Shapes of lists whose items are all different. */
final class Lists {

    private Lists() {}

    /** @param what the items are, in the plural */
    static <T> Shape<List<T>> of(String what, Shape<T> item, int min, int max) {
        return of(what, item, min, max, same -> same);
    }

    /** @param sameness of two items with one such result, the second is refused */
    static <T> Shape<List<T>> of(String what, Shape<T> item, int min, int max, Function<T, Object> sameness) {
        String expected =
                min == 0 ? "a list of at most " + max + " " + what : "a list of " + min + " to " + max + " " + what;
        return Shape.of(expected, value -> {
            Optional<List<Value>> items = value.items(expected + inBrackets(value.node()));
            if (items.isEmpty()) {
                return Optional.empty();
            }
            int size = items.get().size();
            return size < min || size > max
                    ? value.refuse(expected)
                    : Optional.of(different(items.get(), item, sameness));
        });
    }

    /** The same items, in the same order. */
    static <T> Shape<Set<T>> set(Shape<List<T>> list) {
        return Shape.of(list.expected(), value -> list.read(value)
                .map(items -> Collections.unmodifiableSet(new LinkedHashSet<>(items))));
    }

    private static String inBrackets(Node node) {
        return !node.spot().isSecret()
                        && node instanceof Node.Scalar scalar
                        && scalar.kind() == Node.Kind.STRING
                        && !scalar.shown().equals(Shown.SECRET)
                ? "; did you mean [" + scalar.shown() + "]?"
                : "";
    }

    private static <T> List<T> different(List<Value> values, Shape<T> shape, Function<T, Object> sameness) {
        Map<Object, Value> seen = new HashMap<>();
        List<T> items = new ArrayList<>();
        for (Value value : values) {
            shape.read(value).ifPresent(item -> {
                Value first = seen.putIfAbsent(sameness.apply(item), value);
                if (first == null) {
                    items.add(item);
                } else {
                    value.refuse("each one once; " + first.node().spot().path() + " is the same");
                }
            });
        }
        return List.copyOf(items);
    }
}
