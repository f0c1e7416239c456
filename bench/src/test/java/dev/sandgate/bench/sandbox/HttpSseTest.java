package dev.sandgate.bench.sandbox;

import static dev.sandgate.bench.sandbox.McpCaller.call;
import static dev.sandgate.bench.sandbox.McpCaller.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.McpCaller.Events;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HttpSseTest {

    private static final JsonObject NOTHING = new JsonObject();

    private final SandboxUnderTest under = new SandboxUnderTest(options -> options.withMaxSessions(1));
    private final McpCaller mcp = new McpCaller(under);

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void namesItsEndpointAndAnswersOnTheStream() throws Exception {
        try (Events stream = mcp.listen("/sse")) {
            String endpoint = endpoint(stream);
            assertThat(endpoint).matches("/messages\\?sessionId=[0-9a-f-]{36}");
            assertThat(mcp.post(endpoint, McpCaller.initialize()).statusCode()).isEqualTo(202);
            assertThat(stream.message().getJsonObject("result").getJsonObject("serverInfo"))
                    .isNotNull();
            mcp.post(endpoint, call(2, "count", NOTHING));
            mcp.post(endpoint, call(3, "count", NOTHING));
            assertThat(told(stream.message()).getLong("count")).isEqualTo(1);
            assertThat(told(stream.message()).getLong("count")).isEqualTo(2);
        }
    }

    @Test
    void asksAndReportsOnTheStream() throws Exception {
        try (Events stream = mcp.listen("/sse")) {
            String endpoint = endpoint(stream);
            mcp.post(endpoint, call(1, "ask", NOTHING));
            mcp.post(endpoint, McpCaller.response(stream.message(), "so"));
            assertThat(told(stream.message()).getString("answer")).isEqualTo("so");
            mcp.post(endpoint, call(2, "slow", new JsonObject().put("steps", 1).put("every", 1)));
            assertThat(stream.message().getString("method")).isEqualTo("notifications/progress");
            assertThat(stream.message().getInteger("id")).isEqualTo(2);
        }
    }

    @Test
    void endsItsSessionWithItsStream() throws Exception {
        String endpoint;
        try (Events stream = mcp.listen("/sse?wait=1")) {
            endpoint = endpoint(stream);
            assertThat(under.get("/sse").statusCode()).isEqualTo(503);
            assertThat(under.sandbox().mcp().held()).isEqualTo(1);
        }
        while (under.sandbox().sessions() > 0) {
            Thread.onSpinWait();
        }
        assertThat(mcp.post(endpoint, call(1, "count", NOTHING)).statusCode()).isEqualTo(404);
        assertThat(mcp.post("/messages", call(1, "count", NOTHING)).statusCode())
                .isEqualTo(400);
        assertThat(under.sandbox().mcp().streams()).isZero();
    }

    @Test
    void namesTheEndpointThatItIsAskedTo() throws Exception {
        try (Events stream = mcp.listen("/sse?endpoint=/sse%3Fsessionid%3D%7Bid%7D")) {
            String endpoint = endpoint(stream);
            assertThat(endpoint).startsWith("/sse?sessionid=");
            assertThat(mcp.post(endpoint, call(1, "whoami", NOTHING)).statusCode())
                    .isEqualTo(202);
            assertThat(told(stream.message()).getString("instance")).isEqualTo("a");
        }
    }

    private static String endpoint(Events stream) {
        String event = stream.next().orElseThrow();
        assertThat(event).startsWith("event: endpoint\n");
        return Events.field(event, "data");
    }
}
