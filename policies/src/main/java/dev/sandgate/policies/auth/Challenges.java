package dev.sandgate.policies.auth;

import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.ClientCertificate;
import dev.sandgate.conf.PolicyConfig.Introspection;
import dev.sandgate.conf.PolicyConfig.Jwt;
import java.util.Collection;
import java.util.Optional;

/**
 * Values of {@code WWW-Authenticate}. {@code Bearer} (RFC 6750 section 3) stands first, where tokens are taken or somebody
 * is told where to get one: clients of MCP look no further. A policy that knows its callers by a proxy's word alone has no
 * scheme that a client could follow, and says {@code Proxied}, or {@code Certificate} where it knows them by theirs too: the field must be there (RFC 9110 section 15.5.2).
 *
 * @param bearer parameters of {@code Bearer}, each with a comma before it; empty: it is not named
 * @param others all other schemes
 */
record Challenges(Optional<String> bearer, String others) {

    static Challenges of(PolicyConfig.Authenticate config) {
        boolean tokens = config.by().stream().anyMatch(each -> each instanceof Jwt || each instanceof Introspection)
                || config.resource().isPresent();
        boolean keys = config.by().stream().anyMatch(ApiKeys.class::isInstance);
        Optional<String> bearer = tokens
                ? Optional.of(config.resource().map(Challenges::parameters).orElse(""))
                : Optional.empty();
        boolean certificates = config.by().stream().anyMatch(ClientCertificate.class::isInstance);
        String without = certificates ? "Certificate" : "Proxied";
        return new Challenges(bearer, keys ? Scheme.API_KEY.word() : tokens ? "" : without);
    }

    private static String parameters(PolicyConfig.Resource resource) {
        String metadata =
                parameter("resource_metadata", ProtectedResource.of(resource).metadata());
        return resource.scopes().isEmpty() ? metadata : metadata + scope(resource.scopes());
    }

    /** The scheme's name and what is wrong with the token, for somebody who lacks these scopes (RFC 6750 section 3.1). */
    static String insufficient(Collection<String> scopes) {
        return bearer(parameter("error", "insufficient_scope") + scope(scopes));
    }

    /** All of them. */
    String text(boolean invalidToken) {
        if (bearer.isEmpty()) {
            return others;
        }
        String error = invalidToken ? parameter("error", "invalid_token") : "";
        String first = bearer(error + bearer.get());
        return others.isEmpty() ? first : first + ", " + others;
    }

    private static String bearer(String parameters) {
        return parameters.isEmpty() ? Scheme.BEARER.word() : Scheme.BEARER.word() + parameters.substring(1);
    }

    private static String scope(Collection<String> scopes) {
        return parameter("scope", String.join(" ", scopes));
    }

    private static String parameter(String name, String value) {
        return ", " + name + "=\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
