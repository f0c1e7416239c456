package dev.sandgate.proxy.request;

import dev.sandgate.affinity.AdmissionQueue;
import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.affinity.Waiting;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.fault.Reason;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.identify.Identified;
import dev.sandgate.proxy.identify.Identified.Known;
import dev.sandgate.proxy.identify.Identified.Nameless;
import dev.sandgate.proxy.identify.SessionIds;
import dev.sandgate.proxy.identify.SessionSource;
import dev.sandgate.proxy.pool.Pool;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Finds each request its instance: the session's home, a slot for a new session, or any. A known session's request
 * passes without a Future; the others ask the table, and go on on their own loop when it answers.
 */
final class Placing {

    private final RequestWay way;
    private final Guard guard;
    private final Lane lane;
    private final AffinityTable table;
    private final Elsewhere elsewhere;
    private final Homes homes;

    Placing(RequestWay way, Guard guard, Lane lane, AffinityTable table) {
        this.way = way;
        this.guard = guard;
        this.lane = lane;
        this.table = table;
        this.elsewhere = new Elsewhere(way, this, table);
        this.homes = new Homes(this, table);
    }

    Elsewhere elsewhere() {
        return elsewhere;
    }

    void place(Exchange exchange, Route route, Identified who) {
        homes.place(exchange, route, who);
    }

    /** Finds it an instance of this route's own pool, whichever others it leads to. */
    void placeHere(Exchange exchange, Route route, Identified who) {
        if (who instanceof Known known) {
            exchange.learners = known.learners();
            placeKnown(exchange, route, known);
        } else if (who instanceof Nameless nameless) {
            placeNameless(exchange, route, nameless);
        } else {
            exchange.opening = new Opening(0, route.pool().breakers().avoided());
            spread(exchange, route, Elsewhere.leftAlone());
        }
    }

    // Another node may know the session that this one took for a new one: that it goes on is no opening.
    private void refuseOpening(Exchange exchange, Route route, SessionKey key) {
        later(exchange, table.find(key), answer -> {
            if (answer instanceof Kept) {
                exchange.guarded().refusal = null;
                placed(exchange, route, answer);
            } else {
                way.refuseByPolicy(exchange);
            }
        });
    }

    private void placeKnown(Exchange exchange, Route route, Known known) {
        if (table.peek(known.key()) instanceof Kept kept && kept.binding().enter()) {
            bound(exchange, route, kept.binding(), Exchange.Chosen.KEPT);
            return;
        }
        switch (known.source().unknown()) {
            case OPENS -> {
                if (route.pool().isLeftAlone()) {
                    later(exchange, table.find(known.key()), answer -> {
                        if (answer instanceof Kept || isToldAsLost(exchange, route, known, answer)) {
                            placed(exchange, route, answer);
                        } else {
                            elsewhere.giveUp(exchange, route, Elsewhere.leftAlone());
                        }
                    });
                } else {
                    guard.askOpening(
                            exchange,
                            route,
                            () -> open(exchange, route, known.key()),
                            () -> refuseOpening(exchange, route, known.key()));
                }
            }
            case REFUSED ->
                find(exchange, route, known, answer -> {
                    if (beginsAnew(route, known, answer)) {
                        guard.askOpening(
                                exchange,
                                route,
                                () -> open(exchange, route, known.key()),
                                () -> way.refuseByPolicy(exchange));
                    } else {
                        placed(exchange, route, answer);
                    }
                });
            case ABSENT ->
                find(exchange, route, known, answer -> {
                    if (answer instanceof Refused && !isToldAsLost(exchange, route, known, answer)) {
                        placeHere(
                                exchange, route, route.identifier().identifyAfter(known.source(), exchange.inbound()));
                    } else {
                        placed(exchange, route, answer);
                    }
                });
        }
    }

    // Where the table is away, or knows nothing of what a node did that could not reach it, the id's seal may tell.
    void find(Exchange exchange, Route route, Known known, Consumer<Placement> then) {
        later(exchange, table.find(known.key()), answer -> {
            boolean placesAway = route.pool().config().outage() == PoolConfig.Outage.HASH;
            boolean untold = placesAway && isRefused(answer, Placement.Why.SESSION_UNKNOWN);
            Optional<Vouch> vouch =
                    isAway(answer) || untold ? known.source().vouch(known.key(), exchange.inbound()) : Optional.empty();
            if (vouch.isEmpty()) {
                then.accept(answer);
            } else if (untold) {
                later(exchange, table.adopt(known.key(), vouch.get()), then);
            } else {
                then.accept(table.vouched(known.key(), vouch.get()));
            }
        });
    }

