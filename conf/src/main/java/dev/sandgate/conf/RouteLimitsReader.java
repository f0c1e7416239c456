package dev.sandgate.conf;

import java.util.Optional;
import java.util.OptionalLong;

/** Reads what requests of a route may take: its {@code limits}. */
final class RouteLimitsReader {

    static final String EXPECTED = "an object with body or minRate";

    static final Shape<RouteLimits> LIMITS =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).map(RouteLimitsReader::limits));

    private RouteLimitsReader() {}

    private static RouteLimits limits(Section section) {
        Optional<Long> body = section.find("body", Sizes.between("1B", "1024GiB"));
        Optional<Long> rate = section.find("minRate", Sizes.between("1B", "1GiB"));
        section.end();
        return new RouteLimits(optional(body), optional(rate));
    }

    static OptionalLong optional(Optional<Long> bytes) {
        return bytes.map(OptionalLong::of).orElse(OptionalLong.empty());
    }
}
