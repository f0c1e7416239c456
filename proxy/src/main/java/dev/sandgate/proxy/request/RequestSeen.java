package dev.sandgate.proxy.request;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.Seen;
import dev.sandgate.proxy.inbound.Inbound;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request as policies see it. Nothing of it is copied. */
final class RequestSeen implements Seen {

    private static final String EVENT_STREAM = "text/event-stream";

    private final Exchange exchange;
    private final Route route;
    private @Nullable String client;

    RequestSeen(Exchange exchange) {
        this.exchange = exchange;
        this.route = Objects.requireNonNull(exchange.route);
    }

    private Inbound inbound() {
        return exchange.inbound();
    }

    @Override
    public String method() {
        return exchange.request.method().name();
    }

    @Override
    public boolean secure() {
        return inbound().secure();
    }

    @Override
    public String host() {
        return inbound().host().name();
    }

    @Override
    public String path() {
        return inbound().path();
    }

    @Override
    public @Nullable String field(String lowerCaseName) {
        return exchange.request.headers().get(lowerCaseName);
    }

    @Override
    public List<String> fields(String lowerCaseName) {
        return exchange.request.headers().getAll(lowerCaseName);
    }

    @Override
    public String client() {
        String known = client;
        if (known == null) {
            known = exchange.rules().client(inbound());
            client = known;
        }
        return known;
    }

    @Override
    public boolean trusted() {
        return inbound().trusted();
    }

    @Override
    public Principal principal() {
        return exchange.principal;
    }

    @Override
    public @Nullable SessionKey session() {
        return exchange.key();
    }

    @Override
    public boolean opens() {
        return exchange.opens;
    }

    @Override
    public boolean stream() {
        if (inbound().websocket()) {
            return true;
        }
        String accept = exchange.request.method().equals(HttpMethod.GET) ? field("accept") : null;
        return accept != null && accept.contains(EVENT_STREAM);
    }

    @Override
    public boolean mcp() {
        return route.identifier().mcp().isPresent();
    }

    @Override
    public String route() {
        return route.config().name();
    }

    @Override
    public String pool() {
        return route.pool().config().name();
    }

    @Override
    public int queueFilled() {
        int most = route.pool().config().queue().max();
        return most == 0 ? 100 : (int) Math.min(100, 100L * route.pool().queue().waiting() / most);
    }
}
