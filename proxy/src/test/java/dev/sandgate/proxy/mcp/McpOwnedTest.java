package dev.sandgate.proxy.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.conf.PolicyConfig.Resource;
import dev.sandgate.proxy.kit.Answer;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Keys;
import dev.sandgate.proxy.kit.McpAnswer;
import dev.sandgate.proxy.kit.McpSseWire;
import dev.sandgate.proxy.kit.McpWire;
import dev.sandgate.proxy.kit.RawClient;
import dev.sandgate.proxy.kit.TestDoor;
import dev.sandgate.proxy.kit.WireStream;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** MCP sessions belong to who opened them, and clients without a token are told where tokens come from. */
final class McpOwnedTest {

    private static final Resource RESOURCE = new Resource(
            URI.create("https://mcp.example.com/mcp"),
            List.of(URI.create("https://login.example.com")),
            List.of("tools"));

    @RegisterExtension
    final Invariants kit = new Invariants();

    private DemoPool pool;
    private TestDoor door;

    @BeforeEach
    void open() {
        pool = kit.own(DemoPool.of(2));
        door = kit.open(pool.plan().policies(Keys.of(Optional.of(RESOURCE), "alice", "bob")));
    }

    private McpWire as(String caller) {
        return McpWire.to(door.port()).with("X-API-Key", caller + "-key");
    }

    @Test
    void anothersSessionDoesNotExistForAnyMethod() {
        McpWire alice = as("alice").open();
        McpWire bob = as("bob").session(alice.session());

        for (McpAnswer answer : List.of(bob.call("count"), bob.post("{}"), bob.delete(), bob.delete())) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.error().getInteger("code")).isEqualTo(-32001);
            assertThat(answer.error().getJsonObject("data").getString("reason")).isEqualTo("session-unknown");
        }
        try (WireStream events = bob.events()) {
            assertThat(events.status()).isEqualTo(404);
        }
        assertThat(alice.call("count").status()).isEqualTo(200);
        assertThat(pool.strays()).isZero();
        assertThat(alice.delete().status()).isLessThan(300);
    }

    @Test
    void anothersMessagesUrlDoesNotExist() {
        try (McpSseWire alice = McpSseWire.ask(door.port(), "/sse", Keys.line("alice"))) {
            alice.awaitEndpoint();
            String body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

            McpAnswer refused = McpSseWire.postTo(door.port(), alice.messagesTarget(), List.of(Keys.line("bob")), body);
            assertThat(refused.status()).isEqualTo(404);

            McpAnswer taken = McpSseWire.postTo(door.port(), alice.messagesTarget(), List.of(Keys.line("alice")), body);
            assertThat(taken.status()).isEqualTo(202);
        }
        assertThat(pool.strays()).isZero();
    }

    @Test
    void whoBringsNoCredentialIsToldWhereToGetOne() {
        McpAnswer refused = McpWire.to(door.port()).initialize();

        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.fields().all("WWW-Authenticate"))
                .singleElement()
                .asString()
                .contains("resource_metadata=\"https://mcp.example.com/.well-known/oauth-protected-resource/mcp\"");
        assertThat(refused.error().getJsonObject("data").getString("policy")).isEqualTo("main/authenticate");
    }

    @Test
    void theResourceIsDescribedToAnybody() {
        Answer told = describe("mcp.example.com");
        assertThat(told.status()).isEqualTo(200);
        assertThat(told.fields().all("Content-Type")).containsExactly("application/json");
        JsonObject document = new JsonObject(told.body());
        assertThat(document.getString("resource")).isEqualTo("https://mcp.example.com/mcp");
        assertThat(document.getJsonArray("authorization_servers").getString(0)).isEqualTo("https://login.example.com");

        assertThat(describe("other.example.com").status()).isEqualTo(403);
    }

    private Answer describe(String host) {
        try (RawClient client = door.connect()) {
            return client.send("GET /.well-known/oauth-protected-resource/mcp HTTP/1.1\r\nHost: " + host + "\r\n\r\n")
                    .answer();
        }
    }
}
