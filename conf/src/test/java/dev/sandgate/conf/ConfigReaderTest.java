package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.BreakersConfig.Breaker;
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

final class ConfigReaderTest {

    private static final String LISTENERS = "\"public\": { \"host\": \"127.0.0.1\", \"port\": 8080 }";
    private static final String INSTANCES =
            "\"instances\": { \"type\": \"static\", \"urls\": [\"http://127.0.0.1:9001\"] }";
    private static final String ROUTE = "\"name\": \"all\", \"pool\": \"p\"";

    private final Path folder;

    ConfigReaderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void replacesVariablesAndFilesAnywhereInAText() throws IOException {
        Files.writeString(folder.resolve("name"), "apps\n");
        ListenerConfig listener = listener(
                Map.of("PORT", "80", "YES", "false"),
                "\"host\": \"${file:name}.example.com\", \"port\": \"${env:PORT}80\", \"http2\": \"${env:YES}\"");
        assertThat(listener.host()).isEqualTo("apps.example.com");
        assertThat(listener.port()).isEqualTo(8080);
        assertThat(listener.http2()).isFalse();
    }

    @Test
    void dropsOnlyTheLastNewlineOfAFile() throws IOException {
        Files.writeString(folder.resolve("value"), "a\r\n");
        assertThat(headerValue("${file:value}")).isEqualTo("a");
    }

    @Test
    void searchesNoReplacedValueAgain() {
        assertThat(headerValue("x-${env:TRICK}")).isEqualTo("x-${env:PORT}");
    }

    @Test
    void keepsADoubledDollarAsText() {
        assertThat(headerValue("$${env:PORT} costs $5")).isEqualTo("${env:PORT} costs $5");
    }

