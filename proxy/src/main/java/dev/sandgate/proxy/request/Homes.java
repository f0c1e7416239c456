package dev.sandgate.proxy.request;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.policies.Principal;
import dev.sandgate.policies.split.Split;
import dev.sandgate.proxy.fault.Fault;
import dev.sandgate.proxy.identify.Identified;
import dev.sandgate.proxy.identify.Identified.Known;
import dev.sandgate.proxy.inbound.Inbound;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * In which of a route's pools a session lives: its own, a variant of its split, or a fallback. It stays where it began;
 * for one that lives nowhere a pool is drawn. On the request's loop.
 */
final class Homes {

    /** A pool in which a session may live, and what the request says of it there. */
    record Home(Route route, Known known) {}

    private final Placing placing;
    private final AffinityTable table;

    Homes(Placing placing, AffinityTable table) {
        this.placing = placing;
        this.table = table;
    }

    /**
     * Reads the session of a request from the sources of this rank on. An id that says nothing in the route's own pool may be
     * one that another of its pools sealed; of several the first in reading order wins.
     *
     * @throws Fault where an id is malformed
     */
    static Identified identify(Route route, Inbound inbound, int from) {
        if (route.others().isEmpty()) {
            return route.identifier().identify(inbound, from);
        }
        Identified here;
        try {
            here = route.identifier().identify(inbound, from);
        } catch (Fault unreadable) {
            return anothers(route, inbound, from).orElseThrow(() -> unreadable);
        }
        if (!(here instanceof Known known)) {
            return anothers(route, inbound, from).map(Identified.class::cast).orElse(here);
        }
        if (!route.identifier().overlooks(known.source())) {
            return known;
        }
        int rank = route.identifier().rank(known.source());
        return anothers(route, inbound, from)
                .filter(other -> rank(route, other) < rank)
                .orElse(known);
    }

    /** The first in reading order that one of the other pools can read. */
    private static Optional<Known> anothers(Route route, Inbound inbound, int from) {
        Optional<Known> first = Optional.empty();
        int best = Integer.MAX_VALUE;
        for (Route other : route.others()) {
            boolean differs = route.identifier().seals() || other.identifier().seals();
            if (differs && read(other, inbound, from) instanceof Known known) {
                int rank = other.identifier().rank(known.source());
                if (rank < best) {
                    best = rank;
                    first = Optional.of(known);
                }
            }
        }
        return first;
    }

    private static Identified read(Route other, Inbound inbound, int from) {
        try {
            return other.identifier().identify(inbound, from);
        } catch (Fault unreadable) {
            return Identified.Free.FREE;
        }
    }

    /** The place of what was read in the reading order. */
    static int rank(Route route, Known known) {
        return of(route, known).identifier().rank(known.source());
    }

    /** The route to the pool of which this was read. */
    static Route of(Route route, Known known) {
        String pool = known.key().pool();
        if (route.config().pool().equals(pool)) {
            return route;
        }
        List<Route> others = route.others();
        for (int at = 0; at < others.size(); at++) {
            if (others.get(at).config().pool().equals(pool)) {
                return others.get(at);
            }
        }
        throw new IllegalArgumentException("a session of a pool that " + route + " does not lead to");
    }

    /** Finds a request its pool, and there its instance. */
    void place(Exchange exchange, Route route, Identified who) {
        if (route.others().isEmpty()) {
            placing.placeHere(exchange, route, who);
        } else if (!(who instanceof Known known)) {
            begin(exchange, drawn(exchange, route, Optional.empty()));
        } else if (!placeAtOnce(exchange, of(route, known), known)) {
            placeSought(exchange, route, known);
        }
    }

    /** Whether this node's memory knows it there; then it is placed. */
    private boolean placeAtOnce(Exchange exchange, Route home, Known known) {
        if (table.peek(known.key()) instanceof Kept kept && kept.binding().enter()) {
            exchange.livesAt(home, known);
            placing.bound(exchange, home, kept.binding(), Exchange.Chosen.KEPT);
            return true;
        }
        return false;
    }

    private void placeSought(Exchange exchange, Route route, Known known) {
        Route first = of(route, known);
        int rank = first.identifier().rank(known.source());
        boolean placed = !first.isTo(route) && placeAtOnce(exchange, route, rank, known);
        List<Route> others = route.others();
        for (int at = 0; at < others.size() && !placed; at++) {
            placed = !others.get(at).isTo(first) && placeAtOnce(exchange, others.get(at), rank, known);
        }
        if (!placed) {
            new Search(this, placing, exchange, route, known).begin();
        }
    }

    private boolean placeAtOnce(Exchange exchange, Route home, int rank, Known elsewhere) {
        Optional<Known> there = home.identifier().same(rank, elsewhere, exchange.inbound());
        return there.isPresent() && placeAtOnce(exchange, home, there.get());
    }

    /** Begins a session of no id yet in this pool, or none. */
    void begin(Exchange exchange, Route home) {
        exchange.beginsAt(home, home.identifier().nameless(exchange.inbound()));
        placing.placeHere(exchange, home, exchange.identified());
    }

    /**
     * The route to the pool in which a session begins.
     *
     * @param chosen the id that its client has chosen; empty: it has none yet
     */
    Route drawn(Exchange exchange, Route route, Optional<SessionKey> chosen) {
        if (route.shares().isEmpty()) {
            return route;
        }
        Route.Shares shares = route.shares().get();
        int drawn = shares.split().draw(exchange.guarded(), caller(exchange, route), chosen);
        return drawn == Split.OWN ? route : shares.variants().get(drawn - 1);
    }

    // a trusted proxy's word where no policy told: it names the subject alone
    private static Principal caller(Exchange exchange, Route route) {
        Principal told = exchange.guarded().principal();
        String name = told.isSomebody() ? "" : route.identifier().caller(exchange.inbound());
        return name.isEmpty() ? told : new Principal(name, name.substring(name.indexOf('|') + 1), "", Set.of(), "");
    }
}
