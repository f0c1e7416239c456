package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Vouch;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells a table that began anew, and may lack what was written last, what this node knows: first what is over, so that
 * none of it comes back, then instances, then the bindings that this node may serve. While it does, and while the table
 * holds, nobody is admitted.
 */
final class Retelling {

    private static final int BATCH = 200;

    private final Calls calls;
    private final SessionNames names;

    Retelling(Calls calls, SessionNames names) {
        this.calls = calls;
        this.names = names;
    }

    /** Does nothing where the table has it all; fails where it did not hear all of it: then it is told again. */
    Future<Void> tell(RedisPool pool) {
        if (pool.history(History::isSettled)) {
            return Future.succeededFuture();
        }
        long epoch = pool.history(History::told).epoch();
        return ends(pool)
                .compose(buried -> gone(pool))
                .compose(gone -> instances(pool))
                .compose(there -> bindings(pool))
                .onSuccess(adopted -> pool.settle(epoch));
    }

    /** Tells of what this node let in by itself; the table has just told how much of the rest it has. */
    Future<Void> tellInterim(RedisPool pool) {
        return pool.history(History::isSettled)
                ? inBatches(pool.interim(Interim::untold), batch -> adopt(pool, batch))
                : Future.succeededFuture();
    }

    private Future<Void> ends(RedisPool pool) {
        long now = pool.clock.getAsLong();
        List<List<String>> all = new ArrayList<>();
        for (Deaths.End end : pool.ends()) {
            List<String> words = new ArrayList<>(end.words());
            words.add("" + Math.max(0, (end.until() - now) / 1_000_000));
            all.add(words);
        }
        return inBatches(all, batch -> calls.run(pool, Scripts.BURY, told -> null, flat(batch)));
    }

    private Future<Void> gone(RedisPool pool) {
        List<Future<Void>> all = new ArrayList<>();
        pool.goneInstances().forEach(instance -> all.add(calls.report(pool, new Report.Gone(instance))));
        return Future.join(all).mapEmpty();
    }

    private Future<Void> instances(RedisPool pool) {
        List<List<String>> all =
                pool.fleet.rows().stream().map(NearFleet.Row::assertion).toList();
        return inBatches(all, batch -> calls.run(pool, Scripts.ASSERT, told -> null, flat(batch)));
    }

    private Future<Void> bindings(RedisPool pool) {
        long now = pool.clock.getAsLong();
        List<RedisSession> live = new ArrayList<>();
        for (RedisSession session : pool.sessions.all()) {
            if (session.left(now) > 0 && !pool.interim(interim -> interim.tally.isPlaced(session))) {
                live.add(session);
            }
        }
        return inBatches(live, batch -> adopt(pool, batch));
    }

    /** See {@link dev.sandgate.affinity.AffinityTable#adopt}. */
    Future<Placement> adopt(RedisPool pool, SessionKey key, Vouch vouch) {
        Optional<RedisSession> untold = names.marked(key, vouch.mark())
                .flatMap(name -> pool.interim(interim -> interim.untold(key, name, vouch)));
        if (untold.isEmpty()) {
            return Future.succeededFuture(Refused.because(Why.SESSION_UNKNOWN));
        }
        RedisSession session = untold.get();
        // where the table does not answer now, it is told with the next beat
        return adopt(pool, List.of(session))
                .transform(told ->
                        Future.succeededFuture(session.holds() ? session.kept : Refused.because(Why.SESSION_LOST)));
    }

    /** What became of each is taken in by then. */
    private Future<Void> adopt(RedisPool pool, List<RedisSession> batch) {
        long now = pool.clock.getAsLong();
        List<String> args = new ArrayList<>(9 * batch.size());
        for (RedisSession session : batch) {
            SessionEntry entry = session.entry();
            args.addAll(List.of(
                    entry.name(),
                    Words.of(entry.instance().id()),
                    Words.identity(entry.instance()),
                    "" + entry.generation(),
                    names.owner(entry.key(), entry.name()),
                    "" + entry.bornAt(),
                    entry.lease().name(),
                    "" + Math.max(0, session.left(now)),
                    session.alone() ? entry.opener() : ""));
        }
        return calls.run(
                pool,
                Scripts.ADOPT,
                told -> {
                    for (int at = 0; at < batch.size(); at++) {
                        pool.reader.adopted(batch.get(at), told.word(at));
                    }
                    return null;
                },
                args.toArray(String[]::new));
    }

    private static <T> Future<Void> inBatches(List<T> all, Function<List<T>, Future<Void>> tell) {
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < all.size(); from += BATCH) {
            List<T> batch = all.subList(from, Math.min(all.size(), from + BATCH));
            done = done.compose(before -> tell.apply(batch));
        }
        return done;
    }

    private static String[] flat(List<List<String>> batch) {
        return batch.stream().flatMap(List::stream).toArray(String[]::new);
    }
}