    static boolean isAway(Placement answer) {
        return isRefused(answer, Placement.Why.TABLE_UNAVAILABLE);
    }

    private static boolean isRefused(Placement answer, Placement.Why why) {
        return answer instanceof Refused refused && refused.why() == why;
    }

    // An id of our own making opens nothing, but where the pool says so: its lost session begins anew elsewhere. An
    // instance that made an id would not know it anywhere else.
    private static boolean beginsAnew(Route route, Known known, Placement answer) {
        return known.source().makes()
                && route.pool().config().sessions().onLost() == SessionsConfig.OnLost.REBIND
                && answer instanceof Refused refused
                && refused.why() == Placement.Why.SESSION_LOST;
    }

    // A browser that is told keeps asking with the same cookie: so it is told once, and the cookie taken back.
    static boolean isToldAsLost(Exchange exchange, Route route, Known known, Placement answer) {
        boolean rejects = route.pool().config().sessions().onLost() == SessionsConfig.OnLost.REJECT;
        boolean lost = isRefused(answer, Placement.Why.SESSION_LOST) && rejects;
        if (lost) {
            exchange.lostAt = known.source();
        }
        return lost || isAway(answer);
    }

    private void placeNameless(Exchange exchange, Route route, Nameless who) {
        if (route.pool().isLeftAlone()) {
            elsewhere.giveUp(exchange, route, Elsewhere.leftAlone());
        } else {
            guard.askOpening(exchange, route, () -> open(exchange, route, who), () -> way.refuseByPolicy(exchange));
        }
    }

    private void open(Exchange exchange, Route route, Nameless who) {
        if (who.learners().isEmpty() && who.maker().isPresent()) {
            SessionSource maker = who.maker().get();
            exchange.maker = maker;
            open(
                    exchange,
                    route,
                    made(exchange, route, maker),
                    answer -> placed(exchange, route, isAway(answer) ? openAway(exchange, route, maker) : answer));
        } else {
            reserve(exchange, route, who, wish(route));
        }
    }

    // No new session goes to an instance that is left alone for a while.
    private static Opening wish(Route route) {
        return new Opening(
                ThreadLocalRandom.current().nextLong(), route.pool().breakers().avoided());
    }

    private static SessionKey made(Exchange exchange, Route route, SessionSource maker) {
        return route.identifier().key(maker, SessionIds.made(), exchange.inbound());
    }

    // By another id: the table may have heard of the first one, and do later what it was asked.
    private Placement openAway(Exchange exchange, Route route, SessionSource maker) {
        Opening opening = wish(route);
        exchange.opening = opening;
        return table.openAway(made(exchange, route, maker), opening);
    }

    private void open(Exchange exchange, Route route, SessionKey key) {
        open(exchange, route, key, answer -> placed(exchange, route, answer));
    }

    private void open(Exchange exchange, Route route, SessionKey key, Consumer<Placement> then) {
        Opening opening = wish(route);
        exchange.opening = opening;
        awaitSlot(exchange, route.pool().queue().open(key, opening), then);
    }

    private void reserve(Exchange exchange, Route route, Nameless who, Opening opening) {
        exchange.opening = opening;
        String principal = route.identifier()
                .key(who.learners().get(0), "", exchange.inbound())
                .principal();
        awaitSlot(exchange, route.pool().queue().reserve(principal, opening), answer -> {
            if (answer instanceof Held held) {
                exchange.learning = new Learning(way, exchange, route, who, held.reservation());
                exchange.chosen = Exchange.Chosen.NEW;
                forward(exchange, route.pool().destination(held.reservation().instance()));
            } else {
                placed(exchange, route, answer);
            }
        });
    }

    // A slot that is free is granted before this is asked; what is counted here is the wait in the queue.
    private void awaitSlot(Exchange exchange, Waiting waiting, Consumer<Placement> then) {
        long askedAt = System.nanoTime();
        exchange.waiting = waiting;
        waiting.placement()
                .onComplete(answer -> lane.execute(() -> {
                    long waited = System.nanoTime() - askedAt;
                    exchange.away(waited);
                    lane.waited(exchange, waited);
                }));
        later(exchange, waiting.placement(), then);
    }

    // The table answers on any thread; the request goes on on its own, or gives back what it does not need any more.
    void later(Exchange exchange, Future<Placement> asked, Consumer<Placement> then) {
        asked.onComplete(answer -> lane.execute(() -> {
            exchange.waiting = null;
            try {
                if (exchange.settled) {
                    giveBack(exchange, answer);
                } else if (answer.result() instanceof Refused refused && refused.why() == Placement.Why.WITHDRAWN) {
                    // its client left, and is seen to where that was noticed
                    return;
                } else if (answer.failed()) {
                    way.refuse(exchange, Fault.bug(answer.cause()));
                } else {
                    then.accept(answer.result());
                }
            } catch (RuntimeException fault) {
                way.refuse(exchange, Fault.bug(fault));
            }
        }));
    }

