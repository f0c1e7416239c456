package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.conf.PolicyConfig.Jwt;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the authenticator {@code jwt}. */
final class JwtReader {

    private static final String EXPECTED = "an object with issuer, audience and keys";
    private static final String EXPECTED_KEYS = "the https URL or the path of a JSON Web Key Set";
    private static final List<String> ASYMMETRIC =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");
    private static final Set<String> DEFAULT_ALGORITHMS = Set.of("RS256", "ES256");
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Duration REFRESH = Duration.ofMinutes(5);

    static final Shape<Jwt> JWT =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(JwtReader::jwt));

    // a principal's name has a bar behind its issuer
    static final Shape<String> ISSUER = Scalars.text(
            "an issuer, as tokens say it in iss, of 1 to 256 printable characters other than |",
            Pattern.compile("[^\\p{Cntrl}|]{1,256}"));
    private static final Shape<String> AUDIENCE = CallerShapes.line("an audience, as tokens say it in aud,");
    static final Shape<List<String>> AUDIENCES = Shape.of(AUDIENCE.expected(), JwtReader::audiences);
    private static final Shape<Path> FILE = FilePaths.readable("a JSON Web Key Set, or its https URL");
    private static final Shape<URI> KEYS = Shape.of(EXPECTED_KEYS, JwtReader::keys);
    private static final Shape<String> ALGORITHM =
            Shape.of("one of " + String.join(", ", ASYMMETRIC), JwtReader::algorithm);
    private static final Shape<Set<String>> ALGORITHMS =
            Lists.set(Lists.of("algorithms", ALGORITHM, 1, ASYMMETRIC.size()));
    private static final Shape<String> CLAIM = CallerShapes.line("the name of a claim");
    private static final String EXPECTED_CLAIMS = "an object with subject, tenant, scopes or class";
    static final Shape<Claims> CLAIMS =
            Shape.of(EXPECTED_CLAIMS, value -> value.section(EXPECTED_CLAIMS).map(JwtReader::claims));

    private JwtReader() {}

    private static Optional<Jwt> jwt(Section section) {
        Optional<String> issuer = section.need("issuer", ISSUER);
        Optional<List<String>> audiences = section.need("audience", AUDIENCES);
        Optional<URI> keys = section.need("keys", KEYS);
        Set<String> algorithms = section.find("algorithms", ALGORITHMS).orElse(DEFAULT_ALGORITHMS);
        Duration skew = section.find("skew", Durations.between(Duration.ZERO, Duration.ofMinutes(5)))
                .orElse(SKEW);
        Duration refresh = section.find("refresh", Durations.between(Duration.ofSeconds(10), Duration.ofDays(1)))
                .orElse(REFRESH);
        Claims claims = section.find("claims", CLAIMS).orElse(Claims.DEFAULT);
        boolean forward = section.find("forward", Scalars.BOOLEAN).orElse(false);
        section.end();
        return issuer.flatMap(from -> audiences.flatMap(
                to -> keys.map(where -> new Jwt(from, to, where, algorithms, skew, refresh, claims, forward))));
    }

    /** One, or a list of them. */
    private static Optional<List<String>> audiences(Value value) {
        return value.node() instanceof Node.Items
                ? Lists.of("audiences", AUDIENCE, 1, 16).read(value)
                : AUDIENCE.read(value).map(List::of);
    }

    private static Optional<URI> keys(Value value) {
        Optional<String> text = value.text(EXPECTED_KEYS);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return SecureUrls.hasScheme(text.get())
                ? SecureUrls.read(value, text.get(), EXPECTED_KEYS)
                : FILE.read(value).map(Path::toUri);
    }

    private static Optional<String> algorithm(Value value) {
        Optional<String> name = value.text(ALGORITHM.expected());
        if (name.isEmpty() || ASYMMETRIC.contains(name.get())) {
            return name;
        }
        if (name.get().equalsIgnoreCase("none")) {
            return value.refuse(ALGORITHM.expected(), "; with \"none\" anybody could write a token");
        }
        if (name.get().regionMatches(true, 0, "HS", 0, 2)) {
            return value.refuse(
                    ALGORITHM.expected(),
                    "; with HS* whoever checks a token could write one, and a public key could be taken for the"
                            + " secret");
        }
        return value.refuse(ALGORITHM.expected(), Nearest.hint(name.get(), ASYMMETRIC));
    }

    private static Claims claims(Section section) {
        Claims or = Claims.DEFAULT;
        String subject = section.find("subject", CLAIM).orElse(or.subject());
        String tenant = section.find("tenant", CLAIM).orElse(or.tenant());
        String scopes = section.find("scopes", CLAIM).orElse(or.scopes());
        String priority = section.find("class", CLAIM).orElse(or.priority());
        section.end();
        return new Claims(subject, tenant, scopes, priority);
    }
}
