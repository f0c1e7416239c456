package dev.sandgate.proxy.request;

import dev.sandgate.conf.AffinityConfig;
import dev.sandgate.conf.MirrorConfig;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.forward.Copy;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.identify.McpSource;
import dev.sandgate.proxy.inbound.Field;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.pool.Pool;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies a share of a route's requests for a pool whose answers are thrown away. A copy carries what the instance gets, but
 * nothing by which it could act as its client: no credential, no cookie, no session id in a field. Any loop.
 */
public final class Mirror {

    /** What a copy lacks: its {@code Host} is made anew, the others are its client's own. */
    private static final List<String> LEFT_OUT = List.of("host", "authorization", "cookie", "mcp-session-id");

    private final Pool pool;
    private final double percent;
    private final List<String> leftOut;

    /**
     * The mirror of one route.
     *
     * @param pool that the config names
     */
    public Mirror(MirrorConfig config, RouteConfig route, Pool pool) {
        this.pool = pool;
        this.percent = config.percent();
        List<String> own = Stream.of(LEFT_OUT.stream(), sessionFields(route), keyFields(route))
                .flatMap(names -> names)
                .toList();
        this.leftOut = Stream.concat(own.stream(), renamed(route, own)).toList();
    }

    /** What the route calls them towards its instances. */
    private static Stream<String> renamed(RouteConfig route, List<String> own) {
        return route.rewrite().request().rename().entrySet().stream()
                .filter(rename -> own.stream().anyMatch(rename.getKey()::equalsIgnoreCase))
                .map(Map.Entry::getValue);
    }

    private static Stream<String> sessionFields(RouteConfig route) {
        return route.affinity().stream()
                .filter(AffinityConfig.Header.class::isInstance)
                .map(source -> ((AffinityConfig.Header) source).name());
    }

    private static Stream<String> keyFields(RouteConfig route) {
        return route.policies().stream()
                .filter(PolicyConfig.Authenticate.class::isInstance)
                .flatMap(policy -> ((PolicyConfig.Authenticate) policy).by().stream())
                .filter(PolicyConfig.ApiKeys.class::isInstance)
                .map(keys -> ((PolicyConfig.ApiKeys) keys).header());
    }

    /**
     * Sends a copy of a request that is about to go to its instance, where it is one of the share.
     *
     * @param original with its method, target and fields, and nothing sent
     * @return who wants the body; null: nobody
     */
    @Nullable Copy copy(Exchange exchange, Lane lane, HttpClientRequest original) {
        boolean there = exchange.routed().pool() == pool;
        if (there || ThreadLocalRandom.current().nextDouble(100) >= percent || !mayBeCopied(exchange)) {
            return null;
        }
        int route = exchange.routed().number();
        Optional<Destination> to = pool.any(pool.breakers().avoided());
        if (to.isEmpty()) {
            lane.copied(route, Copy.Outcome.NOWHERE);
            return null;
        }
        Inbound inbound = exchange.inbound();
        Copy.Head head = new Copy.Head(
                original.getMethod(),
                original.getURI(),
                fields(original.headers()),
                inbound.host().text(),
                inbound.hasBody(),
                inbound.bodyLength() == Inbound.UNKNOWN);
        return lane.copies()
                .send(head, to.get(), outcome -> lane.copied(route, outcome))
                .orElse(null);
    }

    // A stream belongs to a session, and an MCP server begins one of its own for whoever asks: nobody would end it.
    private static boolean mayBeCopied(Exchange exchange) {
        boolean sessions =
                exchange.routed().identifier().mcp().isPresent() && !McpSource.isStateless(exchange.inbound());
        return !sessions && !exchange.guarded().stream();
    }

    private MultiMap fields(MultiMap of) {
        MultiMap fields = HttpHeaders.headers().addAll(of);
        leftOut.forEach(fields::remove);
        return fields.set(Field.X_SANDGATE_MIRROR.lower(), "1");
    }
}