    @Test
    void countsAPlacedValueAsPartOfATextAndNotOfAKey() {
        assertThat(problems("\"${env:PORT}\": { \"host\": \"127.0.0.1\", \"port\": 1 }", INSTANCES, ROUTE))
                .singleElement()
                .asString()
                .contains("${env:PORT}");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP://LocalHost, http://localhost:80",
        "https://example.com/, https://example.com:443",
        "http://10.0.0.1:0080, http://10.0.0.1:80",
        "http://[0:0::1]:9001, http://[::1]:9001"
    })
    void spellsAnInstanceInOneWay(String written, URI read) {
        PoolConfig pool = pool(INSTANCES.replace("http://127.0.0.1:9001", written));
        assertThat(pool.instances())
                .isInstanceOfSatisfying(InstancesConfig.Static.class, list -> assertThat(list.urls())
                        .containsExactly(read));
    }

    @Test
    void letsTwoPoolsShareAnInstanceThatBothCallShared() {
        String shared = INSTANCES.replace("\"static\",", "\"static\", \"shared\": true,");
        Reading reading = read(Map.of(), LISTENERS, shared + "}, \"q\": {" + shared, ROUTE);
        assertThat(Configs.loaded(reading).pools()).containsKeys("p", "q");
    }

    @ParameterizedTest
    @CsvSource({
        "'', 30m, 24h, 5m",
        "'\"idleTimeout\": \"1m\"', 1m, 24h, 1m",
        "'\"idleTimeout\": \"2d\"', 2d, 2d, 5m",
        "'\"maxLifetime\": \"10m\"', 10m, 10m, 5m",
        "'\"maxLifetime\": \"2m\"', 2m, 2m, 2m",
        "'\"idleTimeout\": \"2h\", \"unusedTimeout\": \"1h\"', 2h, 24h, 1h"
    })
    void letsDefaultsGiveWay(String said, String idle, String life, String unused) {
        SessionsConfig sessions =
                pool(INSTANCES + ", \"sessions\": {" + said + "}").sessions();
        assertThat(List.of(sessions.idleTimeout(), sessions.maxLifetime(), sessions.unusedTimeout()))
                .extracting(Durations::text)
                .containsExactly(hours(idle), hours(life), hours(unused));
    }

    @Test
    void readsWhatAListenerLimits() {
        ListenerConfig listener = listener(
                Map.of(),
                "\"host\": \"::1\", \"port\": 0, \"trustedProxies\": [\"10.0.0.0/8\", \"::1\"],"
                        + " \"limits\": { \"head\": \"1MiB\", \"body\": \"1024GiB\", \"headTimeout\": \"100ms\" }");
        assertThat(listener.limits().headBytes()).isEqualTo(1 << 20);
        assertThat(listener.limits().bodyBytes()).hasValue(1L << 40);
        assertThat(listener.limits().headTimeout()).isEqualTo(Duration.ofMillis(100));
        assertThat(listener.trustedProxies()).map(Object::toString).containsExactly("10.0.0.0/8", "::1");
    }

    @Test
    void readsEachFormOfACertificate() throws IOException {
        for (String name : List.of("a.pem", "a.key", "b.p12")) {
            Files.createFile(folder.resolve(name));
        }
        Files.createDirectory(folder.resolve("certs"));
        ListenerConfig listener = listener(
                Map.of("PASSWORD", "planted-secret"),
                "\"host\": \"::1\", \"port\": 0, \"hsts\": { \"subdomains\": true }, \"tls\": {"
                        + " \"keystore\": \"b.p12\", \"password\": \"${env:PASSWORD}\","
                        + " \"certificates\": [{ \"certificate\": \"a.pem\", \"key\": \"a.key\" }],"
                        + " \"folder\": \"certs\", \"minimum\": \"1.3\","
                        + " \"clients\": { \"authorities\": \"a.pem\", \"required\": true } }");
        assertThat(listener.tls())
                .contains(new TlsConfig(
                        Optional.of(new TlsConfig.KeyFiles.Pkcs12(folder.resolve("b.p12"), "planted-secret")),
                        List.of(new TlsConfig.KeyFiles.Pem(folder.resolve("a.pem"), folder.resolve("a.key"))),
                        Optional.of(folder.resolve("certs")),
                        TlsConfig.Version.TLS_1_3,
                        Optional.of(new TlsConfig.ClientCertificates(folder.resolve("a.pem"), true))));
        assertThat(listener.hsts()).contains(new HstsConfig(Duration.ofDays(365), true, false));
        assertThat(listener.toString()).doesNotContain("planted-secret");
    }

    @ParameterizedTest
    @CsvSource({"true, 443", "8443, 8443"})
    void readsWhereClientsAreSentToHttps(String said, int port) {
        ListenerConfig listener =
                listener(Map.of(), "\"host\": \"0.0.0.0\", \"port\": 80, \"redirectToHttps\": " + said);
        assertThat(listener.httpsPort()).hasValue(port);
    }

    @Test
    void letsATlsListenerWaitForCertificatesWhereOperatorsCanBringThem() throws IOException {
        Path file = Files.writeString(
                folder.resolve("door.json"),
                "{ \"listeners\": { \"public\": { \"host\": \"127.0.0.1\", \"port\": 0, \"tls\": {} } },"
                        + " \"admin\": { \"port\": 9901 }, \"pools\": { \"p\": {" + INSTANCES + "} },"
                        + " \"routes\": [{" + ROUTE + "}] }");
        assertThat(Configs.loaded(new ConfigReader(Map.of()).read(file))
                        .listeners()
                        .values())
                .allSatisfy(listener -> assertThat(listener.tls()).isPresent());
    }

    @Test
    void spellsHostsPathsAndHeadersInOneWay() {
        RouteConfig route = route("\"hosts\": [\"*.Apps.Example.com\"], \"paths\": [\"/api/\", \"/\"],"
                + " \"headers\": { \"X-Channel\": \"Beta\" }, \"affinity\": [{ \"header\": \"X-Session-Id\" }]");
        assertThat(route.hosts()).containsExactly("*.apps.example.com");
        assertThat(route.paths()).containsExactly("/api", "/");
        assertThat(route.headers()).containsExactly(Map.entry("x-channel", "Beta"));
        assertThat(route.affinity()).containsExactly(new AffinityConfig.Header("X-Session-Id", false));
    }

    @Test
    void warnsOnceOfWhatAStaticPoolCannotKnow() {
        String pinned = ROUTE + ", \"affinity\": [{ \"header\": \"X-Session-Id\" }]";
        assertThat(Configs.lines(read(Map.of(), LISTENERS, INSTANCES, pinned)))
                .singleElement()
                .asString()
                .startsWith("1:107: pools.p.instances.type: \"static\" (expected: instances that keep their sessions");
    }

    @Test
    void warnsOfNoStaticPoolThatTellsItsLife() {
        String pinned = ROUTE + ", \"affinity\": [{ \"header\": \"X-Session-Id\" }]";
        String told = INSTANCES.replace(
                "\"static\",", "\"static\", \"incarnation\": { \"path\": \"/healthz\", \"pointer\": \"/bootId\" },");
        Reading reading = read(Map.of(), LISTENERS, told, pinned);
        assertThat(Configs.lines(reading)).isEmpty();
        assertThat(pool(told).instances())
                .isInstanceOfSatisfying(InstancesConfig.Static.class, list -> assertThat(list.incarnation())
                        .contains(new IncarnationConfig("/healthz", Optional.empty(), Optional.of("/bootId"))));
    }

    @Test
    void readsATableInRedisAndShowsNoSecretOfIt() {
        String secret = "0123456789abcdef0123456789ABCDEF";
        String table = ROUTE + "}], \"node\": { \"id\": \"door-1\", \"advertise\": \"FD00::0:5\" }, \"table\": {"
                + " \"type\": \"redis\", \"mode\": \"sentinel\", \"urls\": [\"REDISS://[0:0::1]\", \"rediss://Redis:1/\"],"
                + " \"user\": \"door\", \"password\": \"${env:WORD}\", \"timeout\": \"50ms\", \"awayMax\": \"1h\","
                + " \"keys\": [{ \"id\": \"b\", \"secret\": \"" + secret + "\" }] }, \"$schema\": [{";
        SandgateConfig config = Configs.loaded(read(Map.of("WORD", "open sesame"), LISTENERS, INSTANCES, table));
        assertThat(config.table()).isInstanceOfSatisfying(TableConfig.Redis.class, redis -> {
            assertThat(redis.urls())
                    .containsExactly(URI.create("rediss://[::1]:26379"), URI.create("rediss://redis:1"));
            assertThat(redis.tls()).isTrue();
            assertThat(redis.password()).contains("open sesame");
            assertThat(redis.timeout()).isEqualTo(Duration.ofMillis(50));
            assertThat(redis.keys()).containsExactly(new TableConfig.IdKey("b", secret));
        });
        assertThat(config.node()).isEqualTo(new NodeConfig(Optional.of("door-1"), Optional.of("fd00::5")));
        assertThat(config.toString()).contains("mode=SENTINEL").doesNotContain(secret, "sesame");
    }

    @Test
    void warnsOfClearTextWhereOthersListen() {
        String open = LISTENERS.replace("127.0.0.1", "0.0.0.0");
        assertThat(Configs.lines(read(Map.of(), open, INSTANCES, ROUTE)))
                .singleElement()
                .asString()
                .startsWith("1:37: listeners.public.host: \"0.0.0.0\" (expected: a listener with tls");
        String behindAProxy = open.replace("8080", "8080, \"trustedProxies\": [\"10.0.0.1\"]");
        assertThat(Configs.lines(read(Map.of(), behindAProxy, INSTANCES, ROUTE)))
                .isEmpty();
    }

    @Test
    void warnsOfATokenInClearTextAndShowsItNowhere() {
        String token = "0123456789abcdef0123456789ABCDEF-._~+/==";
        String admin = ROUTE + "}], \"admin\": { \"host\": \"::\", \"port\": 0, \"token\": \"" + token
                + "\" }, \"table\": { \"type\": \"memory\" }, \"shutdownTimeout\": \"1s\", \"accessLog\": true, \"$schema\": [{";
        Reading reading = read(Map.of(), LISTENERS, INSTANCES, admin);
        assertThat(Configs.loaded(reading).admin().orElseThrow().token()).contains(token);
        assertThat(Configs.lines(reading))
                .singleElement()
                .asString()
                .contains("admin.host: \"::\" (expected: a loopback address; the token crosses");
        assertThat(reading.toString()).doesNotContain(token);
    }

    @Test
    void takesAFileWithAByteOrderMark() throws IOException {
        Path file = Files.writeString(folder.resolve("bom.json"), "\uFEFF" + text(LISTENERS, INSTANCES, ROUTE));
        assertThat(new ConfigReader(Map.of()).read(file)).isInstanceOf(Reading.Loaded.class);
    }

    @Test
    void tellsOfAFileThatIsNotThere() {
        Path file = folder.resolve("none.json");
        assertThat(Configs.lines(new ConfigReader(Map.of()).read(file)))
                .containsExactly("no file at " + file + " (expected: a config file)");
    }

    @Test
    void tellsOfAFolder() {
        assertThat(Configs.lines(new ConfigReader(Map.of()).read(folder)))
                .containsExactly(folder + " is a folder (expected: a file; a folder of files is not built yet)");
    }

    @Test
    void readsBreakersAndRetriesOfAPool() {
        PoolConfig pool = pool(INSTANCES
                + (", 'breakers': { 'instance': { 'window': 5 }, 'pool': { 'failureRate': 90, 'slowRate': 80,"
                                + " 'slow': '5s', 'window': 100, 'least': 20, 'open': '100ms', 'trials': 1 } },"
                                + " 'retries': { 'methods': ['PUT', 'GET'], 'statuses': [504], 'attempts': 5, 'budget': 0 }")
                        .replace('\'', '"'));
        assertThat(pool.breakers())
                .isEqualTo(new BreakersConfig(
                        Optional.of(new Breaker(50, 100, Duration.ZERO, 5, 5, Duration.ofSeconds(10), 3)),
                        Optional.of(new Breaker(90, 80, Duration.ofSeconds(5), 100, 20, Duration.ofMillis(100), 1))));
        assertThat(pool.retries()).isEqualTo(new RetriesConfig(Set.of("PUT", "GET"), Set.of(504), 5, 0));
        assertThat(pool.fallback()).isEmpty();
    }

    @Test
    void readsWhatAPoolFallsBackTo() {
        assertThat(pool(INSTANCES
                                + (", 'fallback': { 'pool': 'q' } }, 'q': { 'instances': { 'type': 'static',"
                                                + " 'urls': ['http://127.0.0.1:9002'] }, 'fallback': { 'answer': {} }")
                                        .replace('\'', '"'))
                        .fallback())
                .contains(new FallbackConfig.Pool("q"));
        assertThat(pool(INSTANCES
                                + (", 'fallback': { 'answer': { 'status': 200, 'contentType': 'text/html; charset=utf-8',"
                                                + " 'body': '<p>Back soon.\\n' } }")
                                        .replace('\'', '"'))
                        .fallback())
                .contains(new FallbackConfig.Answer(200, "text/html; charset=utf-8", "<p>Back soon.\n"));
    }

    private ListenerConfig listener(Map<String, String> environment, String listener) {
        Reading reading = read(environment, "\"public\": {" + listener + "}", INSTANCES, ROUTE);
        return List.copyOf(Configs.loaded(reading).listeners().values()).get(0);
    }

    private PoolConfig pool(String pool) {
        return List.copyOf(Configs.loaded(read(Map.of(), LISTENERS, pool, ROUTE))
                        .pools()
                        .values())
                .get(0);
    }

    private RouteConfig route(String more) {
        return Configs.loaded(read(Map.of(), LISTENERS, INSTANCES, ROUTE + ", " + more))
                .routes()
                .get(0);
    }

    private String headerValue(String written) {
        Map<String, String> environment = Map.of("PORT", "80", "TRICK", "${env:PORT}");
        String route = ROUTE + ", \"headers\": { \"X-A\": \"" + written + "\" }";
        return String.join(
                "",
                Configs.loaded(read(environment, LISTENERS, INSTANCES, route))
                        .routes()
                        .get(0)
                        .headers()
                        .values());
    }

    private List<String> problems(String listeners, String pool, String route) {
        Reading reading = read(Map.of(), listeners, pool, route);
        assertThat(reading).isInstanceOf(Reading.Broken.class);
        return Configs.lines(reading);
    }

    private Reading read(Map<String, String> environment, String listeners, String pool, String route) {
        try {
            Path file = Files.writeString(folder.resolve("sandgate.json"), text(listeners, pool, route));
            return new ConfigReader(environment).read(file);
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static String text(String listeners, String pool, String route) {
        return "{ \"listeners\": {" + listeners + "}, \"pools\": { \"p\": {" + pool + "} }, \"routes\": [{" + route
                + "}] }";
    }

    /** {@code 24h} is told as {@code 1d}. */
    private static String hours(String written) {
        return written.equals("24h") ? "1d" : written;
    }
}
