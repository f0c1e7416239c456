package dev.sandgate.conf;

import dev.sandgate.conf.FallbackConfig.Answer;
import dev.sandgate.conf.FallbackConfig.Pool;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads a pool's {@code fallback}. */
final class FallbackReader {

    private static final String EXPECTED = "an object with pool or answer";
    private static final String NAME = "the name of another pool";
    private static final String EXPECTED_ANSWER = "an object with status, contentType or body";
    private static final int STATUS = 503;
    private static final String CONTENT_TYPE = "text/plain; charset=utf-8";
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 205, 304);
    private static final Shape<Pool> POOL =
            Shape.of(NAME, value -> value.text(NAME).map(Pool::new));
    private static final Shape<Integer> STATUSES = Scalars.whole(200, 599);
    private static final Shape<String> TYPE = Scalars.text(
            "a media type such as \"text/html; charset=utf-8\"",
            Pattern.compile("[!#$&^_.+A-Za-z0-9-]{1,127}/[!#$&^_.+A-Za-z0-9-]{1,127}( ?;[ -~]{1,256})?"));
    private static final Shape<String> BODY = Scalars.text("a text", Pattern.compile("(?s).*"));
    private static final Shape<Answer> ANSWER =
            Shape.of(EXPECTED_ANSWER, value -> value.section(EXPECTED_ANSWER).map(FallbackReader::answer));

    private FallbackReader() {}

    static Shape<FallbackConfig> fallback() {
        Map<String, Shape<? extends FallbackConfig>> kinds = new LinkedHashMap<>();
        kinds.put("pool", POOL);
        kinds.put("answer", ANSWER);
        return new Choice<FallbackConfig>(EXPECTED, "pool or answer, not both", kinds).shape();
    }

    private static Answer answer(Section section) {
        int status = section.find("status", STATUSES).orElse(STATUS);
        String type = section.find("contentType", TYPE).orElse(CONTENT_TYPE);
        String body = section.find("body", BODY).orElse("");
        section.end();
        if (WITHOUT_BODY.contains(status) && !body.isEmpty()) {
            section.take("body").ifPresent(value -> value.refuse("none; an answer with " + status + " has no body"));
        }
        return new Answer(status, type, body);
    }

    /**
     * Tells of each fallback pool that cannot be one.
     *
     * @param pools all, as the file says them
     * @param fit those in which nothing was missing, by name
     */
    static void refuseUnfit(Value pools, Map<String, PoolConfig> fit) {
        for (PoolConfig pool : fit.values()) {
            Optional<Value> said = pools.member(pool.name())
                    .flatMap(all -> all.member("fallback"))
                    .flatMap(all -> all.member("pool"));
            Optional<String> other = nameOf(pool);
            if (said.isEmpty() || other.isEmpty()) {
                continue;
            }
            Optional<String> next =
                    other.flatMap(name -> Optional.ofNullable(fit.get(name))).flatMap(FallbackReader::nameOf);
            if (other.get().equals(pool.name())) {
                said.get().refuse(NAME + "; this one cannot stand in for itself");
            } else if (pools.member(other.get()).isEmpty()) {
                NamedSections.refuseUnknown(said.get(), NAME, other.get(), pools);
            } else if (next.isPresent()) {
                said.get().refuse("a pool without a fallback pool of its own; this one falls back to " + next.get());
            }
        }
    }

    private static Optional<String> nameOf(PoolConfig pool) {
        return pool.fallback()
                .flatMap(fallback -> fallback instanceof Pool other ? Optional.of(other.name()) : Optional.empty());
    }
}
