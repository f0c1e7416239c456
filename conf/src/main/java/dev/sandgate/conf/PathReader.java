package dev.sandgate.conf;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the source {@code path}. */
final class PathReader {

    private static final String EXPECTED =
            "a path with \"{session}\" as its last segment and nowhere else, such as \"/s/{session}/\"";
    private static final Pattern TEMPLATE = Pattern.compile("(/(?:.*/)?)\\{session\\}/?");

    private final RouteFacts route;

    PathReader(RouteFacts route) {
        this.route = route;
    }

    Shape<AffinityConfig.Path> path() {
        return Shape.of(EXPECTED, this::path);
    }

    private Optional<AffinityConfig.Path> path(Value value) {
        Optional<String> text = value.text(EXPECTED);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher template = TEMPLATE.matcher(text.get());
        if (!template.matches() || !RouteShapes.isPlain(template.group(1))) {
            return value.refuse(EXPECTED);
        }
        // A route of /s/alice would put everybody into alice's session.
        return route.takes(template.group(1))
                ? Optional.of(new AffinityConfig.Path(template.group(1)))
                : value.refuse("a path of which the route takes all that stands before \"{session}\"; none of its"
                        + " \"paths\" does");
    }
}
