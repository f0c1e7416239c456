package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.conf.PolicyConfig.Introspection;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the authenticator {@code introspection}. */
final class IntrospectionReader {

    private static final String EXPECTED = "an object with issuer, url, clientId and clientSecret";
    private static final Duration CACHE = Duration.ofSeconds(30);

    static final Shape<Introspection> INTROSPECTION =
            Shape.of(EXPECTED, value -> value.section(EXPECTED).flatMap(IntrospectionReader::introspection));

    private static final Shape<URI> URL = SecureUrls.of("the issuer's introspection endpoint");
    private static final Shape<String> CLIENT = CallerShapes.line("the client id that the issuer gave");
    // never shown: a secret
    private static final Shape<String> SECRET =
            Scalars.text("the client secret that the issuer gave", Pattern.compile("(?s).+"));

    private IntrospectionReader() {}

    private static Optional<Introspection> introspection(Section section) {
        Optional<String> issuer = section.need("issuer", JwtReader.ISSUER);
        Optional<URI> url = section.need("url", URL);
        Optional<String> client = section.need("clientId", CLIENT);
        Optional<String> secret = section.need("clientSecret", SECRET);
        List<String> audiences = section.find("audience", JwtReader.AUDIENCES).orElse(List.of());
        Duration cache = section.find("cache", Durations.between(Duration.ZERO, Duration.ofHours(1)))
                .orElse(CACHE);
        Claims claims = section.find("claims", JwtReader.CLAIMS).orElse(Claims.DEFAULT);
        boolean forward = section.find("forward", Scalars.BOOLEAN).orElse(false);
        section.end();
        return issuer.flatMap(from -> url.flatMap(to -> client.flatMap(id ->
                secret.map(hidden -> new Introspection(from, to, id, hidden, audiences, cache, claims, forward)))));
    }
}
