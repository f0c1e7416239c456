package dev.sandgate.proxy.admin;

import dev.sandgate.proxy.admin.NodeBook.Entry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code GET /nodes}. */
final class NodesEndpoint {

    private final NodeBook nodes;

    NodesEndpoint(NodeBook nodes) {
        this.nodes = nodes;
    }

    Future<Reply> list(Ask ask) {
        ask.knowing(List.of());
        return nodes.all().map(all -> {
            JsonArray shown = new JsonArray();
            all.values().forEach(entry -> shown.add(shown(entry)));
            return Reply.json(new JsonObject().put("nodes", shown));
        });
    }

    private JsonObject shown(Entry entry) {
        return new JsonObject()
                .put("id", entry.id())
                .put("here", entry.id().equals(nodes.own()))
                .put(
                        "admin",
                        entry.host().map(host -> address(host, entry.port())).orElse(""))
                .put("startedAt", entry.startedAt())
                .put("seenAt", entry.seenAt());
    }

    private static String address(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
