package dev.sandgate.conf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads one route's {@code affinity}: where a request's session id is found. The one list of its sources. */
final class AffinityReader {

    static final String MCP = "mcp";

    private static final String EXPECTED = "a source such as \"mcp\" or { \"header\": \"X-Session-Id\" }";

    private final RouteFacts route;
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Choice<AffinityConfig> choice;

    /**
     * One kind of source.
     *
     * @param sample as a file says it
     */
    private record Kind(String sample, Shape<? extends AffinityConfig> shape) {}

    AffinityReader(RouteFacts route) {
        this.route = route;
        kinds.put("header", new Kind("{ \"header\": \"X-Session-Id\" }", HeaderReader.HEADER));
        kinds.put("cookie", new Kind("{ \"cookie\": \"sandgate\" }", new CookieReader(route).cookie()));
        kinds.put("query", new Kind("{ \"query\": \"session\" }", QueryReader.QUERY));
        kinds.put("path", new Kind("{ \"path\": \"/s/{session}/\" }", new PathReader(route).path()));
        kinds.put("host", new Kind("{ \"host\": \"{session}.apps.example.com\" }", new HostReader(route).host()));
        kinds.put("principal", new Kind("{ \"principal\": true }", new PrincipalReader(route).principal()));
        kinds.put(MCP, new Kind("\"mcp\"", new McpReader(route).mcp()));
        Map<String, Shape<? extends AffinityConfig>> shapes = new LinkedHashMap<>();
        kinds.forEach((kind, how) -> shapes.put(kind, how.shape));
        choice = new Choice<>(EXPECTED, "one source in each object; this one wants an object of its own", shapes);
    }

    Shape<List<AffinityConfig>> affinity() {
        Shape<AffinityConfig> source = Shape.of(EXPECTED, this::source);
        Shape<List<AffinityConfig>> sources =
                Lists.of("sources of the session id", source, 0, 8, AffinityReader::kindAndName);
        return Shape.of(sources.expected(), value -> {
            Optional<List<AffinityConfig>> read = sources.read(value);
            read.ifPresent(list -> refuseHashOfTheUnknown(value, list));
            if (route.placesAway()) {
                refuseIdsOfOthers(value, read.orElse(List.of()));
            }
            return read;
        });
    }

    /** What no two sources of a route share. */
    private static Object kindAndName(AffinityConfig source) {
        if (source instanceof AffinityConfig.Header header) {
            return List.of("header", header.name().toLowerCase(Locale.ROOT));
        }
        if (source instanceof AffinityConfig.Principal principal) {
            return List.of("principal", principal.header().toLowerCase(Locale.ROOT));
        }
        if (source instanceof AffinityConfig.Cookie cookie) {
            return List.of("cookie", cookie.name());
        }
        return source instanceof AffinityConfig.Mcp ? List.of(MCP) : source;
    }

    private Optional<AffinityConfig> source(Value value) {
        if (!(value.node() instanceof Node.Members object)) {
            return bareWord(value);
        }
        return choice.read(new Section(object, value.context()));
    }

    /** {@code "mcp"}, which needs no more, or a slip. */
    private Optional<AffinityConfig> bareWord(Value value) {
        Optional<String> word = value.text(EXPECTED);
        if (word.isEmpty()) {
            return Optional.empty();
        }
        if (word.get().equals(MCP)) {
            return Optional.of(McpReader.PLAIN);
        }
        Optional<String> meant = Nearest.to(word.get(), kinds.keySet())
                .flatMap(near -> Optional.ofNullable(kinds.get(near)))
                .map(Kind::sample);
        if (meant.isEmpty() && HeaderNames.TOKEN.matcher(word.get()).matches()) {
            meant = Optional.of("{ \"header\": \"" + word.get() + "\" }");
        }
        return meant.isPresent()
                ? value.refuse("a source of the session id", "; did you mean " + meant.get() + "?")
                : value.refuse(EXPECTED);
    }

    private void refuseHashOfTheUnknown(Value value, List<AffinityConfig> read) {
        // Of a list with an unfit source nobody knows what it was to be.
        boolean whole =
                value.items("").filter(items -> items.size() == read.size()).isPresent();
        if (route.hash() && whole && !read.isEmpty() && read.stream().allMatch(AffinityReader::isLearned)) {
            value.refuse(
                    "a source whose id comes with the first request, such as { \"header\": \"X-Session-Id\" };"
                            + " a pool that it leads to places by a hash of the id, which these know only after an instance was chosen");
        }
    }

    /** What others than Sandgate make may be a session elsewhere, which no node knows that cannot ask the table. */
    private static void refuseIdsOfOthers(Value value, List<AffinityConfig> read) {
        List<Value> items = value.items("").orElse(List.of());
        for (int at = 0; items.size() == read.size() && at < read.size(); at++) {
            boolean ours = read.get(at) instanceof AffinityConfig.Cookie cookie && !cookie.learn();
            if (!ours) {
                items.get(at)
                        .refuse("a cookie of Sandgate's own and nothing else; a pool that it leads to says"
                                + " \"outage\": \"hash\", which"
                                + " opens sessions only under ids that Sandgate makes and seals");
            }
        }
    }

    private static boolean isLearned(AffinityConfig source) {
        return source instanceof AffinityConfig.Mcp || source instanceof AffinityConfig.Cookie;
    }
}
