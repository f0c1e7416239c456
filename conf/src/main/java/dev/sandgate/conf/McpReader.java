package dev.sandgate.conf;

import dev.sandgate.conf.AffinityConfig.Mcp;
import java.util.List;
import java.util.Optional;

/** Reads the source {@code mcp} where it has more to say. */
final class McpReader {

    static final Mcp PLAIN = new Mcp(List.of(), Mcp.DEFAULT_ID_PARAMETERS, List.of());

    private static final String EXPECTED = "an object with ssePaths, idParameters or origins, or just \"mcp\"";
    private static final String ORIGIN = "\"https://host\" or \"https://host:port\"";

    private final RouteFacts route;

    McpReader(RouteFacts route) {
        this.route = route;
    }

    Shape<Mcp> mcp() {
        return Shape.of(EXPECTED, value -> value.section(EXPECTED).map(this::mcp));
    }

    private Mcp mcp(Section section) {
        Shape<String> path = Shape.of(RouteShapes.PATH.expected(), this::ssePath);
        Shape<String> origin = Shape.of(
                ORIGIN, value -> HttpAddress.read(value, ORIGIN, "https").map(HttpAddress::origin));
        List<String> ssePaths =
                section.find("ssePaths", Lists.of("paths", path, 0, 100)).orElse(PLAIN.ssePaths());
        List<String> idParameters = section.find(
                        "idParameters", Lists.of("names of query values", QueryReader.NAME, 1, 16))
                .orElse(PLAIN.idParameters());
        List<String> origins = section.find(
                        "origins", Lists.of("origins such as \"https://app.example.com\"", origin, 0, 1000))
                .orElse(PLAIN.origins());
        section.end();
        return new Mcp(ssePaths, idParameters, origins);
    }

    private Optional<String> ssePath(Value value) {
        return RouteShapes.PATH
                .read(value)
                .flatMap(path -> route.takes(path)
                        ? Optional.of(path)
                        : value.refuse("a path that the route takes; none of its \"paths\" does"));
    }
}
