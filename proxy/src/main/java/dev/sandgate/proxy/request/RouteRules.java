package dev.sandgate.proxy.request;

import dev.sandgate.conf.RouteConfig;
import dev.sandgate.proxy.identify.McpSource;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.mcp.EndpointHold;
import dev.sandgate.proxy.rewrite.Cors;
import dev.sandgate.proxy.rewrite.Rewrite;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a route does to all that goes by, wherever it leads.
 *
 * @param rewrite what is changed on the way
 * @param cors pages of which other origins may call; null: that is between them and the instances
 * @param bodyLimit bytes that a request's body may have; {@link Long#MAX_VALUE}: any number
 * @param minRate bytes per second at which clients must send and take; 0: any
 */
public record RouteRules(Rewrite rewrite, @Nullable Cors cors, long bodyLimit, long minRate) {

    /** Holds an event stream of this route until its endpoint is known. */
    EndpointHold hold(McpSource source, Inbound inbound) {
        return new EndpointHold(rewrite.path(inbound), rewrite.back(), source::isIdParameter, System.nanoTime());
    }

    // where the route has no word for other origins, it takes none
    private static boolean isTaken(String origin) {
        return false;
    }

    /** Knows the origins whose pages may call. */
    Predicate<String> pages() {
        return cors == null ? RouteRules::isTaken : cors::allows;
    }

    /** Tells in an answer what a page of another origin may see of it. */
    void tellPage(HttpServerRequest request, MultiMap answer) {
        if (cors != null) {
            cors.answer(request.headers().get("Origin"), answer);
        }
    }

    /** Those of a route. */
    public static RouteRules of(RouteConfig route) {
        return new RouteRules(
                Rewrite.of(route.rewrite()),
                Cors.of(route),
                route.limits().bodyBytes().orElse(Long.MAX_VALUE),
                route.limits().minRate().orElse(0));
    }
}
