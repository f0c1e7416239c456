package dev.sandgate.conf;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the {@code incarnation} of static instances. */
final class IncarnationReader {

    private static final String EXPECTED = "an object with path, and header or pointer";
    private static final Shape<String> HEADER =
            Scalars.text("the name of a header of the answer, such as \"X-Incarnation\"", HeaderNames.TOKEN);
    private static final Shape<String> POINTER = Scalars.text(
            "a JSON pointer (RFC 6901) such as \"/bootId\"", Pattern.compile("(/([^/~\\p{Cntrl}]|~[01])*)+"));

    static final Shape<IncarnationConfig> INCARNATION =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(section -> incarnation(value, section)));

    private IncarnationReader() {}

    private static Optional<IncarnationConfig> incarnation(Value value, Section section) {
        Optional<String> path = section.need("path", ProcessReader.ASKED);
        Optional<String> header = section.find("header", HEADER);
        Optional<String> pointer = section.find("pointer", POINTER);
        boolean inHeader = section.take("header").isPresent();
        Optional<Value> inBody = section.take("pointer");
        section.end();
        if (inHeader && inBody.isPresent()) {
            return inBody.get().refuse("none beside header; it is told in one place");
        }
        if (!inHeader && inBody.isEmpty()) {
            return value.refuse("a header or a pointer beside path");
        }
        return path.filter(fit -> header.isPresent() || pointer.isPresent())
                .map(asked -> new IncarnationConfig(asked, header, pointer));
    }
}
