package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Ended;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Tells the table which sessions were used, many at once; a session with a request under way is used all the while. */
final class Touches {

    private static final int BATCH = 200;
    private static final String YES = "yes";

    private final RedisTable table;
    private final LongSupplier clock;

    Touches(RedisTable table, LongSupplier clock) {
        this.table = table;
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
                batches.add(send(pool, List.copyOf(batch), now));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            batches.add(send(pool, batch, now));
        }
        return Future.join(batches).mapEmpty();
    }

    private Future<Void> send(RedisPool pool, List<RedisSession> batch, long now) {
        List<String> args = new ArrayList<>(5 * batch.size());
        for (RedisSession session : batch) {
            RedisSession.Entry entry = session.entry();
            args.add(entry.name());
            args.add(Words.of(entry.instance().id()));
            args.add(entry.life());
            args.add("" + session.lease());
            args.add("" + (entry.bornAt() + pool.leases.whole()));
        }
        return table.run(pool, Scripts.TOUCH, args.toArray(String[]::new))
                .onFailure(unheard -> batch.forEach(RedisSession::untold))
                .map(told -> {
                    long tableNow = told.get(0).toLong();
                    for (int at = 0; at < batch.size(); at++) {
                        take(pool, batch.get(at), told.get(at + 1), new Heard(now, tableNow));
                    }
                    return null;
                });
    }

    private record Heard(long sentAt, long tableNow) {}

    private static void take(RedisPool pool, RedisSession session, Response told, Heard heard) {
        String word = told.toString();
        if (word.startsWith(YES)) {
            session.acknowledge(heard.sentAt(), heard.tableNow(), Long.parseLong(word.substring(YES.length() + 1)));
        } else {
            pool.end(session, Ended.valueOf(word));
        }
    }
}
