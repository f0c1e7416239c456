package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.policies.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How claims tell who calls, whether a token brought them or its issuer was asked. Any thread.
 *
 * @param names which claim tells what
 * @param kind of the authenticator
 * @param issuer who vouches
 */
record CallerClaims(Claims names, String kind, String issuer) {

    private static final double LAST_SECOND = 253_402_300_799.0;

    /** Whether they tell it, and in the form in which they may. */
    boolean tell(Map<String, @Nullable Object> claims) {
        return claims.get(names.subject()) instanceof String subject
                && Subject.isFit(subject)
                && isText(claims, names.tenant())
                && isText(claims, names.priority())
                && scopes(claims).isPresent();
    }

    private static boolean isText(Map<String, @Nullable Object> claims, String name) {
        return !claims.containsKey(name) || claims.get(name) instanceof String;
    }

    /** Of whom claims are that {@link #tell} it. */
    Principal principal(Map<String, @Nullable Object> claims) {
        Caller caller = new Caller(
                text(claims, names.subject()),
                text(claims, names.tenant()),
                scopes(claims).orElseThrow(),
                text(claims, names.priority()));
        return Principal.of(kind, issuer, caller);
    }

    private static String text(Map<String, @Nullable Object> claims, String name) {
        return claims.get(name) instanceof String text ? text : "";
    }

    private Optional<Set<String>> scopes(Map<String, @Nullable Object> claims) {
        Object told = claims.get(names.scopes());
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

    /** Whom they are for; none where they do not say, or say it in another form. */
    static List<?> audiences(Map<String, @Nullable Object> claims) {
        Object told = claims.get("aud");
        if (told instanceof List<?> several) {
            return several;
        }
        return told instanceof String one ? List.of(one) : List.of();
    }

    /** A time in seconds since 1970, in milliseconds; empty: it is none. */
    static OptionalLong millis(@Nullable Object seconds) {
        if (!(seconds instanceof Number number)) {
            return OptionalLong.empty();
        }
        double value = number.doubleValue();
        return value >= 0 && value <= LAST_SECOND ? OptionalLong.of((long) (value * 1000)) : OptionalLong.empty();
    }
}
