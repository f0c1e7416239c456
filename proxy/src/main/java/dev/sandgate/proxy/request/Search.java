package dev.sandgate.proxy.request;

import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.conf.SessionsConfig.OnLost;
import dev.sandgate.proxy.identify.Identified;
import dev.sandgate.proxy.identify.Identified.Known;
import dev.sandgate.proxy.identify.SessionSource.Unknown;
import dev.sandgate.proxy.request.Homes.Home;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The search for a session that this node's memory does not know: in each pool in which it may live, one after the other.
 * It begins anew only where all of them have said that it does not live there. On the request's loop.
 */
final class Search {

    /** What a pool said of a session that does not live there. */
    private record Told(Home home, Placement answer, Why why) {}

    private final Homes way;
    private final Placing placing;
    private final Exchange exchange;
    private final Route route;
    private final Known known;
    /** Where it may live, the pool of which it was read first. */
    private final List<Home> homes = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();

    Search(Homes way, Placing placing, Exchange exchange, Route route, Known known) {
        this.way = way;
        this.placing = placing;
        this.exchange = exchange;
        this.route = route;
        this.known = known;
        Route first = Homes.of(route, known);
        int rank = first.identifier().rank(known.source());
        homes.add(new Home(first, known));
        route.homes().filter(other -> !other.isTo(first)).forEach(other -> other.identifier()
                .same(rank, known, exchange.inbound())
                .ifPresent(there -> homes.add(new Home(other, there))));
    }

    /** Asks the table, and places the request by what it says. */
    void begin() {
        if (known.source().unknown() != Unknown.OPENS) {
            ask(homes, 0, this::judge);
            return;
        }
        Route drawn = way.drawn(exchange, route, Optional.of(known.key()));
        Home opens = homes.stream()
                .filter(home -> home.route().isTo(drawn))
                .findFirst()
                .orElse(homes.get(0));
        List<Home> elsewhere = homes.stream().filter(home -> !home.route().isTo(opens.route())).toList();
        ask(elsewhere, 0, () -> {
            if (told.stream().allMatch(one -> isOver(one.why()) && mayBeginElsewhere(one))) {
                // there one step finds it or opens it
                placeAt(opens);
            } else {
                ask(List.of(opens), 0, this::judge);
            }
        });
    }

    private void ask(List<Home> asked, int at, Runnable nowhere) {
        if (at == asked.size()) {
            nowhere.run();
            return;
        }
        Home home = asked.get(at);
        placing.find(exchange, home.route(), home.known(), answer -> {
            if (answer instanceof Refused refused) {
                told.add(new Told(home, answer, refused.why()));
                ask(asked, at + 1, nowhere);
            } else {
                exchange.livesAt(home.route(), home.known());
                placing.placed(exchange, home.route(), answer);
            }
        });
    }

    private static boolean isOver(Why why) {
        return why == Why.SESSION_UNKNOWN || why == Why.SESSION_EXPIRED || why == Why.SESSION_ENDED;
    }

    private static boolean mayBeginElsewhere(Told one) {
        return one.why() == Why.SESSION_UNKNOWN
                || one.home().route().pool().config().sessions().reuseId();
    }

    /** It lives in none of those that could be asked. */
    private void judge() {
        Told unsaid = first(Why.TABLE_UNAVAILABLE);
        Told lost = first(Why.SESSION_LOST);
        if (unsaid != null) {
            // where nobody can say now whether it lives, it may go on, but not begin
            refuse(unsaid);
        } else if (lost != null && !rebinds(lost)) {
            refuse(lost);
        } else {
            anew(lost == null ? null : lost.home());
        }
    }

    private static boolean rebinds(Told lost) {
        return lost.home().route().pool().config().sessions().onLost() == OnLost.REBIND;
    }

    /** @param before where it was lost, in a pool whose lost sessions begin anew */
    private void anew(@Nullable Home before) {
        switch (known.source().unknown()) {
            case OPENS -> {
                Told barred = told.stream()
                        .filter(one -> isOver(one.why()) && !mayBeginElsewhere(one))
                        .findFirst()
                        .orElse(null);
                if (before != null) {
                    placeAt(before);
                } else if (barred != null) {
                    refuse(barred);
                } else {
                    openDrawn();
                }
            }
            case REFUSED -> {
                if (before != null) {
                    placeAt(before);
                } else {
                    refuse(mostTelling());
                }
            }
            case ABSENT -> {
                Identified after = Homes.identify(route, exchange.inbound(), Homes.rank(route, known) + 1);
                if (after instanceof Known another) {
                    way.place(exchange, route, another);
                } else {
                    way.begin(exchange, before == null ? way.drawn(exchange, route, Optional.empty()) : before.route());
                }
            }
        }
    }

    private void openDrawn() {
        // the one asked last, for which the others had nothing against
        placeAt(told.get(told.size() - 1).home());
    }

    private void placeAt(Home home) {
        exchange.livesAt(home.route(), home.known());
        placing.placeHere(exchange, home.route(), home.known());
    }

    private void refuse(Told why) {
        exchange.livesAt(why.home().route(), why.home().known());
        Placing.isToldAsLost(exchange, why.home().route(), why.home().known(), why.answer());
        placing.placed(exchange, why.home().route(), why.answer());
    }

    /** An id that is remembered says more than one that nobody knows. */
    private Told mostTelling() {
        return told.stream()
                .filter(one -> one.why() != Why.SESSION_UNKNOWN)
                .findFirst()
                .orElse(told.get(0));
    }

    private @Nullable Told first(Why why) {
        return told.stream().filter(one -> one.why() == why).findFirst().orElse(null);
    }
}
