package dev.sandgate.conf;

import dev.sandgate.conf.RewriteConfig.Fields;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads what a route changes on the way: its {@code rewrite}. */
final class RewriteReader {

    static final String EXPECTED = "an object with request, answer, stripPrefix or addPrefix";

    private static final String FIELDS = "an object with rename, remove or set";
    private static final String NAME = "the name of a header field, such as \"X-Channel\"";
    private static final String RENAME = "an object of names of header fields, the new one by the old one";
    private static final String SET = "an object of names of header fields and their values";
    private static final int MOST = 64;

    private final Optional<List<String>> paths;
    private final RewriteNames names;

    /**
     * @param paths the route's; empty: they could not be read, which was told
     * @param names which fields it may change
     */
    RewriteReader(Optional<List<String>> paths, RewriteNames names) {
        this.paths = paths;
        this.names = names;
    }

    Shape<RewriteConfig> rewrite() {
        return Shape.of(EXPECTED, value -> value.section(EXPECTED).map(this::rewrite));
    }

    private RewriteConfig rewrite(Section section) {
        Fields request = section.find("request", fields(true)).orElse(Fields.NOTHING);
        Fields answer = section.find("answer", fields(false)).orElse(Fields.NOTHING);
        String strip = section.find("stripPrefix", Shape.of(prefixExpected(), this::strip))
                .orElse("");
        String add = section.find("addPrefix", Shape.of(prefixExpected(), RewriteReader::prefix))
                .orElse("");
        section.end();
        return new RewriteConfig(request, answer, strip, add);
    }

    private static String prefixExpected() {
        return "a path of at least one segment, such as \"/api\"";
    }

    private static Optional<String> prefix(Value value) {
        return RouteShapes.PATH
                .read(value)
                .flatMap(path -> path.equals("/") ? value.refuse(prefixExpected()) : Optional.of(path));
    }

    // What does not begin with it could only be passed on unchanged, to a place that nobody means.
    private Optional<String> strip(Value value) {
        Optional<String> prefix = prefix(value);
        boolean fits = prefix.isEmpty()
                || paths.stream().flatMap(List::stream).allMatch(path -> (path + "/").startsWith(prefix.get() + "/"));
        return fits ? prefix : value.refuse("a prefix of every one of the route's \"paths\"");
    }

    private Shape<Fields> fields(boolean ofRequest) {
        return Shape.of(FIELDS, value -> value.section(FIELDS).map(section -> fields(section, ofRequest)));
    }

    private Fields fields(Section section, boolean ofRequest) {
        Map<String, Spot> taken = new HashMap<>();
        Shape<String> name = Shape.of(NAME, value -> value.text(NAME)
                .filter(text -> fits(value.context(), value.node().spot(), text, ofRequest))
                .filter(text -> isAlone(value.context(), value.node().spot(), text, taken)));
        Map<String, String> rename =
                section.find("rename", members(RENAME, name, taken, ofRequest)).orElse(Map.of());
        List<String> remove = section.find("remove", Lists.of("names of header fields", name, 0, MOST))
                .orElse(List.of());
        Map<String, String> set = section.find("set", members(SET, RouteShapes.HEADER_VALUE, taken, ofRequest))
                .orElse(Map.of());
        section.end();
        return new Fields(rename, remove, set);
    }

    private Shape<Map<String, String>> members(
            String expected, Shape<String> value, Map<String, Spot> taken, boolean ofRequest) {
        return Shape.of(expected, said -> said.section(expected).flatMap(section -> {
            if (section.members().size() > MOST) {
                return said.refuse("an object of at most " + MOST + " fields");
            }
            Map<String, String> read = new LinkedHashMap<>();
            section.members().forEach((name, member) -> {
                Context context = section.context();
                boolean fit =
                        fits(context, member.key(), name, ofRequest) && isAlone(context, member.key(), name, taken);
                value.read(new Value(member.value(), context))
                        .filter(text -> fit)
                        .ifPresent(text -> read.put(name, text));
            });
            return Optional.of(Map.copyOf(read));
        }));
    }

    private boolean fits(Context context, Spot spot, String name, boolean ofRequest) {
        Optional<String> expected = HeaderNames.TOKEN.matcher(name).matches()
                ? names.refusal(name.toLowerCase(Locale.ROOT), ofRequest)
                : Optional.of(NAME);
        expected.ifPresent(other -> context.problems().add(spot, "\"" + Shown.text(name) + "\"", other));
        return expected.isEmpty();
    }

    // No order of renaming, removing and setting has to be known in order to read what becomes of a field.
    private static boolean isAlone(Context context, Spot spot, String name, Map<String, Spot> taken) {
        Spot first = taken.putIfAbsent(name.toLowerCase(Locale.ROOT), spot);
        if (first != null) {
            context.problems()
                    .add(
                            spot,
                            "\"" + Shown.text(name) + "\"",
                            "each field once in rename, remove and set; " + first.path() + " is the same");
        }
        return first == null;
    }
}
