package dev.sandgate.affinity.redis;

import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a node does once a second for each pool: it tells what it knows, then lets time go on. Any thread. */
final class Beats {

    /** Sweeps in one beat. */
    private static final int MOST = 10;
    /** Instances that one beat tells of: a larger pool is told in turns. */
    private static final int PAGE = 500;

    private final Calls calls;
    private final Retelling retelling;
    private final Undo undo;
    private final SessionNames names;
    private final Map<String, Long> cursors = new ConcurrentHashMap<>();

    Beats(Calls calls, Retelling retelling, Undo undo, SessionNames names) {
        this.calls = calls;
        this.retelling = retelling;
        this.undo = undo;
        this.names = names;
    }

    /** One beat of one pool. */
    Future<Void> beat(RedisPool pool) {
        // What was known before is told before time goes on for it.
        return retelling
                .tell(pool)
                .compose(retold -> new Touches(calls, pool.clock).tell(pool))
                .compose(told -> undo.again(pool))
                .compose(undone -> sweep(pool, MOST))
                .compose(swept -> retelling.tell(pool))
                .compose(retold -> retelling.tellInterim(pool))
                .onSuccess(done -> pool.forgetStale());
    }

    private Future<Void> sweep(RedisPool pool, int turns) {
        long after = cursors.getOrDefault(pool.name, 0L);
        return calls.run(
                        pool,
                        Scripts.BEAT,
                        told -> {
                            pool.tether.beaten(told.sentAt());
                            pool.lackKey(told.word(2));
                            pool.page(told, after);
                            return told;
                        },
                        "" + after,
                        "" + PAGE,
                        names.ids())
                .compose(told -> {
                    cursors.put(pool.name, told.word(1).isEmpty() ? 0L : Long.parseLong(told.word(1)));
                    return told.is("yes") && turns > 1 ? sweep(pool, turns - 1) : Future.succeededFuture();
                });
    }
}
