package dev.sandgate.proxy.request;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.conf.ListenerConfig;
import dev.sandgate.proxy.acme.Challenges;
import dev.sandgate.proxy.forward.ForwardedRules;
import dev.sandgate.proxy.forward.HeaderRules;
import dev.sandgate.proxy.inbound.RequestGate;
import dev.sandgate.proxy.inbound.TrustedProxies;
import dev.sandgate.proxy.mcp.McpCallers;
import dev.sandgate.proxy.route.DomainTable;
import dev.sandgate.proxy.route.RouteTable;
import dev.sandgate.proxy.tls.ListenerTls;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/** One listener on one event loop, seen from outside: requests go in here. */
public final class Doorway {

    /**
     * What all doorways of a node lead to.
     *
     * @param domains hosts that come and go; they go before those of {@code routes}
     */
    public record Routing(
            RouteTable<Route> routes, DomainTable<Route> domains, PublicDocuments documents, Challenges challenges) {}

    /**
     * Where clients come to it.
     *
     * @param tls how TLS is spoken there; empty: it is not
     */
    public record Address(ListenerConfig config, Optional<ListenerTls> tls) {}

    private final RequestWay way;

    /**
     * A doorway on this lane's loop.
     *
     * @param pseudonym this node's name in {@code Via}
     */
    public Doorway(Address address, Lane lane, String pseudonym, Routing routing, AffinityTable table) {
        ListenerConfig config = address.config();
        ForwardedRules forwarded = new ForwardedRules(
                new TrustedProxies(config.trustedProxies()), config.tls().isPresent() ? "https" : "http");
        this.way = new RequestWay(
                new RequestWay.Setting(
                        lane,
                        new RequestGate(config, pseudonym),
                        new HeaderRules(forwarded, pseudonym),
                        routing.routes(),
                        routing.domains(),
                        routing.documents(),
                        new Https(config, address.tls()),
                        routing.challenges(),
                        config.limits().bodyBytes().orElse(Long.MAX_VALUE),
                        isLoopback(config.host())),
                table);
    }

    private static boolean isLoopback(String host) {
        return McpCallers.isLoopback(host) || host.equals("::1");
    }

    /** Serves a request, also one that could not be decoded. On the lane's loop. Never throws. */
    public void serve(HttpServerRequest request) {
        way.serve(request);
    }
}
