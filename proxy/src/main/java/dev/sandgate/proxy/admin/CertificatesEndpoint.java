package dev.sandgate.proxy.admin;

import dev.sandgate.proxy.acme.CertificateOrders;
import dev.sandgate.proxy.acme.CertificateOrders.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** {@code GET /certificates}: those that are ordered from an authority. */
final class CertificatesEndpoint {

    private final Optional<CertificateOrders> orders;

    CertificatesEndpoint(Node node) {
        this.orders = node.orders();
    }

    Reply list(Ask ask) {
        ask.knowing(List.of());
        JsonArray shown = new JsonArray();
        orders.ifPresent(each -> each.states().forEach(state -> shown.add(shown(state))));
        return Reply.json(200, new JsonObject().put("certificates", shown));
    }

    private static JsonObject shown(State state) {
        JsonObject shown = new JsonObject()
                .put("name", state.name())
                .put("state", state.until().isPresent() ? "served" : "missing")
                .put("failures", state.failures());
        state.until().ifPresent(until -> shown.put("until", until));
        return shown;
    }
}
