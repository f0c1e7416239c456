package dev.sandgate.conf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** Reads policies, wherever they stand. The one list of their kinds. */
final class PoliciesReader {

    static final String EXPECTED =
            "a policy such as { \"rateLimit\": { \"key\": \"ip\", \"permits\": 50, \"per\": \"1s\" } }";

    private static final String ALONE = "one policy in each object; this one wants an object of its own";

    private final Map<String, Kind> kinds = new LinkedHashMap<>();

    /**
     * One kind of policy.
     *
     * @param expected of its object, for people
     * @param reading of that object into a policy with this name
     */
    private record Kind(String expected, BiFunction<String, Section, Optional<PolicyConfig>> reading) {}

    PoliciesReader(FileFacts file) {
        AuthenticateReader authenticate = new AuthenticateReader(file);
        RateLimitReader rateLimit = new RateLimitReader(file);
        kinds.put("authenticate", new Kind(AuthenticateReader.EXPECTED, authenticate::authenticate));
        kinds.put("authorize", new Kind(AuthorizeReader.EXPECTED, AuthorizeReader::authorize));
        kinds.put("rateLimit", new Kind(RateLimitReader.EXPECTED, rateLimit::rateLimit));
        kinds.put("concurrency", new Kind(ConcurrencyReader.EXPECTED, ConcurrencyReader::concurrency));
        kinds.put("sessionQuota", new Kind(ConcurrencyReader.EXPECTED_QUOTA, ConcurrencyReader::sessionQuota));
        kinds.put("byteBudget", new Kind(ByteBudgetReader.EXPECTED, ByteBudgetReader::byteBudget));
        kinds.put("shed", new Kind(ShedReader.EXPECTED, ShedReader::shed));
    }

    Set<String> kinds() {
        return kinds.keySet();
    }

    /** Those that routes share, by name. */
    Shape<Map<String, PolicyConfig>> shared() {
        return NamedSections.of("a policy", (name, section) -> policy(section, kind -> name));
    }

    /** @param naming the policy's name, from its kind */
    Optional<PolicyConfig> policy(Section section, UnaryOperator<String> naming) {
        Map<String, Shape<? extends PolicyConfig>> shapes = new LinkedHashMap<>();
        kinds.forEach((key, kind) -> shapes.put(key, Shape.of(kind.expected, value -> value.section(kind.expected)
                .flatMap(inner -> kind.reading.apply(naming.apply(key), inner)))));
        return new Choice<PolicyConfig>(EXPECTED, ALONE, shapes).read(section);
    }
}
