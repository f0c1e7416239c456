package dev.sandgate.conf;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One object of the file, being read: each known key is asked for once; {@link #end} refuses the others. */
final class Section {

    private final Node.Members object;
    private final Context context;
    private final Set<String> known = new LinkedHashSet<>();

    Section(Node.Members object, Context context) {
        this.object = object;
        this.context = context;
    }

    Spot spot() {
        return object.spot();
    }

    /** The value at a key that is known from now on. */
    Optional<Value> take(String key) {
        known.add(key);
        return Optional.ofNullable(object.members().get(key)).map(member -> new Value(member.value(), context));
    }

    /** The value at this key; empty where the key is absent or its value unfit. */
    <T> Optional<T> find(String key, Shape<T> shape) {
        return take(key).flatMap(shape::read);
    }

    /** As {@link #find}, of a key that must be there. */
    <T> Optional<T> need(String key, Shape<T> shape) {
        Optional<Value> value = take(key);
        if (value.isEmpty()) {
            Spot at = object.spot();
            context.problems().add(new Problem(at.pathTo(key), "missing", shape.expected(), at.line(), at.column()));
        }
        return value.flatMap(shape::read);
    }

    /** Tells that the object as a whole is unfit. */
    void refuse(String expected) {
        context.problems().add(object.spot(), object.shown(), expected);
    }

    /** Refuses each key that nobody asked for. */
    void end() {
        for (Map.Entry<String, Node.Member> member : object.members().entrySet()) {
            String key = member.getKey();
            if (!known.contains(key)) {
                String expected = "one of " + String.join(", ", known) + Nearest.hint(key, known);
                context.problems().add(member.getValue().key(), "unknown key", expected);
            }
        }
    }

    /** Every member, for an object whose keys are names that the operator chose. */
    Map<String, Node.Member> members() {
        return object.members();
    }

    Context context() {
        return context;
    }
}
