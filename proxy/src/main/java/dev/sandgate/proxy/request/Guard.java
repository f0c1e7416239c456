package dev.sandgate.proxy.request;

import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Change;
import dev.sandgate.policies.Verdict.Later;
import dev.sandgate.policies.Verdict.Pass;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks a route's policies about a request, one after the other. A policy that must ask elsewhere makes the request wait;
 * all others answer at once, without a Future. On the request's loop.
 */
final class Guard {

    /** What becomes of a request after a phase. Made once, or for a new session only. */
    record Ways(Consumer<Exchange> passed, Consumer<Exchange> refused) {}

    private final RequestWay way;
    private final Lane lane;

    Guard(RequestWay way, Lane lane) {
        this.way = way;
        this.lane = lane;
    }

    /** Asks all of these, and goes one of the two ways, now or later. */
    void ask(Exchange exchange, List<Check> checks, Ways ways) {
        ask(exchange, checks, 0, ways);
    }

    /** Asks the policies of an opening; those of one request once, wherever it is placed in the end. */
    void askOpening(Exchange exchange, Route route, Runnable passed, Runnable refused) {
        List<Check> checks = route.checks().opening();
        if (checks.isEmpty() || exchange.guarded().mayOpen) {
            passed.run();
            return;
        }
        exchange.guarded().wouldOpen();
        Ways ways = new Ways(
                may -> {
                    may.guarded().mayOpen = true;
                    passed.run();
                },
                no -> refused.run());
        ask(exchange, checks, ways);
    }

    private void ask(Exchange exchange, List<Check> checks, int from, Ways ways) {
        for (int at = from; at < checks.size(); at++) {
            Check check = checks.get(at);
            Verdict verdict = check.policy().check(exchange.guarded());
            if (verdict instanceof Later later) {
                int next = at + 1;
                long askedAt = System.nanoTime();
                later.verdict()
                        .onComplete(told -> lane.execute(() -> {
                            exchange.away(System.nanoTime() - askedAt);
                            Verdict known = told.succeeded() ? told.result() : unknown();
                            goOn(exchange, () -> {
                                if (take(exchange, check, known, ways)) {
                                    ask(exchange, checks, next, ways);
                                }
                            });
                        }));
                return;
            }
            if (!take(exchange, check, verdict, ways)) {
                return;
            }
        }
        ways.passed().accept(exchange);
    }

    private static Verdict unknown() {
        return Refuse.of(Verdict.Why.POLICY_UNAVAILABLE, Reason.POLICY_UNAVAILABLE.title(), Duration.ofSeconds(1));
    }

    // its client may have left meanwhile; what a policy holds for it is given back where that is so
    private void goOn(Exchange exchange, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException fault) {
            way.refuse(exchange, Fault.bug(fault));
        }
    }

    /** Whether the request goes on. */
    private boolean take(Exchange exchange, Check check, Verdict verdict, Ways ways) {
        if (verdict instanceof Pass pass) {
            pass.aftermath().ifPresent(exchange.guarded()::hears);
        } else if (verdict instanceof Change change) {
            exchange.guarded().isOf(change.principal(), change.remove());
        } else if (verdict instanceof Refuse refuse && !exchange.settled) {
            exchange.guarded().refusal = new Refused(check, refuse);
            ways.refused().accept(exchange);
            return false;
        } else if (!(verdict instanceof Refuse)) {
            throw new IllegalStateException("policy " + check.name() + " put its answer off for a second time");
        }
        return !exchange.settled;
    }

    /** What a refusal by a policy is called towards the client. */
    static Fault fault(Exchange exchange, Refuse refuse) {
        Reason reason = Reason.of(refuse.why());
        Fault fault = Fault.of(reason, refuse.detail()).retryAfter(refuse.retryAfter());
        // clients take a 4xx there for a server of before 2026-07-28 (MCP, server/discover)
        boolean load = reason != Reason.UNAUTHENTICATED && reason != Reason.FORBIDDEN;
        return load && fault.status() < 500 && exchange.guarded().discovers() ? fault.withStatus(503) : fault;
    }

    /** A refusal, and whose it is. */
    record Refused(Check by, Refuse refuse) {}
}
