package dev.sandgate.affinity.redis;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Tells the table which sessions were used, many at once; a session with a request under way is used all the while. */
final class Touches {

    private static final int BATCH = 200;
    private static final String YES = "yes";

    private final Calls calls;
    private final LongSupplier clock;

    Touches(Calls calls, LongSupplier clock) {
        this.calls = calls;
        this.clock = clock;
    }

    /** Of this pool, as far as it is time; fails where the table did not hear all of them. */
    Future<Void> tell(RedisPool pool) {
        long now = clock.getAsLong();
        List<Future<Void>> batches = new ArrayList<>();
        List<RedisSession> batch = new ArrayList<>();
        for (RedisSession session : pool.sessions.all()) {
            if (session.tell(now)) {
                batch.add(session);
            }
            if (batch.size() == BATCH) {
                batches.add(send(pool, List.copyOf(batch)));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            batches.add(send(pool, batch));
        }
        return Future.join(batches).mapEmpty();
    }

    private Future<Void> send(RedisPool pool, List<RedisSession> batch) {
        List<String> args = new ArrayList<>(6 * batch.size());
        for (RedisSession session : batch) {
            SessionEntry entry = session.entry();
            args.add(entry.name());
            args.add(Words.of(entry.instance().id()));
            args.add(entry.life());
            args.add("" + entry.generation());
            args.add("" + session.lease());
            args.add("" + (entry.bornAt() + pool.leases.whole()));
        }
        return calls.<Void>run(
                        pool,
                        Scripts.TOUCH,
                        told -> {
                            for (int at = 0; at < batch.size(); at++) {
                                take(pool, batch.get(at), told, told.word(at));
                            }
                            return null;
                        },
                        args.toArray(String[]::new))
                .onFailure(unheard -> batch.forEach(RedisSession::untold));
    }

    private static void take(RedisPool pool, RedisSession session, Told told, String word) {
        if (word.startsWith(YES)) {
            session.acknowledge(told.sentAt(), told.tableNow(), Long.parseLong(word.substring(YES.length() + 1)));
        } else {
            pool.reader.unfound(session, word);
        }
    }
}
