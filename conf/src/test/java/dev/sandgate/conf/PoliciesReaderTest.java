package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.conf.PolicyConfig.ApiKeys;
import dev.sandgate.conf.PolicyConfig.Authenticate;
import dev.sandgate.conf.PolicyConfig.Authorize;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.Caller;
import dev.sandgate.conf.PolicyConfig.Claims;
import dev.sandgate.conf.PolicyConfig.Concurrency;
import dev.sandgate.conf.PolicyConfig.Introspection;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.conf.PolicyConfig.Part;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import dev.sandgate.conf.PolicyConfig.Resource;
import dev.sandgate.conf.PolicyConfig.Scope;
import dev.sandgate.conf.PolicyConfig.SessionQuota;
import dev.sandgate.conf.PolicyConfig.Shed;
import dev.sandgate.conf.PolicyConfig.TrustedHeader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PoliciesReaderTest {

    private static final ConfigSchema SCHEMA = ConfigSchema.published();
    private static final String HASH = "sha256:" + "ab".repeat(32);
    private static final String KEYS = "{ 'authenticate': { 'by': [{ 'apiKey': { 'keys': [{ 'hash': '" + HASH
            + "', 'subject': 'alice' }] } }] } }";
    private static final String LIMIT = "{ 'rateLimit': { 'key': 'ip', 'permits': 50, 'per': '1s' } }";

    private final Path folder;

    PoliciesReaderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void readsKeysFromTheConfigAndFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("keys.json"), "[]");
        assertThat(
                        by(
                                "{ 'apiKey': { 'header': 'Authorization', 'forward': true, 'file': 'keys.json', 'keys': [{ 'hash': '"
                                        + HASH.replace('b', 'B')
                                        + "', 'subject': 'alice', 'tenant': 'acme', 'scopes': ['b', 'a'], 'class': 'gold' }] } }"))
                .containsExactly(new ApiKeys(
                        "Authorization",
                        List.of(new ApiKey(HASH, new Caller("alice", "acme", Set.of("a", "b"), "gold"))),
                        Optional.of(file),
                        true));
    }

    @Test
    void readsWhatTokensMustSay() {
        assertThat(by("{ 'jwt': { 'issuer': 'https://id.example.com/', 'audience': ['a', 'b'],"
                        + " 'keys': 'https://id.example.com/jwks.json?v=1', 'algorithms': ['PS512'], 'skew': '0s',"
                        + " 'refresh': '10s', 'claims': { 'subject': 'email', 'tenant': 'org', 'class': 'plan' },"
                        + " 'forward': true } }"))
                .containsExactly(new Jwt(
                        "https://id.example.com/",
                        List.of("a", "b"),
                        URI.create("https://id.example.com/jwks.json?v=1"),
                        Set.of("PS512"),
                        Duration.ZERO,
                        Duration.ofSeconds(10),
                        new Claims("email", "org", "scope", "plan"),
                        true));
    }

    @Test
    void readsWhichIssuerIsAskedAboutTokens() {
        assertThat(
                        by(
                                "{ 'introspection': { 'issuer': 'i', 'url': 'https://i.example.com/ask', 'clientId': 'door',"
                                        + " 'clientSecret': 's', 'audience': 'a', 'cache': '0s', 'claims': { 'subject': 'client_id' } } }"))
                .containsExactly(new Introspection(
                        "i",
                        URI.create("https://i.example.com/ask"),
                        "door",
                        "s",
                        List.of("a"),
                        Duration.ZERO,
                        new Claims("client_id", "", "scope", ""),
                        false));
    }

    @Test
    void readsAKeySetFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("jwks.json"), "{}");
        assertThat(by("{ 'jwt': { 'issuer': 'i', 'audience': 'a', 'keys': 'jwks.json' } }"))
                .containsExactly(new Jwt(
                        "i",
                        List.of("a"),
                        file.toUri(),
                        Set.of("RS256", "ES256"),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Claims.DEFAULT,
                        false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8180/keys", "http://127.0.0.1/keys", "http://[::1]:80/keys"})
    void takesAKeySetOverHttpFromThisMachineAlone(String url) {
        assertThat(by("{ 'jwt': { 'issuer': 'i', 'audience': 'a', 'keys': '" + url + "' } }"))
                .map(way -> ((Jwt) way).keys())
                .containsExactly(URI.create(url));
    }

    @Test
    void readsWhatAProxyTells() {
        assertThat(by("{ 'header': { 'name': 'X-User', 'tenant': 'X-Org', 'scopes': 'X-Scopes', 'class': 'X-Plan' } }"))
                .containsExactly(new TrustedHeader("X-User", "X-Org", "X-Scopes", "X-Plan"));
    }

    @Test
    void takesSeveralIssuersAndEachOtherWayOnce() {
        assertThat(by(
                        "{ 'header': {} }, { 'jwt': { 'issuer': 'i', 'audience': 'a', 'keys': 'https://i.example.com' } },"
                                + " { 'jwt': { 'issuer': 'j', 'audience': 'a', 'keys': 'https://j.example.com' } }"))
                .map(PolicyConfig.Authenticator::kind)
                .containsExactly("header", "jwt", "jwt");
    }

    @Test
    void readsWhatOauthClientsAreTold() {
        List<PolicyConfig> read = policies(
                "",
                "{ 'authenticate': { 'by': [{ 'header': {} }], 'optional': true, 'resource':"
                        + " { 'url': 'https://mcp.example.com/mcp', 'authorizationServers': ['https://id.example.com'],"
                        + " 'scopes': ['run'] } } }");
        assertThat(read)
                .containsExactly(new Authenticate(
                        "all/authenticate",
                        List.of(new TrustedHeader("X-Forwarded-User", "", "", "")),
                        true,
                        Optional.of(new Resource(
                                URI.create("https://mcp.example.com/mcp"),
                                List.of(URI.create("https://id.example.com")),
                                List.of("run")))));
    }

    @Test
    void readsRulesInTheirOrder() {
        List<PolicyConfig> read = policies(
                "",
                KEYS + ", { 'authorize': { 'scopes': ['run'], 'rules': [{ 'deny': { 'paths': ['/admin/'],"
                        + " 'ips': ['2001:db8::/32'] } }, { 'allow': { 'methods': ['GET', 'M-SEARCH'], 'principals': ['alice'],"
                        + " 'tenants': ['acme'], 'scopes': ['read'], 'ips': [] } }], 'otherwise': 'deny' } }");
        assertThat(read.get(1))
                .hasToString("Authorize[name=all/authorize, scopes=[run], rules=["
                        + "Rule[allow=false, methods=[], paths=[/admin], principals=[], tenants=[], scopes=[], ranges=[2001:db8::/32]],"
                        + " Rule[allow=true, methods=[GET, M-SEARCH], paths=[], principals=[alice], tenants=[acme],"
                        + " scopes=[read], ranges=[]]], otherwise=false]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'rules': [{ 'deny': {} }]                       | false",
                "'rules': [{ 'deny': {} }], 'otherwise': 'allow' | true",
                "'rules': []                                     | true",
                "'otherwise': 'deny'                             | false"
            },
            quoteCharacter = '`')
    void refusesWhatNoRuleTakesWhereThereAreRules(String said, boolean otherwise) {
        assertThat(policies("", "{ 'authorize': {" + said + "} }"))
                .map(policy -> ((Authorize) policy).otherwise())
                .containsExactly(otherwise);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 5", "10, 10", "50, 10", "1000, 100", "1000000, 100000"})
    void letsATenthComeAtOnceButAtLeastTenOfThem(int permits, int burst) {
        assertThat(policies("", "{ 'rateLimit': { 'key': 'ip', 'permits': " + permits + ", 'per': '1s' } }"))
                .map(policy -> ((RateLimit) policy).burst())
                .containsExactly(burst);
    }

    @Test
    void readsALimitOfTheFleet() {
        String table = "'table': { 'type': 'redis', 'url': 'redis://127.0.0.1', 'keys': [{ 'id': '1', 'secret': '"
                + "0123456789abcdef".repeat(2) + "' }] },";
        assertThat(policies(
                        table,
                        "{ 'rateLimit': { 'key': ['route', 'mcpName'], 'permits': 9, 'per': '100ms', 'burst': 9,"
                                + " 'scope': 'fleet', 'away': 'closed', 'ipv6Prefix': 56, 'keys': 1000 } }"))
                .containsExactly(new RateLimit(
                        "all/rateLimit",
                        new PolicyConfig.Key(List.of(Part.ROUTE, Part.MCP_NAME), 56),
                        9,
                        Duration.ofMillis(100),
                        9,
                        Scope.FLEET,
                        Away.CLOSED,
                        1000));
    }

    @Test
    void readsWhatMayBeThereAtTheSameTime() {
        assertThat(policies(
                        "",
                        KEYS + ", { 'concurrency': { 'key': ['tenant', 'session'], 'requests': 20, 'streams': 5 } },"
                                + " { 'sessionQuota': { 'key': 'principal', 'max': 3 } },"
                                + " { 'shed': { 'classes': { 'gold': 100, 'free': 0 }, 'otherwise': 75 } }"))
                .endsWith(
                        new Concurrency(
                                "all/concurrency", new PolicyConfig.Key(List.of(Part.TENANT, Part.SESSION), 64), 20, 5),
                        new SessionQuota("all/sessionQuota", new PolicyConfig.Key(List.of(Part.PRINCIPAL), 64), 3),
                        new Shed("all/shed", Map.of("gold", 100, "free", 0), 75));
    }

    @Test
    void namesASharedPolicyByItsKeyAndARoutesOwnByRouteAndKind() {
        assertThat(policies(
                        "'policies': { 'perIp': " + LIMIT + " },",
                        LIMIT + ", 'perIp', { 'shed': { 'otherwise': 5 } }, " + LIMIT + ", " + LIMIT))
                .map(PolicyConfig::name)
                .containsExactly("all/rateLimit", "perIp", "all/shed", "all/rateLimit-2", "all/rateLimit-3");
    }

    @Test
    void warnsOfAPolicyThatNoRouteNames() {
        Reading reading =
                read("'policies': { 'perIp': " + LIMIT + ", 'other': " + LIMIT + " },", "'policies': ['perIp']");
        assertThat(Configs.lines(reading))
                .singleElement()
                .asString()
                .contains("policies.other: an object (expected: a policy that a route names; nobody asks this one)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ 'sessionQuota': { 'key': 'ip', 'max': 5 } }",
                "{ 'shed': { 'otherwise': 50 } }",
                "{ 'concurrency': { 'key': ['ip', 'session'], 'requests': 5 } }"
            })
    void warnsOfAPolicyAboutSessionsWhereThereAreNone(String policy) {
        assertThat(Configs.lines(read("", "'policies': [" + LIMIT + ", " + policy + "]")))
                .singleElement()
                .asString()
                .contains("routes[0].policies[1]: an object (expected: a policy for a route without affinity");
        String pinned = "'policies': [" + policy + "], 'affinity': [{ 'query': 'session' }]";
        assertThat(Configs.lines(read("", pinned))).isEmpty();
    }

    @Test
    void hidesWhoseAKeyIsWhereAConfigIsPrinted() {
        assertThat(by("{ 'apiKey': { 'keys': [{ 'hash': '" + HASH + "', 'subject': 'alice' }] } }")
                        .toString())
                .doesNotContain("abab", "alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "{}"})
    void takesTheCallerThatTheRouteAuthenticatesAsTheSession(String said) {
        Reading reading = read("", "'policies': [" + KEYS + "], 'affinity': [{ 'principal': " + said + " }]");
        assertThat(Configs.loaded(reading).routes().get(0).affinity())
                .containsExactly(new AffinityConfig.Principal(""));
    }

    @Test
    void tellsOfAnUnfitPolicyAndNotOfWhatDependsOnIt() {
        String unfit = "{ 'authenticate': { 'by': [{ 'jwt': { 'issuer': 'i', 'audience': 'a' } }] } }";
        String dependent = "{ 'rateLimit': { 'key': 'principal', 'permits': 5, 'per': '1s' } }";
        assertThat(Configs.lines(read(
                        "",
                        "'policies': [" + unfit + ", " + dependent + "]," + " 'affinity': [{ 'principal': true }]")))
                .singleElement()
                .asString()
                .contains("routes[0].policies[0].authenticate.by[0].jwt.keys: missing");
    }

    private List<PolicyConfig.Authenticator> by(String ways) {
        return ((Authenticate) policies("", "{ 'authenticate': { 'by': [" + ways + "] } }")
                        .get(0))
                .by();
    }

    private List<PolicyConfig> policies(String top, String policies) {
        return Configs.loaded(read(top, "'policies': [" + policies + "]"))
                .routes()
                .get(0)
                .policies();
    }

    /** Reads a file with these additions, which the schema must take where the reader does. */
    private Reading read(String top, String route) {
        String proxies = route.contains("'header'") ? ", 'trustedProxies': ['127.0.0.1']" : "";
        String text = ("{ 'listeners': { 'public': { 'host': '127.0.0.1', 'port': 8080" + proxies + " } }," + top
                        + " 'pools': { 'p': { 'instances': { 'type': 'static', 'urls': ['http://127.0.0.1:9001'],"
                        + " 'incarnation': { 'path': '/', 'header': 'X-Life' } } } },"
                        + " 'routes': [{ 'name': 'all', 'pool': 'p'" + (route.isEmpty() ? "" : ", " + route) + " }] }")
                .replace('\'', '"');
        try {
            Path file = Files.writeString(folder.resolve("door.json"), text);
            Reading reading = new ConfigReader(Map.of()).read(file);
            assertThat(reading instanceof Reading.Broken || SCHEMA.accepts(text))
                    .isTrue();
            return reading;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
