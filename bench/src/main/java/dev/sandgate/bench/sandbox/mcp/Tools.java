package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What the sandbox offers to be called, each answer with the instance and the session that gave it. */
final class Tools {

    private static final int MOST_STEPS = 10_000;
    private static final int LONGEST_STEP = 60_000;

    private final House house;

    Tools(House house) {
        this.house = house;
    }

    static JsonArray list() {
        return new JsonArray()
                .add(tool("count", "Counts for the session."))
                .add(tool("whoami", "Tells which instance and session answers."))
                .add(tool(
                        "slow",
                        "Reports progress: `steps` times, one each `every` milliseconds.",
                        "steps",
                        "every",
                        "cutAfter"))
                .add(tool(
                        "ask", "Asks the client's model, `on` the stream of the post or of the get.", "question", "on"))
                .add(tool("tell", "Says `times` something on the stream that belongs to no request.", "times"));
    }

    private static JsonObject tool(String name, String description, String... arguments) {
        JsonObject properties = new JsonObject();
        for (String argument : arguments) {
            boolean text = List.of("question", "on").contains(argument);
            properties.put(argument, new JsonObject().put("type", text ? "string" : "integer"));
        }
        return new JsonObject()
                .put("name", name)
                .put("description", description)
                .put("inputSchema", new JsonObject().put("type", "object").put("properties", properties));
    }

    /** Whether this request is answered by a stream even where JSON would do. */
    static boolean streams(JsonObject request) {
        if (!JsonRpc.method(request).equals("tools/call")) {
            return false;
        }
        JsonObject params = JsonRpc.params(request);
        String name = params.getString("name", "");
        boolean onGet = arguments(params).getString("on", "post").equals("get");
        return name.equals("slow") || (name.equals("ask") && !onGet);
    }

    private static JsonObject arguments(JsonObject params) {
        return params.getJsonObject("arguments", new JsonObject());
    }

    void call(Caller caller, JsonObject request, Outlet out) {
        JsonObject params = JsonRpc.params(request);
        JsonObject arguments = arguments(params);
        Object id = request.getValue("id");
        String name = params.getString("name", "");
        switch (name) {
            case "count" -> out.answer(JsonRpc.result(id, told(who(caller).put("count", caller.count()))));
            case "whoami" -> out.answer(JsonRpc.result(id, told(who(caller))));
            case "slow" -> slow(caller, id, params, out);
            case "ask" -> ask(caller, id, arguments, out);
            case "tell" -> tell(caller, id, arguments, out);
            default -> out.answer(JsonRpc.error(id, JsonRpc.BAD_PARAMS, "Unknown tool: " + name));
        }
    }

    private void slow(Caller caller, Object id, JsonObject params, Outlet out) {
        JsonObject arguments = arguments(params);
        Steps steps =
                new Steps(number(arguments, "steps", 3, MOST_STEPS), number(arguments, "cutAfter", 0, MOST_STEPS));
        Object token = params.getJsonObject("_meta", new JsonObject()).getValue("progressToken");
        house.vertx().setPeriodic(Math.max(1, number(arguments, "every", 20, LONGEST_STEP)), timer -> {
            if (!out.wanted()) {
                house.vertx().cancelTimer(timer);
            } else if (caller.cancelled(id)) {
                house.vertx().cancelTimer(timer);
                out.drop();
            } else if (steps.over()) {
                house.vertx().cancelTimer(timer);
                out.answer(JsonRpc.result(id, told(who(caller).put("steps", steps.total()))));
            } else {
                step(steps, token, out);
            }
        });
    }

    private static void step(Steps steps, Object token, Outlet out) {
        long done = steps.next();
        if (token != null) {
            out.say(JsonRpc.notification(
                    "notifications/progress",
                    new JsonObject()
                            .put("progressToken", token)
                            .put("progress", done)
                            .put("total", steps.total())));
        }
        if (done == steps.cutAfter()) {
            out.cut();
        }
    }

    private void ask(Caller caller, Object id, JsonObject arguments, Outlet out) {
        Outlet over = arguments.getString("on", "post").equals("get") ? caller.events() : out;
        JsonObject content = new JsonObject().put("type", "text").put("text", arguments.getString("question", "why?"));
        JsonObject message = new JsonObject().put("role", "user").put("content", content);
        JsonObject question =
                new JsonObject().put("messages", new JsonArray().add(message)).put("maxTokens", 100);
        caller.ask(over, "sampling/createMessage", question, response -> {
            JsonObject result = response.getJsonObject("result");
            if (result == null) {
                out.answer(JsonRpc.result(
                        id,
                        told(who(caller).put("refused", response.getValue("error")))
                                .put("isError", true)));
            } else {
                out.answer(JsonRpc.result(id, told(who(caller).put("answer", result.getValue("content")))));
            }
        });
    }

    private void tell(Caller caller, Object id, JsonObject arguments, Outlet out) {
        long times = number(arguments, "times", 1, MOST_STEPS);
        for (long n = 1; n <= times; n++) {
            JsonObject params = new JsonObject()
                    .put("level", "info")
                    .put("data", who(caller).put("n", n));
            caller.events().say(JsonRpc.notification("notifications/message", params));
        }
        out.answer(JsonRpc.result(id, told(who(caller).put("told", times))));
    }

    private JsonObject who(Caller caller) {
        JsonObject who = new JsonObject().put("instance", house.instance()).put("session", caller.id());
        house.room().incarnation().ifPresent(told -> who.put("incarnation", told));
        return who;
    }

    private static JsonObject told(JsonObject what) {
        JsonObject text = new JsonObject().put("type", "text").put("text", what.encode());
        return new JsonObject().put("content", new JsonArray().add(text)).put("isError", false);
    }

    private static long number(JsonObject arguments, String name, long absent, long max) {
        Object value = arguments.getValue(name);
        return value instanceof Number number ? Math.min(Math.max(number.longValue(), 0), max) : absent;
    }

    /** How far a slow call is. */
    private static final class Steps {

        private final long total;
        private final long cutAfter;
        private long done;

        Steps(long total, long cutAfter) {
            this.total = total;
            this.cutAfter = cutAfter;
        }

        long next() {
            done++;
            return done;
        }

        boolean over() {
            return done >= total;
        }

        long total() {
            return total;
        }

        long cutAfter() {
            return cutAfter;
        }
    }
}
