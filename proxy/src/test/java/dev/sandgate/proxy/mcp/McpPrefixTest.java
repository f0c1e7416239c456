package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.RewriteConfig;
import dev.sandgate.conf.RewriteConfig.Fields;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.conf.RouteLimits;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.DoorPlan;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.RecordingInstance;
import dev.sandgate.proxy.kit.Script;
import dev.sandgate.proxy.kit.TestDoor;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** MCP servers behind a prefix that they do not know: their clients find them, and they hear of the ends of sessions. */
class McpPrefixTest {

    @RegisterExtension
    final Invariants kit = new Invariants();

    private TestDoor door(DoorPlan plan, String strip, String add) {
        RouteConfig route = RouteConfig.plain(
                        "tools",
                        List.of(),
                        List.of("/team/a"),
                        Map.of(),
                        "main",
                        List.of(DemoPool.MCP),
                        List.of(),
                        false)
                .changing(
                        new RewriteConfig(Fields.NOTHING, Fields.NOTHING, strip, add),
                        Optional.empty(),
                        RouteLimits.NONE);
        return kit.open(plan.route(route));
    }

    @Test
    void aClientOfHttpWithSseFindsItsMessagesAddressBehindThePrefix() {
        DemoPool pool = kit.own(DemoPool.of(2));
        TestDoor door = door(pool.plan(), "/team/a", "");
        McpSseWire client = kit.own(McpSseWire.ask(door.port(), "/team/a/sse").awaitEndpoint());

        client.open();

        assertThat(client.endpoint()).startsWith("/team/a/");
        assertThat(client.call("count").session())
                .isEqualTo(client.call("count").session());
        assertThat(pool.strays()).isZero();
        assertThat(door.vitals().sessions()).isEqualTo(1);
    }

    @Test
    void anEndpointOfAnotherShapeLeadsBackToo() {
        RecordingInstance instance = kit.instance();
        TestDoor door = door(DoorPlan.to(instance), "/team/a", "/v1");
        Map.of(
                        "http://127.0.0.1:" + instance.port() + "/v1/messages?sessionId=1",
                        "/team/a/messages?sessionId=1",
                        "messages?sessionId=2",
                        "/team/a/messages?sessionId=2",
                        "../v1/m?sessionId=3",
                        "/team/a/m?sessionId=3",
                        "?sessionId=4",
                        "/team/a/sse?sessionId=4",
                        "/v1//evil.test/?sessionId=5",
                        "/team/a/evil.test/?sessionId=5",
                        "/elsewhere?sessionId=6",
                        "/elsewhere?sessionId=6")
                .forEach((said, told) -> {
                    instance.answering(Script.rawThenStall("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                            + "event: endpoint\ndata: " + said + "\n\n"));
                    try (McpSseWire client =
                            McpSseWire.ask(door.port(), "/team/a/sse").awaitEndpoint()) {
                        assertThat(client.endpoint()).as(said).isEqualTo(told);
                    }
                });
        assertThat(instance.heads())
                .allSatisfy(head -> assertThat(head.target()).isEqualTo("/v1/sse"));
    }

    @Test
    @SuppressWarnings("deprecation") // so is HTTP+SSE, and widely served
    void theOfficialClientWorksThroughAPrefix(@TempDir Path folder) {
        SdkServer server = kit.own(SdkServer.start("server", folder));
        DoorPlan plan = DoorPlan.toUrls(server.url())
                .main(pool -> pool.firstByte(Duration.ofSeconds(30)))
                .waits(Duration.ofSeconds(30), Duration.ofSeconds(30));
        TestDoor door = door(plan, "/team/a", "");
        HttpClientSseClientTransport transport = HttpClientSseClientTransport.builder(
                        URI.create("http://127.0.0.1:" + door.port()).toString())
                .sseEndpoint("/team/a/sse")
                .build();
        try (McpSyncClient client = McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(30))
                .initializationTimeout(Duration.ofSeconds(30))
                .build()) {
            client.initialize();
            McpSchema.CallToolResult result =
                    client.callTool(McpSchema.CallToolRequest.builder("count").build());
            assertThat(((McpSchema.TextContent) result.content().get(0)).text()).startsWith("server ");
        }
    }

    @Test
    void theEndOfASessionIsToldAtThePathThatTheInstanceKnows() {
        RecordingInstance instance = kit.instance()
                .answering(Script.raw("HTTP/1.1 200 OK\r\nMcp-Session-Id: the-one\r\nContent-Length: 0\r\n\r\n"));
        TestDoor door =
                door(DoorPlan.to(instance).main(pool -> pool.idleTimeout(Duration.ofSeconds(1))), "/team/a", "/v1");

        McpWire.to(door.port()).target("/team/a/mcp?tenant=7").initialize();

        Await.until(
                () -> instance.requests().stream()
                        .anyMatch(seen -> seen.method().equals("DELETE")),
                () -> "no farewell: " + instance.requests());
        assertThat(instance.requests())
                .allSatisfy(seen -> assertThat(seen.target()).isEqualTo("/v1/mcp?tenant=7"));
    }
}
