package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.Introspection;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What an issuer must say of a token that it was asked about (RFC 7662 section 2.2), for its bearer to be known. Any thread. */
final class AnswerRules {

    /** How far clocks may differ. */
    private static final long SKEW_MILLIS = 30_000;

    private final Introspection config;
    private final CallerClaims caller;
    private final Withheld withheld;
    private final InstantSource clock;

    AnswerRules(Introspection config, Withheld withheld, InstantSource clock) {
        this.config = config;
        this.caller = new CallerClaims(config.claims(), config.kind(), config.issuer());
        this.withheld = withheld;
        this.clock = clock;
    }

    /** @throws IOException where it does not say whether the token is active */
    Finding judge(Map<String, @Nullable Object> said) throws IOException {
        if (!(said.get("active") instanceof Boolean active)) {
            throw new IOException("no answer");
        }
        if (!active) {
            return flawed(Flaw.INACTIVE);
        }
        if (!isTime(said, "exp") || !isTime(said, "nbf") || !caller.tell(said)) {
            return flawed(Flaw.MALFORMED);
        }
        if (said.containsKey("iss") && !config.issuer().equals(said.get("iss"))) {
            return flawed(Flaw.ISSUER);
        }
        boolean forUs = config.audiences().isEmpty()
                || CallerClaims.audiences(said).stream().anyMatch(config.audiences()::contains);
        if (!forUs) {
            return flawed(Flaw.AUDIENCE);
        }
        long now = clock.millis();
        if (now >= endsAt(said)) {
            return flawed(Flaw.EXPIRED);
        }
        long begins = CallerClaims.millis(said.get("nbf")).orElse(0);
        return begins > now + SKEW_MILLIS ? flawed(Flaw.EARLY) : withheld.known(caller.principal(said));
    }

    private static Finding flawed(Flaw flaw) {
        return new Finding.Flawed(flaw);
    }

    private static boolean isTime(Map<String, @Nullable Object> said, String name) {
        return !said.containsKey(name) || CallerClaims.millis(said.get(name)).isPresent();
    }

    /** In milliseconds since 1970; far away where nothing is said. */
    long endsAt(Map<String, @Nullable Object> said) {
        OptionalLong end = CallerClaims.millis(said.get("exp"));
        return end.orElse(Long.MAX_VALUE);
    }
}
