package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Introspection;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.policies.Surroundings;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the authenticators of a policy must know of each other, where they share a field.
 *
 * @param issuers of all tokens that one of them takes; none knows two
 * @param keys whether one of them takes API keys in {@code Authorization}
 * @param asked whether one of them asks an issuer about tokens: it gets what no other knows
 * @param memory of good tokens, whoever took them
 */
record Neighbours(Set<String> issuers, boolean keys, boolean asked, TokenMemory memory) {

    static Neighbours of(Authenticate config, Surroundings surroundings) {
        Set<String> issuers = config.by().stream()
                .filter(Jwt.class::isInstance)
                .map(each -> ((Jwt) each).issuer())
                .collect(Collectors.toUnmodifiableSet());
        boolean keys = config.by().stream()
                .anyMatch(each -> each instanceof ApiKeys it && it.header().equalsIgnoreCase(Scheme.FIELD));
        boolean asked = config.by().stream().anyMatch(Introspection.class::isInstance);
        return new Neighbours(issuers, keys, asked, new TokenMemory(surroundings));
    }

    boolean tokens() {
        return !issuers.isEmpty();
    }
}
