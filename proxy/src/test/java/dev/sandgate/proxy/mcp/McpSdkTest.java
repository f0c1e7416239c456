package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.TestDoor;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.customizer.McpSyncHttpClientRequestCustomizer;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The official MCP Java SDK on both sides of the door: clients and servers of both transports on one route. */
class McpSdkTest {

    private static final int SERVERS = 4;
    private static final int SESSIONS = 20;
    private static final int ROUNDS = 3;
    /** 40 sessions, 1,000 calls. */
    private static final int NODE_ROUNDS = 25;

    private static final int PER_INSTANCE = 2 * SESSIONS / SERVERS;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** How a client speaks. */
    enum Transport {
        SSE,
        STREAMABLE;

        @SuppressWarnings("deprecation") // so is HTTP+SSE, and widely served
        McpClientTransport to(TestDoor... doors) {
            String url = "http://127.0.0.1:" + doors[0].port();
            return this == SSE
                    ? HttpClientSseClientTransport.builder(url)
                            .sseEndpoint("/sse")
                            .httpRequestCustomizer(roundRobin(doors))
                            .connectTimeout(PATIENCE)
                            .build()
                    : HttpClientStreamableHttpTransport.builder(url)
                            .endpoint("/mcp")
                            .httpRequestCustomizer(roundRobin(doors))
                            .connectTimeout(PATIENCE)
                            .build();
        }
    }

    /** Each request goes to the next door, as behind a balancer that knows nothing of sessions. */
    private static McpSyncHttpClientRequestCustomizer roundRobin(TestDoor... doors) {
        AtomicInteger next = new AtomicInteger();
        return (request, method, endpoint, body, context) -> {
            int port = doors[Math.floorMod(next.getAndIncrement(), doors.length)].port();
            String path = endpoint.getRawQuery() == null
                    ? endpoint.getRawPath()
                    : endpoint.getRawPath() + "?" + endpoint.getRawQuery();
            request.uri(URI.create("http://127.0.0.1:" + port + path));
        };
    }

    /** What a tool told: which server, for which session, and what. */
    private record Told(String server, String session, String what) {}

    @RegisterExtension
    final Invariants kit = new Invariants();

    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final List<SdkServer> servers = new ArrayList<>();
    private final List<McpSyncClient> clients = new ArrayList<>();

    @BeforeEach
    void startServers(@TempDir Path folder) {
        IntStream.range(0, SERVERS)
                .mapToObj(number -> SdkServer.start("server-" + number, folder))
                .forEach(servers::add);
    }

    @AfterEach
    void stopServers() throws Exception {
        for (McpSyncClient client : clients) {
            client.close();
        }
        for (SdkServer server : servers) {
            server.close();
        }
        threads.shutdownNow();
    }

    private TestDoor door() {
        return kit.open(plan());
    }

    private DoorPlan plan() {
        URI[] urls = servers.stream().map(SdkServer::url).toArray(URI[]::new);
        return DoorPlan.toUrls(urls)
                .main(pool -> pool.perInstance(PER_INSTANCE)
                        .queue(0, Duration.ZERO)
                        .connect(PATIENCE)
                        .firstByte(PATIENCE))
                .waits(PATIENCE, PATIENCE)
                .affinity(DemoPool.MCP);
    }

    private McpSyncClient connect(TestDoor door, Transport transport, String name) {
        return connect(transport.to(door), name);
    }

    private McpSyncClient connect(McpClientTransport transport, String name) {
        McpSyncClient client = McpClient.sync(transport)
                .requestTimeout(PATIENCE)
                .initializationTimeout(PATIENCE)
                .capabilities(McpSchema.ClientCapabilities.builder()
                        .sampling()
                        .elicitation()
                        .build())
                .sampling(request -> McpSchema.CreateMessageResult.builder(McpSchema.Role.ASSISTANT, name, "none")
                        .build())
                .elicitation(request ->
                        new McpSchema.ElicitResult(McpSchema.ElicitResult.Action.ACCEPT, Map.of("name", name)))
                .build();
        synchronized (clients) {
            clients.add(client);
        }
        client.initialize();
        return client;
    }

    private static Told call(McpSyncClient client, String tool) {
        McpSchema.CallToolResult result =
                client.callTool(McpSchema.CallToolRequest.builder(tool).build());
        String[] words =
                ((McpSchema.TextContent) result.content().get(0)).text().split(" ", -1);
        return new Told(words[0], words[1], words[2]);
    }

