package dev.sandgate.proxy.request;

import dev.sandgate.conf.RetriesConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.AnswerHead;
import dev.sandgate.proxy.pool.Pool;

/**
 * Which failed requests are sent once more: those without a body whose method is idempotent and which the pool's config
 * names, as far as the pool's requests have earned it. On the request's loop.
 */
final class Retries {

    /** A request is sent for the first time. */
    void begin(Exchange exchange) {
        Pool pool = exchange.routed().pool();
        if (exchange.placedAt == 0 && !pool.config().retries().methods().isEmpty()) {
            pool.retryBudget().earn();
        }
    }

    /** Whether it may be repeated after it had no answer. Takes a retry from the budget where it may. */
    boolean mayRepeat(Exchange exchange, Fault fault) {
        boolean failed = fault.reason() == Reason.INSTANCE_BROKEN
                && (exchange.transfer == null || !exchange.transfer.isAnswered());
        return failed && mayRepeat(exchange);
    }

    /** The same after it was answered so. */
    boolean mayRepeat(Exchange exchange, AnswerHead head) {
        return exchange.routed().pool().config().retries().statuses().contains(head.status()) && mayRepeat(exchange);
    }

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
}
