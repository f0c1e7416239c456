package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** What is remembered of a session, whichever transport it came by: its count, open questions, what was taken back. */
abstract class Session implements Caller {

    private final String id;
    private final House house;
    private final Map<String, Consumer<JsonObject>> questions = new HashMap<>();
    private final Set<Object> cancelled = new HashSet<>();
    private int asked;

    Session(String id, House house) {
        this.id = id;
        this.house = house;
    }

    @Override
    public final String id() {
        return id;
    }

    @Override
    public final long count() {
        return house.room().count(id).orElse(0);
    }

    @Override
    public final void ask(Outlet over, String method, JsonObject params, Consumer<JsonObject> answered) {
        asked++;
        // names the instance and the session, so that an answer in the wrong place is seen
        String question = house.instance() + ":" + id + ":" + asked;
        questions.put(question, answered);
        over.say(JsonRpc.request(question, method, params));
    }

    @Override
    public final boolean cancelled(Object request) {
        return cancelled.contains(request);
    }

    /** Takes a message that expects no answer: an answer of the client, or a notification. */
    final void hear(JsonObject message) {
        if (JsonRpc.isResponse(message)) {
            Consumer<JsonObject> answered = questions.remove(String.valueOf(message.getValue("id")));
            if (answered == null) {
                house.tally().stray();
            } else {
                answered.accept(message);
            }
        } else if (JsonRpc.method(message).equals("notifications/cancelled")) {
            Object request = JsonRpc.params(message).getValue("requestId");
            if (request != null && cancelled.size() < 1000) {
                cancelled.add(request);
            }
        }
    }

    /** Ends whatever streams it has. */
    abstract void end();
}
