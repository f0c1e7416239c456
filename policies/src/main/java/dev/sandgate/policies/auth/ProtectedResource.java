package dev.sandgate.policies.auth;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sandgate.conf.PolicyConfig;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/** What OAuth clients are told about a resource, and where they look for it (RFC 9728). Any thread. */
public final class ProtectedResource {

    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    private final PolicyConfig.Resource resource;
    private final Buffer json;

    private ProtectedResource(PolicyConfig.Resource resource) {
        this.resource = resource;
        this.json = Buffer.buffer(written(resource));
    }

    /** The url is absolute and has a host. */
    public static ProtectedResource of(PolicyConfig.Resource resource) {
        return new ProtectedResource(resource);
    }

    /** The name in the url, lower case, without a port. */
    public String host() {
        return resource.url().getHost().toLowerCase(Locale.ROOT);
    }

    /** Where the document stands: the well-known path, then the url's own (RFC 9728 section 3.1). */
    public String path() {
        String own = resource.url().getRawPath();
        return own == null || own.equals("/") ? WELL_KNOWN : WELL_KNOWN + own;
    }

    /** The document's own url, as {@code resource_metadata} names it (RFC 9728 section 5.1). */
    String metadata() {
        URI url = resource.url();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return url.getScheme() + "://" + url.getRawAuthority() + path() + query;
    }

    /** The document, as {@code application/json}; nobody changes it. */
    public Buffer json() {
        return json;
    }

    private static byte[] written(PolicyConfig.Resource resource) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = new JsonFactory().createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("resource", resource.url().toString());
            List<String> servers =
                    resource.authorizationServers().stream().map(URI::toString).toList();
            list(out, "authorization_servers", servers);
            if (!resource.scopes().isEmpty()) {
                list(out, "scopes_supported", resource.scopes());
            }
            list(out, "bearer_methods_supported", List.of("header"));
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void list(JsonGenerator out, String name, List<String> values) throws IOException {
        out.writeArrayFieldStart(name);
        for (String value : values) {
            out.writeString(value);
        }
        out.writeEndArray();
    }
}
