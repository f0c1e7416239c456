package dev.sandgate.conf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a route's {@code affinity}: where a request's session id is found. */
final class AffinityReader {

    static final Shape<List<AffinityConfig>> AFFINITY = Lists.of(
            "sources of the session id", Shape.of(expected(), AffinityReader::source), 0, 8, AffinityReader::id);

    private static final String HEADER = "header";
    private static final Set<String> PLANNED = Set.of("cookie", "query", "path", "host", "principal", "mcp");
    private static final String NAME = "the name of a request header, such as \"X-Session-Id\"";
    private static final Shape<String> HEADER_NAME = Shape.of(NAME, AffinityReader::headerName);

    private AffinityReader() {}

    private static String expected() {
        return "a source such as { \"header\": \"X-Session-Id\" }";
    }

    private static Object id(AffinityConfig source) {
        return source instanceof AffinityConfig.Header header
                ? HEADER + ":" + header.name().toLowerCase(Locale.ROOT)
                : source;
    }

    private static Optional<AffinityConfig> source(Value value) {
        if (!(value.node() instanceof Node.Members object)) {
            return bareWord(value);
        }
        List<String> kinds = new ArrayList<>(object.members().keySet());
        Optional<String> planned = kinds.stream().filter(PLANNED::contains).findFirst();
        if (planned.isPresent()) {
            Node.Member member = object.members().get(planned.get());
            if (member != null) {
                String key = "\"" + planned.get() + "\"";
                String told = "\"header\"; " + key + " is not built yet";
                value.context().problems().add(member.key(), "key " + key, told);
            }
            return Optional.empty();
        }
        Section section = new Section(object, value.context());
        Optional<AffinityConfig> source = section.need(HEADER, Shape.of(NAME, AffinityReader::header));
        section.end();
        return source;
    }

    /** {@code "mcp"}, which has nothing more to say, or a slip. */
    private static Optional<AffinityConfig> bareWord(Value value) {
        Optional<String> word = value.text(expected());
        if (word.isEmpty()) {
            return Optional.empty();
        }
        if (PLANNED.contains(word.get())) {
            return value.refuse(expected(), "; \"" + word.get() + "\" is not built yet");
        }
        List<String> kinds = Stream.concat(Stream.of(HEADER), PLANNED.stream()).toList();
        if (Nearest.to(word.get(), kinds).isPresent()
                || !HeaderNames.TOKEN.matcher(word.get()).matches()) {
            return value.refuse(expected());
        }
        return value.refuse("a source of the session id", "; did you mean { \"header\": \"" + word.get() + "\" }?");
    }

    private static Optional<AffinityConfig> header(Value value) {
        if (!(value.node() instanceof Node.Members object)) {
            return HEADER_NAME.read(value).map(name -> new AffinityConfig.Header(name, false));
        }
        Section section = new Section(object, value.context());
        Optional<String> name = section.need("name", HEADER_NAME);
        boolean generate = section.find("generate", Scalars.BOOLEAN).orElse(false);
        section.end();
        return name.map(header -> new AffinityConfig.Header(header, generate));
    }

    private static Optional<String> headerName(Value value) {
        Optional<String> name = value.text(NAME);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        if (!HeaderNames.TOKEN.matcher(name.get()).matches()) {
            return value.refuse(NAME);
        }
        return HeaderNames.mayHoldASession(name.get())
                ? name
                : value.refuse("a header of your own, such as \"X-Session-Id\"; this one has another meaning in HTTP");
    }
}
