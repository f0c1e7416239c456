package dev.sandgate.conf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExamplesTest {

    private static final Path EXAMPLES = Path.of("examples");

    static List<String> ready() throws IOException {
        return Configs.examples().stream()
                .filter(file -> !file.endsWith("tls.json") && !isInRedis(file))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("ready")
    void readsTheExample(String file) {
        Reading reading = new ConfigReader(Map.of()).read(Path.of(file));
        assertThat(reading).isInstanceOf(Reading.Loaded.class);
    }

    /** What the bench compares with other doors; it puts free ports in before. */
    @ParameterizedTest
    @ValueSource(strings = {"sandgate-memory", "sandgate-redis"})
    void readsTheConfigThatIsComparedWithOtherDoors(String contender, @TempDir Path folder) throws IOException {
        AtomicInteger port = new AtomicInteger(9_000);
        String text = Pattern.compile("\\$\\{port:[a-z0-9]+}")
                .matcher(Configs.text(Path.of("..", "bench", "side-by-side", contender, "sandgate.json")))
                .replaceAll(any -> Integer.toString(port.incrementAndGet()));
        Path file = Files.writeString(folder.resolve("sandgate.json"), text);
        assertThat(Configs.loaded(new ConfigReader(Map.of()).read(file)).accessLog())
                .isFalse();
    }

    @Test
    void namesTheThreeFilesThatTheTlsExampleLacks() {
        Reading reading = new ConfigReader(Map.of()).read(EXAMPLES.resolve("tls.json"));
        assertThat(reading).isInstanceOfSatisfying(Reading.Broken.class, broken -> assertThat(broken.problems())
                .extracting(Problem::path)
                .containsExactly(
                        "listeners.public.tls.certificate",
                        "listeners.public.tls.key",
                        "pools.python.instances.trust"));
    }

    @Test
    void readsTheTlsExampleOnceItsFilesAreThere(@TempDir Path folder) throws IOException {
        Path copy = Files.copy(EXAMPLES.resolve("tls.json"), folder.resolve("tls.json"));
        Files.createDirectory(folder.resolve("tls"));
        for (String name : List.of("server.pem", "server.key", "instances.pem")) {
            Files.createFile(folder.resolve("tls").resolve(name));
        }
        SandgateConfig config = Configs.loaded(new ConfigReader(Map.of()).read(copy));
        assertThat(config.listeners().values())
                .extracting(ListenerConfig::tls)
                .containsExactly(Optional.of(TlsConfig.of(new TlsConfig.KeyFiles.Pem(
                        folder.resolve("tls/server.pem"), folder.resolve("tls/server.key")))));
    }

    static List<String> inRedis() throws IOException {
        return Configs.examples().stream().filter(ExamplesTest::isInRedis).toList();
    }

    private static boolean isInRedis(String file) {
        return Path.of(file).getFileName().toString().startsWith("redis-");
    }

    @ParameterizedTest
    @MethodSource("inRedis")
    void namesTheSecretsThatAnExampleInRedisLacks(String file) {
        Reading reading = new ConfigReader(Map.of()).read(Path.of(file));
        assertThat(reading).isInstanceOfSatisfying(Reading.Broken.class, broken -> assertThat(broken.problems())
                .extracting(Problem::path)
                .contains("table.keys[0].secret")
                .isSubsetOf(
                        "table.keys[0].secret",
                        "table.password",
                        "table.trust",
                        "routes[0].affinity[0].cookie.keys[0].secret"));
    }

    @ParameterizedTest
    @MethodSource("inRedis")
    void readsAnExampleInRedisOnceItsFilesAreThere(String file, @TempDir Path folder) throws IOException {
        Path copy = Files.copy(Path.of(file), folder.resolve("door.json"));
        for (String name : List.of("secrets/sandgate-ids", "secrets/sandgate", "secrets/redis", "tls/redis.pem")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "a secret of at least 32 characters\n");
        }
        TableConfig table =
                Configs.loaded(new ConfigReader(Map.of()).read(copy)).table();
        String mode = file.substring(file.lastIndexOf('-') + 1, file.lastIndexOf('.'));
        assertThat(table).isInstanceOfSatisfying(TableConfig.Redis.class, redis -> assertThat(redis.mode())
                .isEqualTo(TableConfig.Mode.valueOf(mode.toUpperCase(Locale.ROOT))));
    }

    @Test
    void quickstartIsWhatItsReaderExpects() {
        SandgateConfig config = Configs.loaded(new ConfigReader(Map.of()).read(Path.of("quickstart.json")));
        ListenerConfig listener = List.copyOf(config.listeners().values()).get(0);
        PoolConfig pool = List.copyOf(config.pools().values()).get(0);
        assertThat(listener.host() + ":" + listener.port()).isEqualTo("127.0.0.1:8080");
        assertThat(config.admin()).contains(new AdminConfig("127.0.0.1", 9901, Optional.empty()));
        assertThat(pool.sessions().perInstance()).isEqualTo(4);
        assertThat(pool.instances()).isInstanceOf(InstancesConfig.Processes.class);
        assertThat(config.routes().get(1).affinity())
                .containsExactly(
                        new AffinityConfig.Header("X-Session-Id", false),
                        new AffinityConfig.Cookie("sandgate", false, List.of()));
        assertThat(config.hints()).filteredOn(hint -> hint.startsWith("curl ")).hasSize(3);
        assertThat(config.routes().get(0).debug()).isTrue();
        assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @CsvSource({
        "header, Header[name=X-Session-Id; generate=true]",
        "websocket, Header[name=X-Session-Id; generate=false]",
        "cookie, Cookie[name=sandgate; learn=false; keys=[]]",
        "query, Query[name=session]",
        "path, Path[before=/s/]",
        "principal, Principal[header=X-Forwarded-User]",
        "mcp, Mcp[ssePaths=[/sse]; idParameters=[sessionId; session_id; sessionid]; origins=[]]",
        "host, Host[port=true; domain=.apps.localhost] Host[port=false; domain=.apps.localhost]"
    })
    void showsEachSource(String name, String sources) {
        Reading reading = new ConfigReader(Map.of()).read(EXAMPLES.resolve(name + ".json"));
        assertThat(Configs.loaded(reading).routes().get(0).affinity().stream()
                        .map(source -> source.toString().replace(',', ';'))
                        .collect(Collectors.joining(" ")))
                .isEqualTo(sources);
    }

    @Test
    void listsEachExample() throws IOException {
        String list = Configs.text(EXAMPLES.resolve("README.md"));
        assertThat(Configs.examples()).hasSizeGreaterThan(23).allSatisfy(file -> assertThat(list)
                .contains("](" + Path.of("examples").relativize(Path.of(file)) + ")"));
    }
}
