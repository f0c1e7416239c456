package dev.sandgate.conf;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a pool's {@code retries}. */
final class RetriesReader {

    private static final String EXPECTED = "an object with methods";

    static final Shape<RetriesConfig> RETRIES =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(RetriesReader::retries));

    // RFC 9110, 9.2.2; a TRACE is never forwarded.
    private static final List<String> IDEMPOTENT = List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE");
    private static final Shape<String> METHOD =
            Shape.of("one of " + String.join(", ", IDEMPOTENT), RetriesReader::method);
    private static final Shape<Set<String>> METHODS =
            Lists.set(Lists.of("idempotent methods", METHOD, 1, IDEMPOTENT.size()));
    private static final Shape<Integer> STATUS = Scalars.whole(502, 504);
    private static final Shape<Set<Integer>> STATUSES = Lists.set(Lists.of("statuses", STATUS, 0, 3));

    private RetriesReader() {}

    private static Optional<RetriesConfig> retries(Section section) {
        RetriesConfig or = RetriesConfig.NONE;
        Optional<Set<String>> methods = section.need("methods", METHODS);
        Set<Integer> statuses = section.find("statuses", STATUSES).orElse(or.statuses());
        int attempts = section.find("attempts", Scalars.whole(1, 5)).orElse(or.attempts());
        int budget = section.find("budget", Scalars.whole(0, 20)).orElse(or.budget());
        section.end();
        return methods.map(names -> new RetriesConfig(names, statuses, attempts, budget));
    }

    private static Optional<String> method(Value value) {
        Optional<String> name = value.text(METHOD.expected());
        if (name.isEmpty() || IDEMPOTENT.contains(name.get())) {
            return name;
        }
        String why = name.get().equals("POST") || name.get().equals("PATCH")
                ? "; twice the same " + name.get() + " may do twice what it does"
                : Nearest.hint(name.get(), IDEMPOTENT);
        return value.refuse(METHOD.expected(), why);
    }
}
