package dev.sandgate.proxy.request;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.forward.HeaderRules;
import dev.sandgate.proxy.forward.Journey.Again;
import dev.sandgate.proxy.forward.Transfer;
import dev.sandgate.proxy.identify.Identified;
import dev.sandgate.proxy.identify.Identified.Known;
import dev.sandgate.proxy.identify.Identified.Nameless;
import dev.sandgate.proxy.identify.SessionIds;
import dev.sandgate.proxy.inbound.EarlyBody;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.InboundConnection;
import dev.sandgate.proxy.inbound.Linger;
import dev.sandgate.proxy.inbound.RequestGate;
import dev.sandgate.proxy.pool.Pool;
import dev.sandgate.proxy.route.RouteTable;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The request's way on one listener and one event loop: gate, route, identify, place, forward, settle. A known session's
 * request goes from top to bottom without a Future; whatever goes wrong on the way ends in {@link #refuse}, and
 * everything ends in {@link #settle}, once.
 */
final class RequestWay {

    /** What one listener's requests on one loop have in common. */
    record Setting(Lane lane, RequestGate gate, HeaderRules rules, RouteTable<Route> routes, long bodyLimit) {}

    private final Setting setting;
    private final Lane lane;
    private final AffinityTable table;

    RequestWay(Setting setting, AffinityTable table) {
        this.setting = setting;
        this.lane = setting.lane;
        this.table = table;
    }

    HeaderRules rules() {
        return setting.rules;
    }

    /** Serves a request, on its event loop. Never throws. */
    void serve(HttpServerRequest request) {
        InboundConnection connection = InboundConnection.of(request.connection());
        if (connection.isClosing()) {
            return;
        }
        Exchange exchange = new Exchange(this, request, connection, lane.requestId(request.headers()));
        lane.enter(exchange);
        request.response().closeHandler(closed -> exchange.clientGone());
        try {
            Inbound inbound = setting.gate.check(request);
            exchange.passed(inbound);
            if (!inbound.hasBody()) {
                go(exchange);
            } else {
                // a body that breaks off is its client leaving
                request.exceptionHandler(broken -> exchange.clientGone());
                awaitBody(exchange, inbound);
            }
        } catch (RuntimeException fault) {
            refuse(exchange, Fault.bug(fault));
        }
    }

    private void awaitBody(Exchange exchange, Inbound inbound) {
        if (inbound.request().version() != HttpVersion.HTTP_2 || inbound.bodyLength() != Inbound.UNKNOWN) {
            inbound.request().pause();
            go(exchange);
            return;
        }
        EarlyBody early = new EarlyBody(inbound.request());
        lane.executeLater(() -> {
            if (!exchange.settled) {
                exchange.passed(inbound.with(early));
                if (exchange.inbound().hasBody() && !early.ended()) {
                    inbound.request().pause();
                }
                go(exchange);
            }
        });
    }

    private void go(Exchange exchange) {
        try {
            Route route = route(exchange);
            if (route != null) {
                place(exchange, route.identifier().identify(exchange.inbound(), ""));
            }
        } catch (RuntimeException fault) {
            refuse(exchange, Fault.bug(fault));
        }
    }

    private @Nullable Route route(Exchange exchange) {
        Inbound inbound = exchange.inbound();
        if (inbound.maxForwards() == 0 && inbound.request().method().equals(HttpMethod.OPTIONS)) {
            Refusal.answerAsFinalRecipient(exchange);
            settle(exchange);
            return null;
        }
        Route route = setting.routes
                .find(inbound.host().name(), inbound.path(), inbound.request().headers())
                .orElseThrow(() -> Fault.of(Reason.ROUTE_UNKNOWN));
        exchange.route = route;
        return route;
    }

    private void place(Exchange exchange, Identified who) {
        if (who instanceof Known known) {
            placeKnown(exchange, known);
        } else if (who instanceof Nameless nameless) {
            exchange.maker = nameless.maker();
            open(
                    exchange,
                    new SessionKey(
                            poolOf(exchange).config().name(), nameless.maker().kind(), SessionIds.made(), ""));
        } else {
            exchange.opening = new Opening(0, Set.of());
            spread(exchange);
        }
    }

    private void placeKnown(Exchange exchange, Known known) {
        if (table.peek(known.key()) instanceof Kept kept && kept.binding().enter()) {
            bound(exchange, kept.binding(), Exchange.Chosen.KEPT);
        } else if (known.opens()) {
            open(exchange, known.key());
        } else {
            onLane(exchange, table.find(known.key()));
        }
    }

    private void open(Exchange exchange, SessionKey key) {
        Opening opening = new Opening(ThreadLocalRandom.current().nextLong(), Set.of());
        exchange.opening = opening;
        exchange.waiting = poolOf(exchange).queue().open(key, opening);
        onLane(exchange, exchange.waiting.placement());
    }

    // The table answers on any thread; the request goes on on its own.
    private void onLane(Exchange exchange, Future<Placement> asked) {
        asked.onComplete(answer -> lane.execute(() -> {
            exchange.waiting = null;
            if (answer.failed()) {
                refuse(exchange, Fault.bug(answer.cause()));
            } else {
                placed(exchange, answer.result());
            }
        }));
    }

    private void placed(Exchange exchange, Placement placement) {
        if (exchange.settled) {
            giveBack(exchange, placement);
        } else if (placement instanceof Kept kept) {
            enter(exchange, kept.binding(), Exchange.Chosen.KEPT);
        } else if (placement instanceof Fresh fresh) {
            enter(exchange, fresh.binding(), Exchange.Chosen.NEW);
        } else if (placement instanceof Refused refused) {
            refuse(exchange, Fault.of(refused));
        } else {
            refuse(exchange, Fault.bug(new IllegalStateException("an answer that was not asked for: " + placement)));
        }
    }

    private void enter(Exchange exchange, Binding binding, Exchange.Chosen chosen) {
        if (binding.enter()) {
            bound(exchange, binding, chosen);
        } else {
            refuse(exchange, Fault.of(Reason.TABLE_UNAVAILABLE).retryAfter(Duration.ofSeconds(1)));
        }
    }

    // The client left while the table answered: what it was given goes back.
    private void giveBack(Exchange exchange, Placement placement) {
        if (placement instanceof Fresh fresh && exchange.opening != null) {
            table.abandon(fresh.binding(), exchange.opening.requestId());
        }
    }

    private void bound(Exchange exchange, Binding binding, Exchange.Chosen chosen) {
        exchange.binding = binding;
        exchange.entered = true;
        exchange.chosen = chosen;
        Optional<Destination> to = poolOf(exchange).destination(binding.instance());
        if (to.isPresent()) {
            forward(exchange, to.get());
        } else {
            refuse(exchange, Fault.of(Reason.SESSION_LOST));
        }
    }

    private void spread(Exchange exchange) {
        exchange.chosen = Exchange.Chosen.SPREAD;
        Set<String> tried = exchange.opening == null ? Set.of() : exchange.opening.excluded();
        Optional<Destination> to = poolOf(exchange).any(tried);
        if (to.isPresent()) {
            forward(exchange, to.get());
        } else {
            Reason reason = tried.isEmpty() ? Reason.NO_INSTANCE : Reason.INSTANCE_UNREACHABLE;
            refuse(exchange, Fault.of(reason).retryAfter(Duration.ofSeconds(1)));
        }
    }

    private void forward(Exchange exchange, Destination to) {
        exchange.destination = to;
        exchange.placedAt = System.nanoTime();
        exchange.transfer = new Transfer(exchange, to, setting.bodyLimit);
        exchange.transfer.begin(lane.outbound());
    }

    /** The engine could not bring an answer. Tries again where that is safe, else refuses. */
    void failed(Exchange exchange, Fault fault, Again again) {
        Destination to = exchange.destination;
        if (exchange.settled || to == null) {
            return;
        }
        if (again == Again.STALE) {
            lane.outbound().forgetIdle(to);
            forward(exchange, to);
        } else if (again == Again.NOTHING_SENT && fault.reason() == Reason.INSTANCE_UNREACHABLE) {
            tryElsewhere(exchange, to, fault);
        } else {
            refuse(exchange, fault);
        }
    }

    private void tryElsewhere(Exchange exchange, Destination tried, Fault fault) {
        Opening opening = exchange.opening;
        Binding binding = exchange.binding;
        if (exchange.chosen == Exchange.Chosen.KEPT || opening == null) {
            // its state is there and nowhere else
            refuse(exchange, fault.withStatus(503).retryAfter(Duration.ofSeconds(1)));
            return;
        }
        Opening narrowed = opening.without(tried.instance().id());
        exchange.opening = narrowed;
        if (binding == null) {
            spread(exchange);
            return;
        }
        table.rebind(binding, narrowed)
                .onComplete(answer -> lane.execute(() -> {
                    leave(exchange);
                    if (answer.succeeded() && answer.result() instanceof Fresh) {
                        placed(exchange, answer.result());
                    } else {
                        refuse(exchange, fault);
                    }
                }));
    }

    /** The whole answer went out. */
    void ended(Exchange exchange, boolean whole) {
        settle(exchange);
        if (!whole) {
            Linger.begin(exchange.request, lane.context());
        } else if (exchange.connection.isClosing()) {
            exchange.request.connection().close();
        }
    }

    /** Ends a request with a refusal, or by cutting it where its answer has begun. */
    void refuse(Exchange exchange, Fault fault) {
        if (exchange.settled) {
            return;
        }
        exchange.fault = fault;
        if (fault.reason() == Reason.BUG) {
            lane.report(exchange, fault);
        }
        withdraw(exchange);
        exchange.status = fault.status();
        Refusal.write(exchange, fault, lane.context());
        settle(exchange);
    }

    /** Stops what is under way for it: nobody waits for the answer any more. */
    void withdraw(Exchange exchange) {
        if (exchange.waiting != null) {
            exchange.waiting.cancel();
        }
        if (exchange.transfer != null) {
            exchange.transfer.abandon();
        }
    }

    private void leave(Exchange exchange) {
        if (exchange.entered && exchange.binding != null) {
            exchange.entered = false;
            exchange.binding.leave();
        }
    }

    /** The one end of every request. Twice does nothing. */
    void settle(Exchange exchange) {
        if (exchange.settled) {
            return;
        }
        exchange.settled = true;
        leave(exchange);
        forgetUnsent(exchange);
        if (exchange.transfer != null) {
            exchange.bytesIn = exchange.transfer.bytesIn();
            exchange.bytesOut = exchange.transfer.bytesOut();
        }
        lane.leave(exchange);
    }

    // A session that no instance heard of holds no slot.
    private void forgetUnsent(Exchange exchange) {
        boolean unsent = exchange.transfer == null || !exchange.transfer.sent();
        if (unsent && exchange.chosen == Exchange.Chosen.NEW && exchange.binding != null && exchange.opening != null) {
            table.abandon(exchange.binding, exchange.opening.requestId());
        }
    }

    private static Pool poolOf(Exchange exchange) {
        if (exchange.route == null) {
            throw new IllegalStateException("the request has no route yet");
        }
        return exchange.route.pool();
    }
}
