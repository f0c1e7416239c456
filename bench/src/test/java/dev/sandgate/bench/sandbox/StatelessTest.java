package dev.sandgate.bench.sandbox;

import static dev.sandgate.bench.sandbox.McpCaller.call;
import static dev.sandgate.bench.sandbox.McpCaller.request;
import static dev.sandgate.bench.sandbox.McpCaller.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.McpCaller.Events;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StatelessTest {

    private static final JsonObject NOTHING = new JsonObject();

    private final SandboxUnderTest under = new SandboxUnderTest();
    private final McpCaller mcp = new McpCaller(under);

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void answersWithoutASession() throws Exception {
        assertThat(result(modern(request(1, "server/discover", NOTHING))).getJsonArray("supportedVersions"))
                .containsExactly("2026-07-28");
        assertThat(result(modern(request(2, "tools/list", NOTHING))).getJsonArray("tools"))
                .hasSize(5);
        HttpResponse<String> counted = modern(call(3, "count", NOTHING), "X-Session-Id", "s1");
        assertThat(result(counted).getString("resultType")).isEqualTo("complete");
        assertThat(told(counted))
                .isEqualTo(new JsonObject()
                        .put("instance", "a")
                        .put("session", "s1")
                        .put("count", 1));
        assertThat(under.sandbox().mcp().held()).isZero();
    }

    @Test
    void refusesHeadersThatSayOtherwiseThanTheBody() throws Exception {
        String body = call(3, "count", NOTHING).encode();
        HttpResponse<String> answer = under.send(
                mcp.posting("/mcp", body, "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list"),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getInteger("id")).isEqualTo(3);
        assertThat(answer.body()).contains("-32020");
        assertThat(modern(request(4, "resources/list", NOTHING)).statusCode()).isEqualTo(404);
        assertThat(under.get("/mcp", "MCP-Protocol-Version", "2026-07-28").statusCode())
                .isEqualTo(405);
    }

    @Test
    void tellsThoseWhoListenAndForgetsThoseWhoLeave() throws Exception {
        JsonObject listen = request(9, "subscriptions/listen", NOTHING);
        try (Events events = mcp.stream("/mcp", listen, headers(listen))) {
            assertThat(events.message().getString("method")).isEqualTo("notifications/subscriptions/acknowledged");
            modern(call(1, "tell", NOTHING));
            assertThat(events.message().getString("method")).isEqualTo("notifications/message");
            assertThat(under.sandbox().mcp().streams()).isEqualTo(1);
        }
        while (under.sandbox().mcp().streams() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void takesTheRetryOfAQuestionOnceAndOnlyIfItAsked() throws Exception {
        JsonObject asked = result(modern(call(1, "ask", NOTHING)));
        assertThat(asked.getString("resultType")).isEqualTo("input_required");
        JsonObject retry = call(2, "ask", NOTHING);
        retry.getJsonObject("params").put("requestState", asked.getString("requestState"));
        retry.getJsonObject("params").put("inputResponses", new JsonObject().put("question", "so"));
        assertThat(told(modern(retry)).getString("instance")).isEqualTo("a");
        assertThat(modern(retry).body()).contains("Invalid or expired requestState");
    }

    private HttpResponse<String> modern(JsonObject message, String... fields) throws Exception {
        return mcp.post("/mcp", message, headers(message, fields));
    }

    private static String[] headers(JsonObject message, String... more) {
        List<String> fields = new ArrayList<>(List.of(more));
        fields.addAll(List.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", message.getString("method")));
        String name = message.getJsonObject("params").getString("name");
        if (name != null) {
            fields.addAll(List.of("Mcp-Name", name));
        }
        return fields.toArray(String[]::new);
    }

    private static JsonObject result(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        return new JsonObject(answer.body()).getJsonObject("result");
    }
}