    /** Does this for all of them, eight at a time. */
    private <T, R> List<R> forAll(List<T> all, Function<T, R> step) throws Exception {
        List<Callable<R>> steps =
                all.stream().<Callable<R>>map(each -> () -> step.apply(each)).toList();
        List<R> results = new ArrayList<>();
        for (Future<R> result : threads.invokeAll(steps, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            results.add(result.get());
        }
        return results;
    }

    @Test
    void fortySessionsOfBothTransportsFillFourServersAndEachStaysAtHome() throws Exception {
        TestDoor door = door();
        List<Integer> numbers = IntStream.range(0, 2 * SESSIONS).boxed().toList();
        List<McpSyncClient> all =
                forAll(numbers, i -> connect(door, i % 2 == 0 ? Transport.SSE : Transport.STREAMABLE, "client-" + i));
        assertThat(door.vitals().sessions()).isEqualTo(2 * SESSIONS);

        List<Told> first = forAll(all, client -> call(client, "count"));
        for (int round = 2; round <= ROUNDS; round++) {
            List<Told> told = forAll(all, client -> call(client, "count"));
            for (int i = 0; i < all.size(); i++) {
                Told home = first.get(i);
                assertThat(told.get(i)).isEqualTo(new Told(home.server(), home.session(), "" + round));
            }
        }

        assertThat(first).extracting(Told::session).doesNotHaveDuplicates();
        assertThat(servers).allSatisfy(server -> {
            assertThat(server.counts()).hasSize(PER_INSTANCE);
            assertThat(server.counts().values()).containsOnly(ROUNDS);
        });
    }

    @Test
    void everyCallReachesItsSessionThroughTwoNodesInTurn() throws Exception {
        try (RedisProcess redis = RedisProcess.start()) {
            TestDoor a = kit.open(plan().redis(redis.url())).awaitReady();
            TestDoor b = kit.open(plan().redis(redis.url())).awaitReady();
            List<Integer> numbers = IntStream.range(0, 2 * SESSIONS).boxed().toList();
            List<McpSyncClient> all = forAll(numbers, i -> {
                Transport transport = i % 2 == 0 ? Transport.SSE : Transport.STREAMABLE;
                return connect(i % 4 < 2 ? transport.to(a, b) : transport.to(b, a), "client-" + i);
            });
            List<Told> first = forAll(all, client -> call(client, "count"));
            for (int round = 2; round <= NODE_ROUNDS; round++) {
                List<Told> told = forAll(all, client -> call(client, "count"));
                for (int i = 0; i < all.size(); i++) {
                    Told home = first.get(i);
                    assertThat(told.get(i)).isEqualTo(new Told(home.server(), home.session(), "" + round));
                }
            }
            assertThat(first).extracting(Told::session).doesNotHaveDuplicates();
            assertThat(servers).allSatisfy(server -> assertThat(server.counts()).hasSize(PER_INSTANCE));
            Await.until(() -> closedAll(a), () -> "sessions left: " + a.vitals());
            clients.clear();
            b.close();
            a.close();
        }
    }

    @Test
    void aFullPoolRefusesBothTransportsAndAClosedSessionsSlotIsFreeAgain() throws Exception {
        TestDoor door = door();
        List<Integer> numbers =
                IntStream.range(0, SERVERS * PER_INSTANCE).boxed().toList();
        forAll(numbers, i -> connect(door, i % 2 == 0 ? Transport.SSE : Transport.STREAMABLE, "client-" + i));
        McpAnswer refused = McpWire.to(door.port()).initialize();
        assertThat(refused.status()).isEqualTo(503);
        try (McpSseWire stream = McpSseWire.ask(door.port(), "/sse")) {
            assertThat(stream.stream().status()).isEqualTo(503);
        }

        Await.until(() -> closedAll(door), () -> "sessions left: " + door.vitals());
        clients.clear();

        for (Transport transport : Transport.values()) {
            assertThat(call(connect(door, transport, "late"), "count").what()).isEqualTo("1");
        }
    }

    // A client of 2.1.0 whose stream ends while it closes may open a session anew by itself: then it is closed again.
    private boolean closedAll(TestDoor door) {
        clients.forEach(McpSyncClient::closeGracefully);
        return door.vitals().sessions() == 0;
    }

    @Test
    void aClientIsAskedByItsServerAndItsAnswerComesHome() throws Exception {
        TestDoor door = door();
        List<Integer> numbers = IntStream.range(0, 2 * SERVERS).boxed().toList();
        List<McpSyncClient> all =
                forAll(numbers, i -> connect(door, i % 2 == 0 ? Transport.SSE : Transport.STREAMABLE, "client-" + i));
        for (String tool : List.of("ask", "form")) {
            List<Told> told = forAll(all, client -> call(client, tool));
            assertThat(told)
                    .extracting(Told::what)
                    .containsExactlyElementsOf(
                            numbers.stream().map(i -> "client-" + i).toList());
        }
    }
}
