package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Goes through the sessions of some pools, page by page, each in a turn of a worker thread: the table may be large, and
 * no event loop waits for it.
 */
final class SessionWalk {

    private static final int PAGE = 1_000;

    private final Vertx vertx;
    private final AffinityTable table;

    SessionWalk(Vertx vertx, AffinityTable table) {
        this.vertx = vertx;
        this.table = table;
    }

    /**
     * The first sessions that are wanted, in the order of the pools and of the table's list.
     *
     * @param after only generations greater than this, of the first pool
     * @param most how many, at least 1
     */
    Future<List<Binding>> find(List<String> pools, long after, Predicate<Binding> wanted, int most) {
        return walk(new Quest(pools, wanted, most, new ArrayList<>()), 0, after);
    }

    private record Quest(List<String> pools, Predicate<Binding> wanted, int most, List<Binding> found) {

        boolean done(int at) {
            return at == pools.size() || found.size() == most;
        }

        void take(List<Binding> page) {
            for (Binding binding : page) {
                if (found.size() < most && wanted.test(binding)) {
                    found.add(binding);
                }
            }
        }
    }

    private Future<List<Binding>> walk(Quest quest, int at, long after) {
        if (quest.done(at)) {
            return Future.succeededFuture(quest.found);
        }
        return vertx.executeBlocking(() -> table.list(quest.pools.get(at), after, PAGE), false)
                .compose(asked -> asked)
                .compose(page -> vertx.executeBlocking(
                        () -> {
                            quest.take(page);
                            return page;
                        },
                        false))
                .compose(page -> page.size() < PAGE
                        ? walk(quest, at + 1, 0)
                        : walk(quest, at, page.get(PAGE - 1).generation()));
    }
}
