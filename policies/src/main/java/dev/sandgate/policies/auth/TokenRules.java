package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.policies.Principal;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token must say to be taken, whoever signed it (RFC 7519 section 4.1, RFC 8725 section 3). Any thread. */
final class TokenRules {

    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");
    /** Parameters that change what a token means: none of them is understood here. */
    private static final Set<String> EXTENSIONS = Set.of("crit", "b64", "enc", "zip");

    private static final double LAST_SECOND = 253_402_300_799.0;

    private final Jwt config;
    private final InstantSource clock;
    private final long skewMillis;

    TokenRules(Jwt config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.skewMillis = config.skew().toMillis();
    }

    /** Whether a token of such a header may be taken at all. */
    boolean takes(Map<String, @Nullable Object> header) {
        boolean type = !header.containsKey("typ")
                || (header.get("typ") instanceof String typ && TYPES.contains(typ.toLowerCase(Locale.ROOT)));
        boolean id = !header.containsKey("kid") || (header.get("kid") instanceof String kid && !kid.isEmpty());
        return type
                && id
                && header.get("alg") instanceof String algorithm
                && config.algorithms().contains(algorithm)
                && header.keySet().stream().noneMatch(EXTENSIONS::contains);
    }

    /** What is wrong with these claims now; empty: nothing. */
    Optional<Flaw> flaw(Map<String, @Nullable Object> claims) {
        if (!isWellFormed(claims)) {
            return Optional.of(Flaw.MALFORMED);
        }
        long now = clock.millis();
        if (!config.issuer().equals(claims.get("iss"))) {
            return Optional.of(Flaw.ISSUER);
        }
        if (audiences(claims).stream().noneMatch(config.audiences()::contains)) {
            return Optional.of(Flaw.AUDIENCE);
        }
        if (now >= until(claims)) {
            return Optional.of(Flaw.EXPIRED);
        }
        boolean early = begins(claims, "nbf") > now + skewMillis || begins(claims, "iat") > now + skewMillis;
        return early ? Optional.of(Flaw.EARLY) : Optional.empty();
    }

    private boolean isWellFormed(Map<String, @Nullable Object> claims) {
        boolean times = millis(claims.get("exp")).isPresent()
                && (!claims.containsKey("nbf") || millis(claims.get("nbf")).isPresent())
                && (!claims.containsKey("iat") || millis(claims.get("iat")).isPresent());
        return times
                && claims.get(config.claims().subject()) instanceof String subject
                && Subject.isFit(subject)
                && isText(claims, config.claims().tenant())
                && isText(claims, config.claims().priority())
                && scopes(claims).isPresent();
    }

    private static boolean isText(Map<String, @Nullable Object> claims, String name) {
        return !claims.containsKey(name) || claims.get(name) instanceof String;
    }

    private static List<?> audiences(Map<String, @Nullable Object> claims) {
        Object told = claims.get("aud");
        if (told instanceof List<?> several) {
            return several;
        }
        return told instanceof String one ? List.of(one) : List.of();
    }

    /** When a token with these well-formed claims is over, in milliseconds since 1970. */
    long until(Map<String, @Nullable Object> claims) {
        return millis(claims.get("exp")).orElseThrow() + skewMillis;
    }

    private static long begins(Map<String, @Nullable Object> claims, String name) {
        return millis(claims.get(name)).orElse(0);
    }

    private static OptionalLong millis(@Nullable Object seconds) {
        if (!(seconds instanceof Number number)) {
            return OptionalLong.empty();
        }
        double value = number.doubleValue();
        return value >= 0 && value <= LAST_SECOND ? OptionalLong.of((long) (value * 1000)) : OptionalLong.empty();
    }

    /** Of whom well-formed claims are. */
    Principal principal(Map<String, @Nullable Object> claims) {
        Caller caller = new Caller(
                text(claims, config.claims().subject()),
                text(claims, config.claims().tenant()),
                scopes(claims).orElseThrow(),
                text(claims, config.claims().priority()));
        return Principal.of(config.kind(), config.issuer(), caller);
    }

    private static String text(Map<String, @Nullable Object> claims, String name) {
        return claims.get(name) instanceof String text ? text : "";
    }

    private Optional<Set<String>> scopes(Map<String, @Nullable Object> claims) {
        Object told = claims.get(config.claims().scopes());
        if (told instanceof String words) {
            return Optional.of(Words.of(words));
        }
        if (!(told instanceof List<?> several)) {
            return told == null ? Optional.of(Set.of()) : Optional.empty();
        }
        Set<String> scopes = new HashSet<>();
        for (Object each : several) {
            if (!(each instanceof String scope)) {
                return Optional.empty();
            }
            scopes.add(scope);
        }
        return Optional.of(scopes);
    }
}
