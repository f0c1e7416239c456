package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.policies.Principal;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token must say to be taken, whoever signed it (RFC 7519 section 4.1, RFC 8725 section 3). Any thread. */
final class TokenRules {

    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/jwt", "application/at+jwt");
    /** Parameters that change what a token means: none of them is understood here. */
    private static final Set<String> EXTENSIONS = Set.of("crit", "b64", "enc", "zip");

    private final Jwt config;
    private final InstantSource clock;
    private final long skewMillis;
    private final CallerClaims caller;

    TokenRules(Jwt config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.skewMillis = config.skew().toMillis();
        this.caller = new CallerClaims(config.claims(), config.kind(), config.issuer());
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
        if (CallerClaims.audiences(claims).stream().noneMatch(config.audiences()::contains)) {
            return Optional.of(Flaw.AUDIENCE);
        }
        if (now >= until(claims)) {
            return Optional.of(Flaw.EXPIRED);
        }
        boolean early = begins(claims, "nbf") > now + skewMillis || begins(claims, "iat") > now + skewMillis;
        return early ? Optional.of(Flaw.EARLY) : Optional.empty();
    }

    private boolean isWellFormed(Map<String, @Nullable Object> claims) {
        boolean times = CallerClaims.millis(claims.get("exp")).isPresent()
                && (!claims.containsKey("nbf")
                        || CallerClaims.millis(claims.get("nbf")).isPresent())
                && (!claims.containsKey("iat")
                        || CallerClaims.millis(claims.get("iat")).isPresent());
        return times && caller.tell(claims);
    }

    /** When a token with these well-formed claims is over, in milliseconds since 1970. */
    long until(Map<String, @Nullable Object> claims) {
        return CallerClaims.millis(claims.get("exp")).orElseThrow() + skewMillis;
    }

    private static long begins(Map<String, @Nullable Object> claims, String name) {
        return CallerClaims.millis(claims.get(name)).orElse(0);
    }

    /** Of whom well-formed claims are. */
    Principal principal(Map<String, @Nullable Object> claims) {
        return caller.principal(claims);
    }
}
