package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/**
 * MCP 2026-07-28: every POST stands for itself, and its stream's end takes it back. Who sends a session id in the
 * sandbox's own header is counted by it. {@code ask} answers {@code input_required}, and its retry must come here.
 */
final class Stateless {

    static final String VERSION = "2026-07-28";

    private static final int STATES_KEPT = 1000;

    private final House house;
    private final Protocol protocol;
    private final Tools tools;
    private final String sessionHeader;
    private final Set<Sse> listeners = new LinkedHashSet<>();
    private final Set<String> states = new LinkedHashSet<>();

    Stateless(House house, Protocol protocol, String sessionHeader) {
        this.house = house;
        this.protocol = protocol;
        this.tools = new Tools(house);
        this.sessionHeader = sessionHeader;
    }

    void post(HttpServerRequest request, Buffer body) {
        Messages messages = Messages.read(body);
        if (messages.batch()) {
            throw new Declined(400, JsonRpc.INVALID, "batches are not spoken in " + VERSION);
        }
        if (messages.requests().isEmpty()) {
            request.response().setStatusCode(202).end();
            return;
        }
        JsonObject message = messages.requests().get(0);
        checkHeaders(request, message);
        Object id = message.getValue("id");
        switch (JsonRpc.method(message)) {
            case "server/discover" -> answer(request, id, discovered());
            case "tools/list" -> answer(request, id, cacheable(new JsonObject().put("tools", Tools.list())));
            case "tools/call" -> call(request, message);
            case "subscriptions/listen" -> listen(request, message);
            default -> throw new Declined(404, JsonRpc.NO_METHOD, "Method not found", id);
        }
    }

    private static void checkHeaders(HttpServerRequest request, JsonObject message) {
        String method = JsonRpc.method(message);
        mirrored(request, message, "Mcp-Method", method);
        if (method.equals("tools/call")) {
            mirrored(request, message, "Mcp-Name", JsonRpc.params(message).getString("name", ""));
        }
    }

    private static void mirrored(HttpServerRequest request, JsonObject message, String header, String value) {
        if (!List.of(value).equals(request.headers().getAll(header))) {
            String why = header + " does not say what the body says: " + value;
            throw new Declined(400, JsonRpc.HEADER_MISMATCH, why, message.getValue("id"));
        }
    }

    private JsonObject discovered() {
        return cacheable(new JsonObject()
                .put("supportedVersions", new JsonArray().add(VERSION))
                .put("capabilities", Protocol.capabilities())
                .put("_meta", new JsonObject().put("io.modelcontextprotocol/serverInfo", protocol.serverInfo())));
    }

    private static JsonObject cacheable(JsonObject result) {
        return result.put("resultType", "complete").put("ttlMs", 1000).put("cacheScope", "public");
    }

    private void call(HttpServerRequest request, JsonObject message) {
        JsonObject params = JsonRpc.params(message);
        if (params.getString("name", "").equals("ask")) {
            ask(request, message.getValue("id"), params);
            return;
        }
        Caller caller = caller(request);
        boolean stream = "sse".equals(request.getParam("answer")) || Tools.streams(message);
        Outlet out = stream
                ? new SseOutlet(Sse.open(request.response(), house.tally()), true)
                : new JsonAnswers(request.response(), false, 1);
        tools.call(caller, message, new Completing(out));
    }

    private Caller caller(HttpServerRequest request) {
        String id = request.getHeader(sessionHeader);
        OptionalLong count = id == null ? OptionalLong.of(0) : house.room().count(id);
        return new Passerby(id, count.orElseThrow(Declined::noRoom), new Listeners(listeners));
    }

    private void ask(HttpServerRequest request, Object id, JsonObject params) {
        String state = params.getString("requestState");
        if (state == null) {
            answer(request, id, inputRequired());
        } else if (states.remove(state)) {
            JsonObject said =
                    new JsonObject().put("instance", house.instance()).put("answer", params.getValue("inputResponses"));
            JsonObject text = new JsonObject().put("type", "text").put("text", said.encode());
            answer(
                    request,
                    id,
                    new JsonObject().put("resultType", "complete").put("content", new JsonArray().add(text)));
        } else {
            house.tally().stray();
            throw new Declined(400, JsonRpc.BAD_PARAMS, "Invalid or expired requestState", id);
        }
    }

    private JsonObject inputRequired() {
        String state = house.instance() + ":" + UUID.randomUUID();
        states.add(state);
        if (states.size() > STATES_KEPT) {
            states.remove(states.iterator().next());
        }
        JsonObject question = new JsonObject()
                .put("method", "sampling/createMessage")
                .put("params", new JsonObject().put("messages", new JsonArray()).put("maxTokens", 100));
        return new JsonObject()
                .put("resultType", "input_required")
                .put("inputRequests", new JsonObject().put("question", question))
                .put("requestState", state);
    }

    private void listen(HttpServerRequest request, JsonObject message) {
        Sse sse = Sse.open(request.response(), house.tally());
        listeners.add(sse);
        sse.onClose(() -> listeners.remove(sse));
        JsonObject asked = JsonRpc.params(message).getJsonObject("notifications", new JsonObject());
        new SseOutlet(sse, false)
                .say(JsonRpc.notification(
                        "notifications/subscriptions/acknowledged",
                        new JsonObject()
                                .put(
                                        "_meta",
                                        new JsonObject()
                                                .put("io.modelcontextprotocol/subscriptionId", message.getValue("id")))
                                .put("notifications", asked)));
    }

    private void answer(HttpServerRequest request, Object id, JsonObject result) {
        if ("sse".equals(request.getParam("answer"))) {
            new SseOutlet(Sse.open(request.response(), house.tally()), true).answer(JsonRpc.result(id, result));
        } else {
            new JsonAnswers(request.response(), false, 1).answer(JsonRpc.result(id, result));
        }
    }

    /** Says of each result that it is complete, as this generation must. */
    private record Completing(Outlet out) implements Outlet {

        @Override
        public void say(JsonObject message) {
            out.say(message);
        }

        @Override
        public void answer(JsonObject message) {
            JsonObject result = message.getJsonObject("result");
            if (result != null) {
                result.put("resultType", "complete");
            }
            out.answer(message);
        }

        @Override
        public void cut() {
            out.cut();
        }

        @Override
        public boolean wanted() {
            return out.wanted();
        }
    }

    /** Everybody who listens here. */
    private record Listeners(Set<Sse> all) implements Outlet {

        @Override
        public void say(JsonObject message) {
            List.copyOf(all).forEach(sse -> new SseOutlet(sse, false).say(message));
        }

        @Override
        public void answer(JsonObject message) {
            say(message);
        }
    }
}
