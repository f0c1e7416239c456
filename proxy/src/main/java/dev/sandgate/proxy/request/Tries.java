package dev.sandgate.proxy.request;

import dev.sandgate.conf.RetriesConfig;
import dev.sandgate.policies.breaker.Breakers;
import dev.sandgate.policies.breaker.Decision;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.forward.Journey.Again;
import dev.sandgate.proxy.forward.Transfer;
import dev.sandgate.proxy.pool.Pool;

/**
 * Sends a request to its instance, as far as the breakers let it, and once more where that is safe: nothing of it had
 * left us, or it is idempotent, listed by the pool's config and has no body, and the pool's requests have earned it. On
 * the request's loop.
 */
final class Tries {

    private final RequestWay way;
    private final Placing placing;
    private final long bodyLimit;

    Tries(RequestWay way, Placing placing, long bodyLimit) {
        this.way = way;
        this.placing = placing;
        this.bodyLimit = bodyLimit;
    }

    /** Its instance is known. */
    void begin(Exchange exchange, Destination to) {
        exchange.destination = to;
        if (breakersLet(exchange, to)) {
            earn(exchange);
            send(exchange, to);
        }
    }

    // a request earns once, however often it is tried
    private static void earn(Exchange exchange) {
        Pool pool = exchange.routed().pool();
        if (exchange.placedAt == 0 && !pool.config().retries().methods().isEmpty()) {
            pool.retryBudget().earn();
        }
    }

    private boolean breakersLet(Exchange exchange, Destination to) {
        Breakers breakers = exchange.routed().pool().breakers();
        if (breakers.none()) {
            return true;
        }
        Decision decision = breakers.check(to.instance().id());
        if (decision instanceof Decision.Go go) {
            exchange.attempt = go;
            return true;
        }
        if (decision instanceof Decision.NotThere not) {
            placing.elsewhere().place(exchange, to, Guard.fault(exchange, not.refusal()));
        } else if (decision instanceof Decision.Nowhere none) {
            placing.elsewhere().giveUp(exchange, exchange.routed(), Guard.fault(exchange, none.refusal()));
        }
        return false;
    }

    private void send(Exchange exchange, Destination to) {
        exchange.handOver();
        exchange.transfer = new Transfer(exchange, to, bodyLimit(exchange));
        exchange.transfer.begin(way.outbound());
    }

    private long bodyLimit(Exchange exchange) {
        return Math.min(bodyLimit, exchange.routed().rules().bodyLimit());
    }

    /** The engine could not bring an answer. Tries again where that is safe, else refuses. */
    void failed(Exchange exchange, Fault fault, Again again) {
        Destination to = exchange.destination;
        if (exchange.settled || to == null) {
            return;
        }
        if (again == Again.STALE) {
            exchange.transfer = new Transfer(exchange, to, bodyLimit(exchange));
            exchange.transfer.beginAfresh(way.outbound());
            return;
        }
        exchange.takeBack();
        exchange.attemptFailed(fault);
        if (again == Again.NOTHING_SENT && fault.reason() == Reason.INSTANCE_UNREACHABLE) {
            placing.elsewhere().place(exchange, to, fault);
        } else if (again == Again.NEVER && mayRepeat(exchange, fault)) {
            repeat(exchange, to);
        } else {
            way.refuse(exchange, fault);
        }
    }

    /** Whether the instance's answer is none that the client should see, since the request is sent once more. */
    boolean again(Exchange exchange, Transfer transfer, AnswerHead head) {
        Destination to = exchange.destination;
        RetriesConfig rules = exchange.routed().pool().config().retries();
        if (to == null || !rules.statuses().contains(head.status()) || !mayRepeat(exchange)) {
            return false;
        }
        if (exchange.attempt != null) {
            exchange.attempt.head(head.status());
        }
        exchange.takeBack();
        transfer.abandon();
        exchange.attemptOver();
        repeat(exchange, to);
        return true;
    }

    private static boolean mayRepeat(Exchange exchange, Fault fault) {
        boolean unanswered = exchange.transfer == null || !exchange.transfer.isAnswered();
        return fault.reason() == Reason.INSTANCE_BROKEN && unanswered && mayRepeat(exchange);
    }

    /** Takes a retry from the budget where it may. */
    private static boolean mayRepeat(Exchange exchange) {
        Pool pool = exchange.routed().pool();
        RetriesConfig rules = pool.config().retries();
        boolean may = rules.methods().contains(exchange.request.method().name())
                && !exchange.inbound().hasBody()
                && !exchange.inbound().websocket()
                && exchange.learning == null
                && exchange.retries < rules.attempts()
                && pool.retryBudget().spend();
        exchange.retries += may ? 1 : 0;
        return may;
    }

    // A session's state is with its instance and nowhere else.
    private void repeat(Exchange exchange, Destination to) {
        if (exchange.chosen == Exchange.Chosen.SPREAD) {
            placing.elsewhere().repeat(exchange, to);
        } else if (breakersLet(exchange, to)) {
            send(exchange, to);
        }
    }
}
