package dev.sandgate.proxy.request;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Destination;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Where a request goes that cannot go where it was placed: another instance, another pool, or nowhere. On the request's
 * loop.
 */
final class Elsewhere {

    private final RequestWay way;
    private final Placing placing;
    private final AffinityTable table;

    Elsewhere(RequestWay way, Placing placing, AffinityTable table) {
        this.way = way;
        this.placing = placing;
        this.table = table;
    }

    /** No instance of the pool can be had: another pool's, where the route has one and nothing ties the request here. */
    void giveUp(Exchange exchange, Route route, Fault fault) {
        Optional<Route> fallback = route.fallback();
        boolean free = !exchange.isTied() && fault.reason().isWantOfAnInstance();
        if (!free || fallback.isEmpty()) {
            way.refuse(exchange, exchange.isTied() ? knownRefused(fault) : fault);
            return;
        }
        exchange.startAnew(fallback.get());
        exchange.who = fallback.get().identifier().identify(exchange.inbound());
        placing.place(exchange, fallback.get(), exchange.identified());
    }

    static Fault leftAlone() {
        return Fault.of(Reason.BREAKER_OPEN).retryAfter(Duration.ofSeconds(1));
    }

    /** No byte of the request left us: a new session, or a request without one, may go to another instance. */
    void place(Exchange exchange, Destination tried, Fault fault) {
        Route route = exchange.route;
        Opening opening = exchange.opening;
        if (exchange.isTied() || opening == null || route == null) {
            // its state is there and nowhere else
            way.refuse(exchange, knownRefused(fault));
            return;
        }
        Opening narrowed = narrowed(route, opening, tried);
        Binding binding = exchange.binding;
        Learning learning = exchange.learning;
        if (learning != null) {
            learning.settled();
            exchange.learning = null;
            reserveAnother(exchange, route, learning, narrowed, fault);
        } else if (binding == null) {
            exchange.opening = narrowed;
            placing.spread(exchange, route, fault);
        } else {
            exchange.opening = narrowed;
            placing.later(exchange, table.rebind(binding, narrowed), answer -> {
                way.leave(exchange);
                if (answer instanceof Fresh) {
                    placing.placed(exchange, route, answer);
                } else {
                    giveUp(exchange, route, fault);
                }
            });
        }
    }

    private static Fault knownRefused(Fault fault) {
        return laterAgain(fault.withStatus(503));
    }

    /** The same with word of when to come again. */
    static Fault laterAgain(Fault fault) {
        return fault.retryAfterSeconds() > 0 ? fault : fault.retryAfter(Duration.ofSeconds(1));
    }

    private static Opening narrowed(Route route, Opening opening, Destination tried) {
        Opening narrowed = opening.without(tried.instance().id());
        for (String avoided : route.pool().breakers().avoided()) {
            narrowed = narrowed.without(avoided);
        }
        return narrowed;
    }

    /** A request without a session failed at this instance, and is sent once more: to another, where there is one. */
    void repeat(Exchange exchange, Destination tried) {
        Route route = exchange.routed();
        Opening opening = exchange.opening == null ? new Opening(0, Set.of()) : exchange.opening;
        Opening narrowed = narrowed(route, opening, tried);
        boolean another = route.pool().any(narrowed.excluded()).isPresent();
        exchange.opening = another ? narrowed : new Opening(0, Set.of());
        placing.spread(exchange, route, leftAlone());
    }

    private void reserveAnother(Exchange exchange, Route route, Learning learning, Opening narrowed, Fault fault) {
        Opening another = new Opening(ThreadLocalRandom.current().nextLong(), narrowed.excluded());
        exchange.opening = another;
        placing.later(exchange, table.reserve(route.config().pool(), "", another), answer -> {
            if (answer instanceof Held held) {
                exchange.learning = learning.at(held.reservation());
                placing.forward(
                        exchange, route.pool().destination(held.reservation().instance()));
            } else {
                giveUp(exchange, route, fault);
            }
        });
    }
}
