package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AffinityReaderTest {

    private static final ConfigSchema SCHEMA = ConfigSchema.published();
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    private final Path folder;

    AffinityReaderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'mcp'                                          | Mcp[ssePaths=[], idParameters=[sessionId, session_id, sessionid], origins=[]]",
                "{ 'mcp': {} }                                  | Mcp[ssePaths=[], idParameters=[sessionId, session_id, sessionid], origins=[]]",
                "{ 'mcp': { 'ssePaths': ['/sse/'], 'idParameters': ['sid'] } } | Mcp[ssePaths=[/sse], idParameters=[sid], origins=[]]",
                "{ 'mcp': { 'origins': ['HTTPS://App.example.com:443/', 'http://[0::1]:6274'] } }"
                        + " | Mcp[ssePaths=[], idParameters=[sessionId, session_id, sessionid], origins=[https://app.example.com, http://[::1]:6274]]",
                "{ 'cookie': 'Sand.gate' }                      | Cookie[name=Sand.gate, learn=false, keys=[]]",
                "{ 'cookie': { 'name': 'a', 'keys': [] } }      | Cookie[name=a, learn=false, keys=[]]",
                "{ 'cookie': { 'name': 'JSESSIONID', 'learn': true } } | Cookie[name=JSESSIONID, learn=true, keys=[]]",
                "{ 'cookie': { 'name': '__Host-app', 'learn': true, 'keys': [] } } | Cookie[name=__Host-app, learn=true, keys=[]]",
                "{ 'query': 'session.id' }                      | Query[name=session.id]",
                "{ 'path': '/s/{session}/' }                    | Path[before=/s/]",
                "{ 'path': '/a/b/{session}' }                   | Path[before=/a/b/]",
                "{ 'path': '/{session}' }                       | Path[before=/]",
                "{ 'host': '{session}.Apps.Example.com' }       | Host[port=false, domain=.apps.example.com]",
                "{ 'host': '{session}.localhost' }              | Host[port=false, domain=.localhost]",
                "{ 'host': '{port}-{session}.apps.example.com' } | Host[port=true, domain=.apps.example.com]",
                "{ 'principal': true }                          | Principal[header=X-Forwarded-User]",
                "{ 'principal': {} }                            | Principal[header=X-Forwarded-User]",
                "{ 'principal': { 'header': 'X-User' } }        | Principal[header=X-User]",
                "{ 'principal': '${env:YES}' }                  | Principal[header=X-Forwarded-User]"
            },
            quoteCharacter = '`')
    void readsTheSource(String written, String read) {
        assertThat(sources(written)).map(Object::toString).containsExactly(read);
    }

    @Test
    void takesSeveralSourcesInTheirOrder() {
        assertThat(sources("'mcp', { 'header': 'X-A' }, { 'header': 'X-B' }, { 'cookie': 'a' }, { 'cookie': 'b' },"
                        + " { 'host': '{port}-{session}.a.b' }, { 'host': '{session}.a.b' }, { 'query': 'q' }"))
                .map(source -> source.getClass().getSimpleName())
                .containsExactly("Mcp", "Header", "Header", "Cookie", "Cookie", "Host", "Host", "Query");
    }

    @Test
    void readsTheKeysOfACookieAndTheirSecretFiles() throws IOException {
        Files.writeString(folder.resolve("new"), SECRET + "\n");
        assertThat(sources("{ 'cookie': { 'name': 'a', 'keys': [{ 'id': '2026-11', 'secret': '${file:new}' },"
                        + " { 'id': '2026-10', 'secret': '" + SECRET + "x' }] } }"))
                .containsExactly(new AffinityConfig.Cookie(
                        "a",
                        false,
                        List.of(
                                new AffinityConfig.CookieKey("2026-11", SECRET),
                                new AffinityConfig.CookieKey("2026-10", SECRET + "x"))));
    }

    @ParameterizedTest
    @CsvSource({"3000, 3000, 3000", "3000-9999, 3000, 9999", "1-65535, 1, 65535", "80-80, 80, 80"})
    void readsThePortsOfAPool(String written, int first, int last) {
        Reading reading = read("", "'ports': '" + written + "',", "");
        assertThat(Configs.loaded(reading).pools().values())
                .map(PoolConfig::ports)
                .containsExactly(Optional.of(new AffinityConfig.PortRange(first, last)));
    }

    @Test
    void isSilentOfACookieWithoutKeysSinceTheTableInMemoryIsGoneWithThem() {
        assertThat(warnings("{ 'cookie': 'a' }")).isEmpty();
        assertThat(warnings("{ 'cookie': { 'name': 'a', 'keys': [] } }")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"*.apps.example.com", "*.example.com", "*.com"})
    void takesAHostSourceThatAWildcardOfTheRouteCovers(String host) {
        String route = "'hosts': ['www.example.com', '" + host + "'],";
        assertThat(read(route, "", "{ 'host': '{session}.apps.example.com' }")).isInstanceOf(Reading.Loaded.class);
    }

    @Test
    void takesAPathSourceThatAPathOfTheRouteCovers() {
        assertThat(read("'paths': ['/x', '/a'],", "", "{ 'path': '/a/b/{session}/' }"))
                .isInstanceOf(Reading.Loaded.class);
    }

    @Test
    void letsAPoolHashWhereOneSourceIsKnownFromTheStart() {
        assertThat(read("", "'placement': 'hash',", "'mcp', { 'query': 'session' }"))
                .isInstanceOf(Reading.Loaded.class);
    }

    @Test
    void tellsAnUnfitRangeOfPortsOnce() {
        Reading reading = read("", "'ports': 'all',", "{ 'host': '{port}-{session}.a.b' }");
        assertThat(Configs.lines(reading)).singleElement().asString().contains("pools.p.ports");
    }

    @Test
    void tellsOfAnUnfitSourceAndNotOfTheHashWithoutIt() {
        Reading reading = read("", "'placement': 'hash',", "'mcp', { 'query': '?' }");
        assertThat(Configs.lines(reading)).singleElement().asString().contains("affinity[1].query");
    }

    private List<AffinityConfig> sources(String sources) {
        return Configs.loaded(read("", "'ports': '3000-9999',", sources))
                .routes()
                .get(0)
                .affinity();
    }

    private List<String> warnings(String sources) {
        return Configs.lines(read("", "", sources)).stream()
                .filter(line -> !line.contains("\"static\""))
                .toList();
    }

    /** What becomes of it; the schema accepts what the reader does. */
    private Reading read(String route, String pool, String sources) {
        String text =
                ("{ 'listeners': { 'public': { 'host': '127.0.0.1', 'port': 8080, 'trustedProxies': ['10.0.0.1'] } },"
                                + " 'pools': { 'p': {" + pool
                                + " 'instances': { 'type': 'static', 'urls': ['http://127.0.0.1:9001'] } } },"
                                + " 'routes': [{ 'name': 'all', 'pool': 'p', " + route + " 'affinity': [" + sources
                                + "] }] }")
                        .replace('\'', '"');
        try {
            Path file = Files.writeString(folder.resolve("sandgate.json"), text);
            Reading reading = new ConfigReader(Map.of("YES", "true")).read(file);
            if (reading instanceof Reading.Loaded) {
                assertThat(SCHEMA.accepts(text)).as(text).isTrue();
            }
            return reading;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
