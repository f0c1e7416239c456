package dev.sandgate.conf;

import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Authenticator;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.conf.PolicyConfig.Resource;
import dev.sandgate.conf.PolicyConfig.TrustedHeader;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the policy {@code authenticate}. The one list of its ways to tell who calls. */
final class AuthenticateReader {

    static final String EXPECTED = "an object with by, a list of ways to tell who calls";

    private static final String WAY = "a way to tell who calls, such as { \"apiKey\": { \"file\": \"keys.json\" } }";
    private static final String EXPECTED_HEADER = "an object with name, the field in which a proxy names the caller";
    private static final String EXPECTED_RESOURCE = "an object with url and authorizationServers";
    private static final Shape<String> SUBJECT = HeaderReader.name(AffinityConfig.Principal.DEFAULT_HEADER);
    private static final Shape<String> FIELD = HeaderReader.name("X-Forwarded-Tenant");
    private static final Shape<Resource> RESOURCE = Shape.of(
            EXPECTED_RESOURCE, value -> value.section(EXPECTED_RESOURCE).flatMap(AuthenticateReader::resource));

    private final FileFacts file;
    private final Shape<List<Authenticator>> ways;

    AuthenticateReader(FileFacts file) {
        this.file = file;
        Map<String, Shape<? extends Authenticator>> kinds = new LinkedHashMap<>();
        kinds.put("apiKey", ApiKeysReader.API_KEYS);
        kinds.put("jwt", JwtReader.JWT);
        kinds.put("introspection", IntrospectionReader.INTROSPECTION);
        kinds.put("header", Shape.of(EXPECTED_HEADER, this::trustedHeader));
        kinds.put("clientCertificate", new ClientCertificateReader(file).clientCertificate());
        Choice<Authenticator> way =
                new Choice<>(WAY, "one way in each object; this one wants an object of its own", kinds);
        this.ways = Lists.of("ways to tell who calls", way.shape(), 1, 8, AuthenticateReader::kindAndIssuer);
    }

    Optional<PolicyConfig> authenticate(String name, Section section) {
        Optional<List<Authenticator>> by = section.need("by", ways);
        boolean optional = section.find("optional", Scalars.BOOLEAN).orElse(false);
        Optional<Resource> resource = section.find("resource", RESOURCE);
        section.end();
        return by.map(list -> new Authenticate(name, list, optional, resource));
    }

    /** What no two ways of a policy share. */
    private static Object kindAndIssuer(Authenticator way) {
        return way instanceof Jwt jwt ? List.of(jwt.kind(), jwt.issuer()) : List.of(way.kind());
    }

    private Optional<TrustedHeader> trustedHeader(Value value) {
        Optional<Section> section = value.section(EXPECTED_HEADER);
        if (section.isEmpty()) {
            return Optional.empty();
        }
        TrustedHeader header = trustedHeader(section.get());
        return file.proxiesNamed()
                ? Optional.of(header)
                : value.refuse("a listener with trustedProxies; nobody else is believed about who calls");
    }

    private static TrustedHeader trustedHeader(Section section) {
        String name = section.find("name", SUBJECT).orElse(AffinityConfig.Principal.DEFAULT_HEADER);
        String tenant = section.find("tenant", FIELD).orElse("");
        String scopes = section.find("scopes", FIELD).orElse("");
        String priority = section.find("class", FIELD).orElse("");
        section.end();
        return new TrustedHeader(name, tenant, scopes, priority);
    }

    private static Optional<Resource> resource(Section section) {
        Optional<URI> url = section.need("url", SecureUrls.of("the resource, as clients know it"));
        Optional<List<URI>> servers = section.need(
                "authorizationServers",
                Lists.of("authorization servers", SecureUrls.of("an authorization server"), 1, 16));
        List<String> scopes = section.find("scopes", CallerShapes.scopes(0)).orElse(List.of());
        section.end();
        return url.flatMap(known -> servers.map(list -> new Resource(known, list, scopes)));
    }
}
