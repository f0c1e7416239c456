package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig.ByteBudget;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.RewriteConfig.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a route does on the way, as a file says it. */
final class RouteChangesTest {

    private final Path folder;

    RouteChangesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private RouteConfig route(String keys) throws IOException {
        String text = "{ 'listeners': { 'public': { 'host': '127.0.0.1', 'port': 8080 } },"
                + "'pools': { 'p': { 'instances': { 'type': 'static', 'urls': ['http://127.0.0.1:9001'] } } },"
                + "'routes': [{ 'name': 'all', 'pool': 'p'" + keys + " }] }";
        Path file = Files.writeString(folder.resolve("door.json"), text.replace('\'', '"'));
        return Configs.loaded(new ConfigReader(Map.of("TOKEN", "planted-secret")).read(file))
                .routes()
                .get(0);
    }

    @Test
    void changesNothingUnlessItIsTold() throws IOException {
        RouteConfig route = route("");
        assertThat(route.rewrite()).isEqualTo(RewriteConfig.NOTHING);
        assertThat(route.cors()).isEmpty();
        assertThat(route.limits()).isEqualTo(RouteLimits.NONE);
    }

    @Test
    void readsFieldsAndPrefixesAndShowsNoValue() throws IOException {
        RewriteConfig rewrite = route(
                        ", 'paths': ['/app', '/app/x/'], 'rewrite': { 'request': { 'rename': { 'X-A': 'X-B' },"
                                + " 'remove': ['X-C', 'X-Forwarded-User'], 'set': { 'Authorization': 'Bearer ${env:TOKEN}' } },"
                                + " 'answer': { 'remove': ['Server'] }, 'stripPrefix': '/app/', 'addPrefix': '/v1/x' }")
                .rewrite();
        assertThat(rewrite)
                .isEqualTo(new RewriteConfig(
                        new Fields(
                                Map.of("X-A", "X-B"),
                                List.of("X-C", "X-Forwarded-User"),
                                Map.of("Authorization", "Bearer planted-secret")),
                        new Fields(Map.of(), List.of("Server"), Map.of()),
                        "/app",
                        "/v1/x"));
        assertThat(rewrite.toString()).doesNotContain("planted-secret");
    }

    @Test
    void readsOriginsAsBrowsersWriteThem() throws IOException {
        assertThat(route(", 'cors': { 'origins': ['HTTPS://App.Example.com:443/', 'https://*.Example.com',"
                                + " 'http://*.local.test:8080', 'http://[::1]:3000'], 'credentials': true,"
                                + " 'methods': ['PUT'], 'headers': ['X-A'], 'expose': ['X-B'], 'maxAge': '0s' }")
                        .cors())
                .contains(new CorsConfig(
                        List.of(
                                "https://app.example.com",
                                "https://*.example.com",
                                "http://*.local.test:8080",
                                "http://[::1]:3000"),
                        true,
                        List.of("PUT"),
                        List.of("X-A"),
                        List.of("X-B"),
                        Duration.ZERO));
    }

    @Test
    void readsSizesRatesAndBudgets() throws IOException {
        RouteConfig route = route(
                ", 'affinity': [{ 'query': 'session' }], 'limits': { 'body': '10MiB', 'minRate': '1KiB' },"
                        + " 'policies': [{ 'byteBudget': { 'key': ['session', 'ip'], 'upload': '1GiB', 'ipv6Prefix': 48 } }]");
        assertThat(route.limits()).isEqualTo(new RouteLimits(OptionalLong.of(10 << 20), OptionalLong.of(1024)));
        assertThat(route.policies())
                .containsExactly(new ByteBudget(
                        "all/byteBudget",
                        new PolicyConfig.Key(List.of(Part.SESSION, Part.IP), 48),
                        OptionalLong.of(1 << 30),
                        OptionalLong.empty()));
    }

    @Test
    void leadsElsewhereWithTheSameChanges() throws IOException {
        RouteConfig route = route(", 'limits': { 'body': '10MiB' }, 'cors': { 'origins': ['*'] }");
        RouteConfig other = route.leadingTo("q");
        assertThat(List.of(other.rewrite(), other.cors(), other.limits()))
                .isEqualTo(List.of(route.rewrite(), route.cors(), route.limits()));
    }

    @Test
    void warnsOfABudgetOfSessionsWhereThereAreNone() throws IOException {
        Path file = folder.resolve("door.json");
        route(", 'policies': [{ 'byteBudget': { 'key': 'session', 'upload': '1GiB' } }]");
        assertThat(Configs.lines(new ConfigReader(Map.of()).read(file)))
                .anySatisfy(line -> assertThat(line).contains("a policy for a route without affinity"));
    }
}
