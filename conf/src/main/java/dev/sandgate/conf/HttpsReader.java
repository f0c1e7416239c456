package dev.sandgate.conf;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads what a listener says of coming by https: {@code redirectToHttps} and {@code hsts}. */
final class HttpsReader {

    static final Duration MAX_AGE = Duration.ofDays(365);

    private static final int HTTPS = 443;
    private static final String EXPECTED_REDIRECT = "true, false, or the port of https, from 1 to 65535";
    private static final Shape<Integer> PORT = Scalars.whole(1, 65535);
    private static final Shape<OptionalInt> REDIRECT = Shape.of(EXPECTED_REDIRECT, HttpsReader::port);
    private static final String EXPECTED_HSTS = "an object with maxAge, subdomains or preload";
    private static final Shape<HstsConfig> HSTS =
            Shape.of(EXPECTED_HSTS, value -> value.section(EXPECTED_HSTS).map(HttpsReader::told));

    private HttpsReader() {}

    /** The port to which clients are sent; only in a listener without TLS. */
    static OptionalInt redirect(Section section) {
        OptionalInt port = section.find("redirectToHttps", REDIRECT).orElse(OptionalInt.empty());
        if (port.isPresent() && section.take("tls").isPresent()) {
            section.take("redirectToHttps")
                    .ifPresent(value -> value.refuse("a listener without tls; whoever comes here comes by https"));
        }
        return port;
    }

    private static Optional<OptionalInt> port(Value value) {
        if (value.node() instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.NUMBER) {
            return PORT.read(value).map(OptionalInt::of);
        }
        if (value.node() instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.BOOLEAN) {
            return Scalars.BOOLEAN.read(value).map(yes -> yes ? OptionalInt.of(HTTPS) : OptionalInt.empty());
        }
        return value.isLiteral()
                ? value.refuse(EXPECTED_REDIRECT)
                : Scalars.BOOLEAN.read(value).map(yes -> yes ? OptionalInt.of(HTTPS) : OptionalInt.empty());
    }

    /** What browsers are told; only in a listener with TLS. */
    static Optional<HstsConfig> hsts(Section section) {
        Optional<HstsConfig> told = section.find("hsts", HSTS);
        if (section.take("tls").isEmpty()) {
            section.take("hsts").ifPresent(value -> value.context()
                    .problems()
                    .add(
                            value.node().spot(),
                            "key \"hsts\"",
                            "a listener with tls; browsers believe it over https only"));
        }
        return told;
    }

    private static HstsConfig told(Section section) {
        Duration maxAge = section.find("maxAge", Durations.any()).orElse(MAX_AGE);
        boolean subdomains = section.find("subdomains", Scalars.BOOLEAN).orElse(false);
        boolean preload = section.find("preload", Scalars.BOOLEAN).orElse(false);
        section.end();
        return new HstsConfig(maxAge, subdomains, preload);
    }
}
