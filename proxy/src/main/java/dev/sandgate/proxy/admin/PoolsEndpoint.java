package dev.sandgate.proxy.admin;

import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** {@code GET /pools}. */
final class PoolsEndpoint {

    private final Node node;

    PoolsEndpoint(Node node) {
        this.node = node;
    }

    Reply list(Ask ask) {
        ask.knowing(List.of());
        JsonArray pools = new JsonArray();
        node.pools().values().forEach(pool -> pools.add(shown(PoolPicture.of(pool, node))));
        return Reply.json(new JsonObject().put("pools", pools));
    }

    private static JsonObject shown(PoolPicture picture) {
        PoolConfig config = picture.pool().config();
        JsonObject instances = new JsonObject();
        picture.instances().forEach((state, count) -> instances.put(Words.of(state), count));
        String source = config.instances() instanceof InstancesConfig.Processes ? "process" : "static";
        return new JsonObject()
                .put("name", config.name())
                .put("source", source)
                .put("placement", Words.of(config.placement()))
                .put("instances", instances)
                .put(
                        "slots",
                        new JsonObject()
                                .put("used", picture.used())
                                .put("free", picture.free())
                                .put("closed", picture.closed()))
                .put("sessions", picture.sessions())
                .put("reservations", picture.reservations())
                .put(
                        "queue",
                        new JsonObject()
                                .put("waiting", picture.waiting())
                                .put("max", config.queue().max()));
    }
}
