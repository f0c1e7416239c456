package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SchemaTest {

    private static final ConfigSchema SCHEMA = ConfigSchema.published();

    /** One policy of each kind, and one of each way to tell who calls. */
    private static final String POLICIES = "{\"who\":{\"authenticate\":{\"by\":["
            + "{\"apiKey\":{\"keys\":[{\"hash\":\"sha256:" + "0".repeat(64) + "\",\"subject\":\"alice\"}]}},"
            + "{\"jwt\":{\"issuer\":\"i\",\"audience\":\"a\",\"keys\":\"https://keys.example.com/\"}},"
            + "{\"header\":{}},"
            + "{\"clientCertificate\":{}},"
            + "{\"introspection\":{\"issuer\":\"o\",\"url\":\"https://o.example.com/\",\"clientId\":\"c\","
            + "\"clientSecret\":\"s\"}}],"
            + "\"resource\":{\"url\":\"https://a.example.com\",\"authorizationServers\":[\"https://i.example.com\"]}}},"
            + "\"may\":{\"authorize\":{\"rules\":[{\"allow\":{}}]}},"
            + "\"often\":{\"rateLimit\":{\"key\":\"ip\",\"permits\":1,\"per\":\"1s\"}},"
            + "\"many\":{\"concurrency\":{\"key\":\"ip\",\"requests\":1}},"
            + "\"owned\":{\"sessionQuota\":{\"key\":\"ip\",\"max\":1}},"
            + "\"moved\":{\"byteBudget\":{\"key\":\"session\",\"upload\":\"1KiB\"}},"
            + "\"full\":{\"shed\":{\"otherwise\":50}}}";

    /** The least that a config says; everything else is a default. */
    private static final String LEAST = "{\"listeners\":{\"public\":{\"host\":\"127.0.0.1\",\"port\":8080},"
            + "\"inner\":{\"host\":\"127.0.0.1\",\"port\":8081,\"trustedProxies\":[\"127.0.0.1\"]},"
            // any file that is there
            + "\"secure\":{\"host\":\"127.0.0.1\",\"port\":8443,\"hsts\":{},"
            + "\"tls\":{\"clients\":{\"authorities\":\"door.json\"}}}},"
            + "\"acme\":{\"directory\":\"https://acme.example.com/dir\"},"
            + "\"admin\":{\"port\":9901},"
            + "\"policies\":" + POLICIES + ","
            + "\"pools\":{\"p\":{\"instances\":{\"type\":\"static\",\"urls\":[\"http://127.0.0.1:9001\"]},"
            + "\"breakers\":{\"instance\":{}},\"fallback\":{\"answer\":{}},\"retries\":{\"methods\":[\"GET\"]}},"
            + "\"q\":{\"instances\":{\"type\":\"process\",\"command\":[\"serve\"],\"max\":1}}},"
            + "\"routes\":[{\"name\":\"all\",\"pool\":\"p\",\"rewrite\":{\"request\":{}},\"cors\":{\"origins\":[\"*\"]},"
            + "\"split\":{\"variants\":[{\"pool\":\"q\",\"percent\":10,\"picked\":{}}]},\"affinity\":["
            + "{\"header\":{\"name\":\"X-Session-Id\"}},{\"cookie\":{\"name\":\"sandgate\"}},{\"principal\":{}},{\"mcp\":{}}]}]}";

    /** The same with a table in Redis, in the mode that knows most keys. */
    private static final String LEAST_IN_REDIS = "{\"listeners\":{\"public\":{\"host\":\"127.0.0.1\",\"port\":8080}},"
            + "\"table\":{\"type\":\"redis\",\"url\":\"redis://127.0.0.1\",\"mode\":\"sentinel\","
            + "\"keys\":[{\"id\":\"1\",\"secret\":\"0123456789abcdef0123456789ABCDEF\"}]},"
            + "\"pools\":{\"p\":{\"instances\":{\"type\":\"static\",\"urls\":[\"http://127.0.0.1:9001\"]}}},"
            + "\"routes\":[{\"name\":\"all\",\"pool\":\"p\"}]}";

    @ParameterizedTest
    @MethodSource("dev.sandgate.conf.Configs#examples")
    void acceptsTheExample(String file) {
        assertThat(SCHEMA.accepts(Configs.text(Path.of(file)))).isTrue();
    }

    @ParameterizedTest
    @MethodSource("dev.sandgate.conf.Configs#examples")
    void isFoundByTheEditorOfTheExample(String file) throws IOException {
        Path example = Path.of(file).toAbsolutePath();
        String schema = ConfigSchema.parse(Configs.text(example)).get("$schema").asText();
        assertThat(example.resolveSibling(schema).normalize()).isRegularFile();
    }

    static Stream<Arguments> records() {
        return Stream.of(
                Arguments.of(SandgateConfig.class, "", Map.of(), Set.of("$schema", "policies")),
                Arguments.of(
                        ListenerConfig.class,
                        "/$defs/listener",
                        Map.of("name", "", "httpsPort", "redirectToHttps"),
                        Set.of()),
                Arguments.of(
                        TlsConfig.class,
                        "/$defs/tls",
                        Map.of("usual", "", "further", "certificates"),
                        Set.of("certificate", "key", "keystore", "password")),
                Arguments.of(TlsConfig.KeyFiles.Pem.class, "/$defs/keyFiles", Map.of(), Set.of("keystore", "password")),
                Arguments.of(
                        TlsConfig.KeyFiles.Pkcs12.class,
                        "/$defs/keyFiles",
                        Map.of("file", "keystore"),
                        Set.of("certificate", "key")),
                Arguments.of(TlsConfig.ClientCertificates.class, "/$defs/clientCertificates", Map.of(), Set.of()),
                Arguments.of(HstsConfig.class, "/$defs/hsts", Map.of(), Set.of()),
                Arguments.of(
                        LimitsConfig.class,
                        "/$defs/listener/properties/limits",
                        Map.of("headBytes", "head", "bodyBytes", "body"),
                        Set.of()),
                Arguments.of(AdminConfig.class, "/properties/admin", Map.of(), Set.of()),
                Arguments.of(NodeConfig.class, "/properties/node", Map.of(), Set.of()),
                Arguments.of(AcmeConfig.class, "/properties/acme", Map.of("contacts", "contact"), Set.of()),
                Arguments.of(
                        AcmeConfig.ExternalAccount.class, "/properties/acme/properties/account", Map.of(), Set.of()),
                Arguments.of(TableConfig.Memory.class, "/$defs/memoryTable", Map.of(), Set.of("type")),
                Arguments.of(TableConfig.Redis.class, "/$defs/redisTable", Map.of("leases", ""), Set.of("type", "url")),
                Arguments.of(TableConfig.IdKey.class, "/$defs/idKey", Map.of(), Set.of()),
                Arguments.of(PoolConfig.class, "/$defs/pool", Map.of("name", ""), Set.of()),
                Arguments.of(InstancesConfig.Processes.class, "/$defs/processInstances", Map.of(), Set.of("type")),
                Arguments.of(
                        InstancesConfig.Static.class,
                        "/$defs/staticInstances",
                        Map.of(),
                        // what the reader alone needs
                        Set.of("type", "shared")),
                Arguments.of(
                        IncarnationConfig.class, "/$defs/staticInstances/properties/incarnation", Map.of(), Set.of()),
                Arguments.of(SessionsConfig.class, "/$defs/pool/properties/sessions", Map.of(), Set.of()),
                Arguments.of(QueueConfig.class, "/$defs/pool/properties/queue", Map.of(), Set.of()),
                Arguments.of(TimeoutsConfig.class, "/$defs/pool/properties/timeouts", Map.of(), Set.of()),
                Arguments.of(BreakersConfig.class, "/$defs/pool/properties/breakers", Map.of(), Set.of()),
                Arguments.of(BreakersConfig.Breaker.class, "/$defs/breaker", Map.of(), Set.of()),
                Arguments.of(FallbackConfig.Answer.class, "/$defs/fixedAnswer", Map.of(), Set.of()),
                Arguments.of(RetriesConfig.class, "/$defs/retries", Map.of(), Set.of()),
                Arguments.of(RouteConfig.class, "/$defs/route", Map.of(), Set.of()),
                Arguments.of(SplitConfig.class, "/$defs/split", Map.of(), Set.of()),
                Arguments.of(SplitConfig.Variant.class, "/$defs/variant", Map.of(), Set.of()),
                Arguments.of(SplitConfig.Picked.class, "/$defs/picked", Map.of(), Set.of()),
                Arguments.of(MirrorConfig.class, "/$defs/mirror", Map.of(), Set.of()),
                Arguments.of(RewriteConfig.class, "/$defs/rewrite", Map.of(), Set.of()),
                Arguments.of(RewriteConfig.Fields.class, "/$defs/changedFields", Map.of(), Set.of()),
                Arguments.of(CorsConfig.class, "/$defs/cors", Map.of(), Set.of()),
                Arguments.of(RouteLimits.class, "/$defs/routeLimits", Map.of("bodyBytes", "body"), Set.of()),
                Arguments.of(AffinityConfig.Header.class, "/$defs/headerSource", Map.of(), Set.of()),
                Arguments.of(AffinityConfig.Cookie.class, "/$defs/cookieSource", Map.of(), Set.of()),
                Arguments.of(AffinityConfig.CookieKey.class, "/$defs/cookieKey", Map.of(), Set.of()),
                Arguments.of(AffinityConfig.Principal.class, "/$defs/principalSource", Map.of(), Set.of()),
                Arguments.of(AffinityConfig.Mcp.class, "/$defs/mcpSource", Map.of(), Set.of()));
    }

    static Stream<Arguments> policyRecords() {
        Map<String, String> unnamed = Map.of("name", "");
        Map<String, String> caller = Map.of("priority", "class");
        return Stream.of(
                Arguments.of(PolicyConfig.Authenticate.class, "/$defs/authenticate", unnamed, Set.of()),
                Arguments.of(PolicyConfig.Authorize.class, "/$defs/authorize", unnamed, Set.of()),
                Arguments.of(PolicyConfig.RateLimit.class, "/$defs/rateLimit", unnamed, Set.of("ipv6Prefix")),
                Arguments.of(PolicyConfig.Concurrency.class, "/$defs/concurrency", unnamed, Set.of("ipv6Prefix")),
                Arguments.of(PolicyConfig.SessionQuota.class, "/$defs/sessionQuota", unnamed, Set.of("ipv6Prefix")),
                Arguments.of(PolicyConfig.ByteBudget.class, "/$defs/byteBudget", unnamed, Set.of("ipv6Prefix")),
                Arguments.of(PolicyConfig.Shed.class, "/$defs/shed", unnamed, Set.of()),
                Arguments.of(PolicyConfig.ApiKeys.class, "/$defs/apiKeys", Map.of(), Set.of()),
                Arguments.of(
                        PolicyConfig.ApiKey.class,
                        "/$defs/apiKey",
                        Map.of("caller", ""),
                        Set.of("subject", "tenant", "scopes", "class")),
                Arguments.of(PolicyConfig.Jwt.class, "/$defs/jwt", Map.of("audiences", "audience"), Set.of()),
                Arguments.of(
                        PolicyConfig.Introspection.class,
                        "/$defs/introspection",
                        Map.of("audiences", "audience"),
                        Set.of()),
                Arguments.of(PolicyConfig.Claims.class, "/$defs/jwt/properties/claims", caller, Set.of()),
                Arguments.of(
                        PolicyConfig.TrustedHeader.class,
                        "/$defs/trustedHeader",
                        Map.of("header", "name", "priority", "class"),
                        Set.of()),
                Arguments.of(PolicyConfig.ClientCertificate.class, "/$defs/clientCertificate", Map.of(), Set.of()),
                Arguments.of(PolicyConfig.Resource.class, "/$defs/resource", Map.of(), Set.of()),
                Arguments.of(
                        PolicyConfig.Rule.class, "/$defs/conditions", Map.of("allow", "", "ranges", "ips"), Set.of()));
    }

    static Stream<Arguments> choices() {
        return Stream.of(
                Arguments.of(AffinityConfig.class, "/$defs/source", Map.of()),
                Arguments.of(PolicyConfig.class, "/$defs/policy", Map.of()),
                Arguments.of(
                        PolicyConfig.Authenticator.class,
                        "/$defs/authenticator",
                        Map.of("apiKeys", "apiKey", "trustedHeader", "header")),
                Arguments.of(FallbackConfig.class, "/$defs/fallback", Map.of()));
    }

    /** @param renamed keys of records that are called otherwise in a file */
    @ParameterizedTest
    @MethodSource("choices")
    void hasAKeyForEachKind(Class<?> type, String pointer, Map<String, String> renamed) {
        Set<String> kinds = Arrays.stream(type.getPermittedSubclasses())
                .map(kind -> uncapitalized(kind.getSimpleName()))
                .map(kind -> renamed.getOrDefault(kind, kind))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(described(pointer)).isEqualTo(kinds);
    }

    private static String uncapitalized(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static Set<String> described(String pointer) {
        Set<String> described = new TreeSet<>();
        SCHEMA.at(pointer).get("properties").fieldNames().forEachRemaining(described::add);
        return described;
    }

    /**
     * @param renamed keys of components that are called otherwise in a file; empty where the component is no key
     * @param besides keys that become no component
     */
    @ParameterizedTest
    @MethodSource({"records", "policyRecords"})
    void hasTheKeysOfTheRecord(Class<?> type, String pointer, Map<String, String> renamed, Set<String> besides) {
        Set<String> keys = Arrays.stream(type.getRecordComponents())
                .map(component -> renamed.getOrDefault(component.getName(), component.getName()))
                .filter(key -> !key.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
        keys.addAll(besides);
        assertThat(described(pointer)).isEqualTo(keys);
    }

    @Test
    void describesEveryKeyAndItsDefault() {
        for (ConfigSchema.Key key : SCHEMA.keys()) {
            assertThat(key.described()).as(key.path()).isTrue();
            boolean optional = !key.required() && !key.defaulted();
            if (optional) {
                assertThat(key.description()).as(key.path()).containsPattern("Without this key|does not read");
            }
        }
    }

    @Test
    void saysTheReadersDefaults(@TempDir Path folder) throws IOException {
        ObjectNode explicit = (ObjectNode) ConfigSchema.parse(LEAST);
        List<String> filled = new ArrayList<>();
        fill(explicit, "", filled);
        fill(explicit.at("/listeners/public"), "/$defs/listener", filled);
        fill(explicit.at("/listeners/secure/tls"), "/$defs/tls", filled);
        fill(explicit.at("/listeners/secure/tls/clients"), "/$defs/clientCertificates", filled);
        fill(explicit.at("/listeners/secure/hsts"), "/$defs/hsts", filled);
        fill(explicit.at("/admin"), "/properties/admin", filled);
        fill(explicit.at("/acme"), "/properties/acme", filled);
        fill(explicit.at("/pools/p"), "/$defs/pool", filled);
        fill(explicit.at("/pools/p/instances"), "/$defs/staticInstances", filled);
        fill(explicit.at("/pools/q/instances"), "/$defs/processInstances", filled);
        fill(explicit.at("/routes/0"), "/$defs/route", filled);
        fill(explicit.at("/routes/0/split"), "/$defs/split", filled);
        fill(explicit.at("/routes/0/split/variants/0/picked"), "/$defs/picked", filled);
        fill(explicit.at("/routes/0/rewrite/request"), "/$defs/changedFields", filled);
        fill(explicit.at("/routes/0/cors"), "/$defs/cors", filled);
        fill(explicit.at("/routes/0/affinity/0/header"), "/$defs/headerSource", filled);
        fill(explicit.at("/routes/0/affinity/1/cookie"), "/$defs/cookieSource", filled);
        fill(explicit.at("/routes/0/affinity/2/principal"), "/$defs/principalSource", filled);
        fill(explicit.at("/routes/0/affinity/3/mcp"), "/$defs/mcpSource", filled);
        fillPolicies(explicit, filled);
        assertSame(LEAST, explicit.toString(), folder);
        ObjectNode inRedis = (ObjectNode) ConfigSchema.parse(LEAST_IN_REDIS);
        fill(inRedis.at("/table"), "/$defs/redisTable", filled);
        assertSame(LEAST_IN_REDIS, inRedis.toString(), folder);
        long defaults =
                SCHEMA.keys().stream().filter(ConfigSchema.Key::defaulted).count();
        assertThat(filled).hasSize((int) defaults);
    }

    private static void fillPolicies(JsonNode explicit, List<String> filled) {
        fill(explicit.at("/pools/p/breakers/instance"), "/$defs/breaker", filled);
        fill(explicit.at("/pools/p/fallback/answer"), "/$defs/fixedAnswer", filled);
        fill(explicit.at("/pools/p/retries"), "/$defs/retries", filled);
        JsonNode policies = explicit.get("policies");
        fill(policies.at("/who/authenticate"), "/$defs/authenticate", filled);
        fill(policies.at("/who/authenticate/by/0/apiKey"), "/$defs/apiKeys", filled);
        fill(policies.at("/who/authenticate/by/0/apiKey/keys/0"), "/$defs/apiKey", filled);
        fill(policies.at("/who/authenticate/by/1/jwt"), "/$defs/jwt", filled);
        fill(policies.at("/who/authenticate/by/2/header"), "/$defs/trustedHeader", filled);
        fill(policies.at("/who/authenticate/by/3/clientCertificate"), "/$defs/clientCertificate", filled);
        fill(policies.at("/who/authenticate/by/4/introspection"), "/$defs/introspection", filled);
        fill(policies.at("/who/authenticate/resource"), "/$defs/resource", filled);
        fill(policies.at("/may/authorize"), "/$defs/authorize", filled);
        fill(policies.at("/may/authorize/rules/0/allow"), "/$defs/conditions", filled);
        fill(policies.at("/often/rateLimit"), "/$defs/rateLimit", filled);
        fill(policies.at("/many/concurrency"), "/$defs/concurrency", filled);
        fill(policies.at("/owned/sessionQuota"), "/$defs/sessionQuota", filled);
        fill(policies.at("/moved/byteBudget"), "/$defs/byteBudget", filled);
        fill(policies.at("/full/shed"), "/$defs/shed", filled);
    }

    private static void assertSame(String least, String explicit, Path folder) throws IOException {
        // the same file twice: its place decides some defaults
        Path file = Files.writeString(folder.resolve("door.json"), least);
        ConfigReader reader = new ConfigReader(Map.of());
        SandgateConfig defaults = Configs.loaded(reader.read(file));
        Files.writeString(file, explicit);
        assertThat(Configs.loaded(reader.read(file))).isEqualTo(defaults);
    }

    /** Writes each default that the schema says into the object. */
    private static void fill(JsonNode object, String pointer, List<String> filled) {
        for (Map.Entry<String, JsonNode> property :
                SCHEMA.at(pointer).get("properties").properties()) {
            String key = property.getKey();
            JsonNode said = property.getValue().get("default");
            if (said == null) {
                continue;
            }
            filled.add(pointer + "/" + key);
            if (!object.has(key)) {
                ((ObjectNode) object).set(key, said.deepCopy());
            }
            if (property.getValue().has("properties")) {
                fill(object.get(key), pointer + "/properties/" + key, filled);
            }
        }
    }

    @Test
    void isMentionedKeyByKeyInTheManual() {
        String manual = Configs.text(Path.of("../docs/config.md"));
        for (ConfigSchema.Key key : SCHEMA.keys()) {
            assertThat(manual).contains("`" + key.path() + "`");
        }
    }
}