    private void giveBack(Exchange exchange, AsyncResult<Placement> answer) {
        if (answer.result() instanceof Fresh fresh && exchange.opening != null) {
            table.abandon(fresh.binding(), exchange.opening.requestId());
        } else if (answer.result() instanceof Held held) {
            table.release(held.reservation());
        }
    }

    void placed(Exchange exchange, Route route, Placement placement) {
        if (placement instanceof Kept kept) {
            enter(exchange, route, kept.binding(), Exchange.Chosen.KEPT);
        } else if (placement instanceof Fresh fresh) {
            enter(exchange, route, fresh.binding(), Exchange.Chosen.NEW);
        } else if (placement instanceof Refused refused) {
            elsewhere.giveUp(exchange, route, Fault.of(refused));
        } else {
            throw new IllegalStateException("an answer that was not asked for: " + placement);
        }
    }

    private void enter(Exchange exchange, Route route, Binding binding, Exchange.Chosen chosen) {
        if (binding.enter()) {
            bound(exchange, route, binding, chosen);
        } else {
            way.refuse(exchange, Fault.of(Reason.TABLE_UNAVAILABLE).retryAfter(Duration.ofSeconds(1)));
        }
    }

    void bound(Exchange exchange, Route route, Binding binding, Exchange.Chosen chosen) {
        exchange.binding = binding;
        exchange.entered = true;
        exchange.chosen = chosen;
        forward(exchange, destination(exchange, route, binding));
    }

    private static Optional<Destination> destination(Exchange exchange, Route route, Binding binding) {
        Pool pool = route.pool();
        OptionalInt port = route.identifier().port(exchange.inbound());
        Optional<Destination> home = home(pool, binding);
        if (port.isEmpty()) {
            return home;
        }
        if (!pool.reaches(port.getAsInt())) {
            throw Fault.of(Reason.FORBIDDEN, "This port of the instance is not open to clients");
        }
        return pool.destination(binding.instance(), port.getAsInt());
    }

    // A session is known sooner, perhaps, than the news of the instance that another node found for it.
    private static Optional<Destination> home(Pool pool, Binding binding) {
        Optional<Destination> known = pool.destination(binding.instance());
        return known.isPresent() || !binding.holds() ? known : Optional.of(pool.meet(binding.instance()));
    }

    void forward(Exchange exchange, Optional<Destination> to) {
        if (to.isPresent()) {
            way.forward(exchange, to.get());
        } else {
            way.refuse(exchange, Fault.of(Reason.SESSION_LOST));
        }
    }

    /** @param inVain why those did not do that are tried already, or left out */
    void spread(Exchange exchange, Route route, Fault inVain) {
        exchange.chosen = Exchange.Chosen.SPREAD;
        Set<String> tried = exchange.opening == null ? Set.of() : exchange.opening.excluded();
        boolean aFreshOne = route.pool().config().sessions().recycle();
        Optional<Destination> to = aFreshOne ? Optional.empty() : route.pool().any(tried);
        if (to.isPresent()) {
            way.forward(exchange, to.get());
        } else if (exchange.destination == null && route.pool().isLeftAlone()) {
            elsewhere.giveUp(exchange, route, Elsewhere.leftAlone());
        } else if (tried.isEmpty() && route.pool().grows()) {
            awaitInstance(exchange, route);
        } else {
            Fault fault = tried.isEmpty() ? Fault.of(Reason.NO_INSTANCE) : inVain;
            elsewhere.giveUp(exchange, route, Elsewhere.laterAgain(fault));
        }
    }

    // Whoever waits makes the pool grow. It needs a slot only where nobody may use its instance after it.
    private void awaitInstance(Exchange exchange, Route route) {
        AdmissionQueue queue = route.pool().queue();
        Opening wish = new Opening(ThreadLocalRandom.current().nextLong(), Set.of());
        Waiting waiting = route.pool().config().sessions().recycle() ? queue.reserve("", wish) : queue.visit();
        awaitSlot(exchange, waiting, answer -> {
            if (answer instanceof Held held) {
                Optional<Destination> to =
                        route.pool().destination(held.reservation().instance());
                forward(exchange, to);
                table.release(held.reservation());
            } else if (answer instanceof Placement.Awake) {
                spread(exchange, route, Elsewhere.leftAlone());
            } else {
                placed(exchange, route, answer);
            }
        });
    }
}
