package dev.sandgate.policies.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig.Resource;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OAuth clients are told. */
class ProtectedResourceTest {

    private static ProtectedResource of(String url, String... scopes) {
        return ProtectedResource.of(
                new Resource(URI.create(url), List.of(URI.create("https://id.test/realm")), List.of(scopes)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://mcp.example.com, /.well-known/oauth-protected-resource,"
                + " https://mcp.example.com/.well-known/oauth-protected-resource",
        "https://mcp.example.com/, /.well-known/oauth-protected-resource,"
                + " https://mcp.example.com/.well-known/oauth-protected-resource",
        "https://MCP.example.com:8443/a/mcp, /.well-known/oauth-protected-resource/a/mcp,"
                + " https://MCP.example.com:8443/.well-known/oauth-protected-resource/a/mcp",
        "https://mcp.example.com/mcp?of=a, /.well-known/oauth-protected-resource/mcp,"
                + " https://mcp.example.com/.well-known/oauth-protected-resource/mcp?of=a",
    })
    void theWellKnownPathStandsBetweenHostAndPath(String url, String path, String metadata) {
        ProtectedResource resource = of(url);

        assertThat(resource.path()).isEqualTo(path);
        assertThat(resource.metadata()).isEqualTo(metadata);
        assertThat(resource.host()).isEqualTo("mcp.example.com");
    }

    @Test
    void tellsTheResourceAndWhereTokensComeFrom() {
        JsonObject told = new JsonObject(
                of("https://mcp.example.com/mcp", "read", "write").json());

        assertThat(told.getMap())
                .containsOnlyKeys("resource", "authorization_servers", "scopes_supported", "bearer_methods_supported");
        assertThat(told.getString("resource")).isEqualTo("https://mcp.example.com/mcp");
        assertThat(told.getJsonArray("authorization_servers")).containsExactly("https://id.test/realm");
        assertThat(told.getJsonArray("scopes_supported")).containsExactly("read", "write");
        assertThat(told.getJsonArray("bearer_methods_supported")).containsExactly("header");
    }

    @Test
    void scopesThatAreNotSaidAreNotTold() {
        assertThat(new JsonObject(of("https://mcp.example.com/mcp").json()).containsKey("scopes_supported"))
                .isFalse();
    }
}
