package dev.sandgate.bench.sandbox;

import static dev.sandgate.bench.sandbox.McpCaller.SESSION;
import static dev.sandgate.bench.sandbox.McpCaller.call;
import static dev.sandgate.bench.sandbox.McpCaller.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.bench.sandbox.McpCaller.Events;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StreamableHttpTest {

    private static final JsonObject NOTHING = new JsonObject();

    private final SandboxUnderTest under = new SandboxUnderTest(options -> options.withMaxSessions(2));
    private final McpCaller mcp = new McpCaller(under);

    @AfterEach
    void close() {
        under.close();
    }

    @Test
    void givesAnIdAndCountsForItsSessionAlone() throws Exception {
        HttpResponse<String> answer = mcp.post("/mcp", McpCaller.initialize());
        String first = answer.headers().firstValue(SESSION).orElseThrow();
        String second = mcp.open("/mcp?answer=sse");
        assertThat(new JsonObject(answer.body()).getJsonObject("result").getString("protocolVersion"))
                .isEqualTo("2025-11-25");
        assertThat(mcp.post("/mcp", McpCaller.notification("notifications/initialized"), SESSION, first)
                        .statusCode())
                .isEqualTo(202);
        assertThat(told(mcp.post("/mcp", call(2, "count", NOTHING), SESSION, first)))
                .isEqualTo(who(first).put("count", 1));
        assertThat(told(mcp.post("/mcp", call(3, "count", NOTHING), SESSION, first))
                        .getLong("count"))
                .isEqualTo(2);
        try (Events events = mcp.stream("/mcp?answer=sse", call(2, "count", NOTHING), SESSION, second)) {
            assertThat(told(events.message())).isEqualTo(who(second).put("count", 1));
            assertThat(events.next()).isEmpty();
        }
        assertThat(under.sandbox().mcp().requests()).containsOnlyKeys(first, second);
        assertThat(under.sandbox().sessionIds()).containsExactlyInAnyOrder(first, second);
    }

    @Test
    void refusesRequestsWithoutASessionAndSessionsWithoutRoom() throws Exception {
        mcp.open("/mcp");
        mcp.open("/mcp");
        assertThat(mcp.post("/mcp", McpCaller.initialize()).statusCode()).isEqualTo(503);
        assertThat(mcp.post("/mcp", call(1, "count", NOTHING)).statusCode()).isEqualTo(400);
        HttpResponse<String> unknown = mcp.post("/mcp", call(1, "count", NOTHING), SESSION, "who");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(new JsonObject(unknown.body()).getJsonObject("error").getInteger("code"))
                .isEqualTo(-32001);
        assertThat(under.sandbox().mcp().strays()).isEqualTo(1);
        assertThat(under.send(mcp.posting("/mcp", "{"), BodyHandlers.ofString()).body())
                .contains("-32700");
        assertThat(under.send(mcp.posting("/mcp", "[]"), BodyHandlers.ofString())
                        .body())
                .contains("-32600");
        assertThat(under.get("/mcp", "Accept", "application/json").statusCode()).isEqualTo(406);
    }

    @Test
    void endsASessionOnceHoweverOftenItIsDeleted() throws Exception {
        String id = mcp.open("/mcp");
        try (Events get = mcp.listen("/mcp", SESSION, id)) {
            assertThat(mcp.delete(id)).isEqualTo(200);
            assertThat(get.next()).isEmpty();
        }
        assertThat(mcp.delete(id)).isEqualTo(404);
        assertThat(mcp.delete(null)).isEqualTo(400);
        assertThat(mcp.post("/mcp", call(1, "count", NOTHING), SESSION, id).statusCode())
                .isEqualTo(404);
        JsonObject seen = new JsonObject(under.get("/mcp/seen").body());
        assertThat(seen.getInteger("held")).isZero();
        assertThat(seen.getInteger("highest")).isEqualTo(1);
        assertThat(seen.getInteger("streams")).isZero();
        assertThat(seen.getLong("deletes")).isEqualTo(3);
        assertThat(seen.getJsonObject("ids").getLong(id)).isEqualTo(5);
    }

    @Test
    void answersABatchAsABatch() throws Exception {
        String id = mcp.open("/mcp");
        JsonArray batch = new JsonArray()
                .add(call(1, "count", NOTHING))
                .add(McpCaller.notification("notifications/initialized"))
                .add(call(2, "count", NOTHING));
        HttpResponse<String> answer =
                under.send(mcp.posting("/mcp", batch.encode(), SESSION, id), BodyHandlers.ofString());
        assertThat(new JsonArray(answer.body()))
                .extracting(each -> told((JsonObject) each).getLong("count"))
                .containsExactly(1L, 2L);
    }

    @Test
    void givesItsGetToOneAtATime() throws Exception {
        String id = mcp.open("/mcp");
        try (Events first = mcp.listen("/mcp", SESSION, id)) {
            try (Events second = mcp.listen("/mcp", SESSION, id)) {
                assertThat(second.response().statusCode()).isEqualTo(409);
            }
            mcp.post("/mcp", call(1, "tell", new JsonObject().put("times", 2)), SESSION, id);
            String event = first.next().orElseThrow();
            assertThat(event).startsWith("event: message\nid: get-1\n");
            assertThat(first.message().getJsonObject("params").getJsonObject("data"))
                    .isEqualTo(who(id).put("n", 2));
        }
        try (Events resumed = awaitFree(id, "get-1")) {
            assertThat(resumed.message().getJsonObject("params").getJsonObject("data"))
                    .isEqualTo(who(id).put("n", 2));
        }
    }

    /** The server learns of a client's leaving a moment later. */
    private Events awaitFree(String session, String lastEvent) throws Exception {
        while (under.sandbox().mcp().streams() > 0) {
            Thread.onSpinWait();
        }
        return mcp.listen("/mcp", SESSION, session, "Last-Event-ID", lastEvent);
    }

    @Test
    void goesOnWithAPostsStreamThatWasCut() throws Exception {
        String id = mcp.open("/mcp");
        String last;
        JsonObject slow = new JsonObject().put("steps", 4).put("every", 1).put("cutAfter", 2);
        try (Events cut = mcp.stream("/mcp?prime=true", call(7, "slow", slow), SESSION, id)) {
            assertThat(cut.next().orElseThrow()).isEqualTo("id: post1-0\nretry: 50\ndata: \n");
            assertThat(cut.message().getJsonObject("params").getInteger("progress"))
                    .isEqualTo(1);
            last = Events.field(cut.next().orElseThrow(), "id");
            assertThat(cut.next()).isEmpty();
        }
        try (Events rest = mcp.listen("/mcp", SESSION, id, "Last-Event-ID", last)) {
            assertThat(rest.message().getJsonObject("params").getInteger("progress"))
                    .isEqualTo(3);
            rest.message();
            JsonObject answer = rest.message();
            assertThat(answer.getInteger("id")).isEqualTo(7);
            assertThat(told(answer)).isEqualTo(who(id).put("steps", 4));
            assertThat(rest.next()).isEmpty();
        }
        try (Events none = mcp.listen("/mcp", SESSION, id, "Last-Event-ID", "post9-1")) {
            assertThat(none.response().statusCode()).isEqualTo(400);
        }
    }

    @Test
    void asksItsClientOverThePostOrTheGet() throws Exception {
        String id = mcp.open("/mcp");
        try (Events post = mcp.stream("/mcp", call(1, "ask", NOTHING), SESSION, id)) {
            JsonObject question = post.message();
            assertThat(question.getString("method")).isEqualTo("sampling/createMessage");
            assertThat(mcp.post("/mcp", McpCaller.response(question, "so"), SESSION, id)
                            .statusCode())
                    .isEqualTo(202);
            assertThat(told(post.message())).isEqualTo(who(id).put("answer", "so"));
        }
        try (Events get = mcp.listen("/mcp", SESSION, id);
                Events post =
                        mcp.stream("/mcp?answer=sse", call(2, "ask", new JsonObject().put("on", "get")), SESSION, id)) {
            JsonObject question = get.message();
            mcp.post("/mcp", McpCaller.response(question, "yes"), SESSION, id);
            assertThat(told(post.message())).isEqualTo(who(id).put("answer", "yes"));
            mcp.post("/mcp", McpCaller.response(question, "yes"), SESSION, id);
            assertThat(under.sandbox().mcp().strays()).isEqualTo(1);
        }
    }

    @Test
    void stopsAtACancelledCallAndEndsItsStream() throws Exception {
        String id = mcp.open("/mcp");
        JsonObject slow = new JsonObject().put("steps", 10_000).put("every", 1);
        JsonObject cancelled =
                McpCaller.notification("notifications/cancelled").put("params", new JsonObject().put("requestId", 5));
        try (Events post = mcp.stream("/mcp", call(5, "slow", slow), SESSION, id)) {
            post.message();
            mcp.post("/mcp", cancelled, SESSION, id);
            while (post.next().isPresent()) {
                // progress that was on its way
            }
        }
        assertThat(under.sandbox().mcp().streams()).isZero();
    }

    @Test
    void speaksWithoutASessionWhereToldToBeStateless() throws Exception {
        HttpResponse<String> answer = mcp.post("/mcp?stateless=true", McpCaller.initialize());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue(SESSION)).isEmpty();
        assertThat(told(mcp.post("/mcp?stateless=true", call(2, "whoami", NOTHING)))
                        .getString("instance"))
                .isEqualTo("a");
        assertThat(under.sandbox().sessions()).isZero();
    }

    private static JsonObject who(String session) {
        return new JsonObject().put("instance", "a").put("session", session);
    }
}
