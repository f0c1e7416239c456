package dev.sandgate.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A node being read: what it must be is asked of it, and what is wrong with it is told. */
record Value(Node node, Context context) {

    /** No text of a config is longer; patterns run on no longer ones. */
    static final int LONGEST_TEXT = 4096;

    /** Tells that this value is unfit; the result is always empty, of whatever type the caller lacks. */
    <T> Optional<T> refuse(String expected) {
        complain(isLiteral() ? expected : expected + ", after replacement");
        return Optional.empty();
    }

    private void complain(String expected) {
        context.problems().add(node.spot(), node.shown(), expected);
    }

    /** As {@link #refuse(String)}; the hint was made from the value and is dropped where that is a secret. */
    <T> Optional<T> refuse(String expected, String hint) {
        return refuse(isLiteral() ? expected + hint : expected);
    }

    /** Whether the file itself says this value; else it may be a secret. */
    boolean isLiteral() {
        return !(node instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.STRING)
                || Substitution.isLiteral(scalar.text());
    }

    /** A string, its references replaced. */
    Optional<String> text(String expected) {
        return template(expected, Set.of()).map(whole -> whole.fill(Map.of()));
    }

    /** A string, its references replaced, but for these blanks. */
    Optional<Template> template(String expected, Set<String> blanks) {
        if (!(node instanceof Node.Scalar scalar) || scalar.kind() != Node.Kind.STRING) {
            return refuse(expected);
        }
        if (scalar.text().length() > LONGEST_TEXT) {
            return refuse("at most 4,096 characters");
        }
        Optional<Template> replaced = context.substitution().replace(scalar.text(), blanks, this::complain);
        if (replaced.isPresent() && replaced.get().length() > LONGEST_TEXT) {
            return refuse("at most 4,096 characters");
        }
        return replaced;
    }

    /** A number or a boolean, as written; or a string in which something was replaced. */
    Optional<String> bare(Node.Kind kind, String expected) {
        if (!(node instanceof Node.Scalar scalar)) {
            return refuse(expected);
        }
        if (scalar.kind() == kind) {
            return Optional.of(scalar.text());
        }
        return isLiteral() ? refuse(expected) : text(expected);
    }

    /** What stands at this key, where this is an object that has it. */
    Optional<Value> member(String key) {
        return node instanceof Node.Members object
                ? Optional.ofNullable(object.members().get(key)).map(member -> new Value(member.value(), context))
                : Optional.empty();
    }

    /** An object. */
    Optional<Section> section(String expected) {
        return node instanceof Node.Members object ? Optional.of(new Section(object, context)) : refuse(expected);
    }

    boolean isEmptyList() {
        return node instanceof Node.Items list && list.nodes().isEmpty();
    }

    /** A list's values. */
    Optional<List<Value>> items(String expected) {
        if (!(node instanceof Node.Items list)) {
            return refuse(expected);
        }
        List<Value> values = new ArrayList<>();
        list.nodes().forEach(item -> values.add(new Value(item, context)));
        return Optional.of(values);
    }
}
