package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import java.util.List;

/** Answers requests of the generations with a handshake, whatever transport they came by. */
final class Protocol {

    private static final List<String> VERSIONS = List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

    private final House house;
    private final Tools tools;

    Protocol(House house) {
        this.house = house;
        this.tools = new Tools(house);
    }

    static boolean speaks(String version) {
        return VERSIONS.contains(version);
    }

    void serve(Caller caller, JsonObject request, Outlet out) {
        Object id = request.getValue("id");
        switch (JsonRpc.method(request)) {
            case "initialize" -> out.answer(JsonRpc.result(id, initialized(JsonRpc.params(request))));
            case "ping" -> out.answer(JsonRpc.result(id, new JsonObject()));
            case "tools/list" -> out.answer(JsonRpc.result(id, new JsonObject().put("tools", Tools.list())));
            case "tools/call" -> tools.call(caller, request, out);
            default -> out.answer(JsonRpc.error(id, JsonRpc.NO_METHOD, "Method not found"));
        }
    }

    private JsonObject initialized(JsonObject params) {
        String asked = params.getString("protocolVersion", "");
        return new JsonObject()
                .put("protocolVersion", speaks(asked) ? asked : VERSIONS.get(0))
                .put("capabilities", capabilities())
                .put("serverInfo", serverInfo());
    }

    static JsonObject capabilities() {
        return new JsonObject()
                .put("tools", new JsonObject().put("listChanged", true))
                .put("logging", new JsonObject());
    }

    JsonObject serverInfo() {
        return new JsonObject().put("name", house.instance()).put("version", "1");
    }
}
