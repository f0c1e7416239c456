package dev.sandgate.proxy.request;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.proxy.acme.Challenges;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Copy;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.forward.Errand;
import dev.sandgate.proxy.forward.HeaderRules;
import dev.sandgate.proxy.forward.Journey.Again;
import dev.sandgate.proxy.forward.OutboundConnections;
import dev.sandgate.proxy.forward.Transfer;
import dev.sandgate.proxy.identify.McpSource;
import dev.sandgate.proxy.inbound.EarlyBody;
import dev.sandgate.proxy.inbound.Inbound;
import dev.sandgate.proxy.inbound.InboundConnection;
import dev.sandgate.proxy.inbound.Linger;
import dev.sandgate.proxy.inbound.RequestGate;
import dev.sandgate.proxy.mcp.McpCallers;
import dev.sandgate.proxy.rewrite.Cors;
import dev.sandgate.proxy.route.DomainTable;
import dev.sandgate.proxy.route.RouteTable;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The request's way on one listener and one event loop: gate, route, admit, identify, place, forward, settle. A known session's
 * request goes from top to bottom without a Future; whatever goes wrong on the way ends in {@link #refuse}, and
 * everything ends in {@link #settle}, once.
 */
final class RequestWay {

    /** What one listener's requests on one loop have in common. */
    record Setting(
            Lane lane,
            RequestGate gate,
            HeaderRules rules,
            RouteTable<Route> routes,
            DomainTable<Route> domains,
            PublicDocuments documents,
            Https https,
            Challenges challenges,
            long bodyLimit,
            boolean loopback) {}

    private final Setting setting;
    private final Lane lane;
    private final AffinityTable table;
    private final ChallengeAnswer challenges;
    private final Guard guard;
    private final Placing placing;
    private final Tries tries;
    private final Guard.Ways admission = new Guard.Ways(this::identify, this::refuseByPolicy);
    private final Guard.Ways entry = new Guard.Ways(this::place, this::refuseByPolicy);

    RequestWay(Setting setting, AffinityTable table) {
        this.setting = setting;
        this.lane = setting.lane;
        this.table = table;
        this.challenges = new ChallengeAnswer(this, setting.challenges);
        this.guard = new Guard(this, lane);
        this.placing = new Placing(this, guard, lane, table);
        this.tries = new Tries(this, placing, setting.bodyLimit);
    }

    AffinityTable table() {
        return table;
    }

    /** Runs on the lane's loop. */
    void onLane(Runnable task) {
        lane.execute(task);
    }

    OutboundConnections outbound() {
        return lane.outbound();
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
        setting.https.tell(request.response());
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
                guard.ask(exchange, route.checks().admit(), admission);
            }
        } catch (RuntimeException fault) {
            refuse(exchange, Fault.bug(fault));
        }
    }

    private void identify(Exchange exchange) {
        Route route = exchange.routed();
        exchange.who = Homes.identify(route, exchange.inbound(), 0);
        guard.ask(exchange, route.checks().session(), entry);
    }

    private void place(Exchange exchange) {
        placing.place(exchange, exchange.routed(), exchange.identified());
    }

    /** Ends a request that one of its route's policies does not let pass. */
    void refuseByPolicy(Exchange exchange) {
        Guard.Refused refused = exchange.refusal();
        if (refused != null) {
            refuse(exchange, Guard.fault(exchange, refused.refuse()));
        }
    }

    private @Nullable Route route(Exchange exchange) {
        Inbound inbound = exchange.inbound();
        setting.https.check(inbound);
        if (inbound.maxForwards() == 0 && inbound.request().method().equals(HttpMethod.OPTIONS)) {
            Refusal.answerAsFinalRecipient(exchange);
            settle(exchange);
            return null;
        }
        // before anything else that depends on the host: an authority asks by http for any name that leads here
        if (challenges.answers(exchange)) {
            return null;
        }
        if (setting.documents.answer(exchange) || setting.https.redirect(exchange, lane.context())) {
            settle(exchange);
            return null;
        }
        DomainTable.Goal<Route> domain = setting.domains.at(inbound.host().name());
        Optional<Route> found = domain == null
                ? setting.routes.find(
                        inbound.host().name(), inbound.path(), inbound.request().headers())
                : domain.find(inbound.path(), inbound.request().headers());
        Route route = found.orElseThrow(() -> Fault.of(Reason.ROUTE_UNKNOWN));
        exchange.route = route;
        RouteRules rules = route.rules();
        exchange.target = rules.rewrite().target(inbound);
        if (inbound.bodyLength() > Math.min(setting.bodyLimit, rules.bodyLimit())) {
            throw Fault.of(Reason.BODY_TOO_LARGE);
        }
        Optional<McpSource> mcp = route.identifier().mcp();
        if (mcp.isPresent()) {
            boolean onlyLoopback =
                    setting.loopback && domain == null && route.config().hosts().isEmpty();
            McpCallers.check(inbound, mcp.get().config(), rules.pages(), onlyLoopback);
        }
        Cors cors = rules.cors();
        if (cors != null && Preflight.is(exchange.request)) {
            Preflight.answer(exchange, cors, lane.context());
            settle(exchange);
            return null;
        }
        return route;
    }

    /** Its instance is known. */
    void forward(Exchange exchange, Destination to) {
        tries.begin(exchange, to);
    }

    void failed(Exchange exchange, Fault fault, Again again) {
        tries.failed(exchange, fault, again);
    }

    Guard guard() {
        return guard;
    }

    Tries tries() {
        return tries;
    }

    /** Sends a copy of a request, where its mirror takes it; null: nobody wants its body. */
    @Nullable Copy copy(Exchange exchange, Mirror mirror, HttpClientRequest original) {
        try {
            return mirror.copy(exchange, lane, original);
        } catch (RuntimeException bug) {
            lane.report(exchange, Fault.bug(bug));
            return null;
        }
    }

    /** The instance ended its session: the table follows, the client hears of it last. */
    void endThenPass(Exchange exchange, Transfer transfer, Binding binding) {
        lane.farewells().isToldOf(binding.key());
        exchange.endedSession = true;
        table.end(binding.key(), binding.generation()).onComplete(ended -> onLane(transfer::pass));
    }

    /** Ends a Streamable HTTP session at its instance, that no client knows of; then goes on. */
    void sayGoodbye(Exchange exchange, SessionKey key, Runnable then) {
        Destination to = exchange.destination;
        Optional<Errand.Message> message = Farewells.message(key, exchange.target());
        if (to != null && message.isPresent()) {
            Errand.send(message.get(), to, lane.outbound(), then);
        } else {
            then.run();
        }
    }

    /** A session began with this request's answer. */
    void sessionBegan(Exchange exchange, SessionKey key) {
        lane.farewells().began(key, exchange.target());
    }

    /** A request that ran on without its client has come to its answer's head. */
    void finishAlone(Exchange exchange) {
        withdraw(exchange);
        exchange.fault = Fault.of(Reason.CLIENT_GONE);
        exchange.status = Reason.CLIENT_GONE.status();
        settle(exchange);
    }

    /** The whole answer went out. */
    void ended(Exchange exchange, boolean whole) {
        settle(exchange);
        if (!whole && exchange.transfer != null) {
            Linger.begin(exchange.request, exchange.transfer.answerOut(), lane.context());
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
        // the client hears of it last: by then its slot is free
        leave(exchange);
        forgetUnsent(exchange);
        try {
            Refusal.write(exchange, fault, lane.context());
        } finally {
            settle(exchange);
        }
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

    void leave(Exchange exchange) {
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
        if (exchange.learning != null) {
            exchange.learning.settled();
        }
        if (exchange.beside != null) {
            exchange.beside.settled();
        }
        if (exchange.endsSession && exchange.binding != null) {
            table.end(exchange.binding.key(), exchange.binding.generation());
        }
        forgetUnsent(exchange);
        if (exchange.transfer != null) {
            exchange.bytesIn = exchange.transfer.bytesIn();
            exchange.bytesOut = exchange.transfer.bytesOut();
        }
        exchange.tellOutcome();
        lane.leave(exchange);
    }

    // A session that no instance heard of holds no slot.
    void forgetUnsent(Exchange exchange) {
        if (exchange.isUnheardOf()
                && exchange.chosen == Exchange.Chosen.NEW
                && exchange.binding != null
                && exchange.opening != null) {
            table.abandon(exchange.binding, exchange.opening.requestId());
        }
    }
}
