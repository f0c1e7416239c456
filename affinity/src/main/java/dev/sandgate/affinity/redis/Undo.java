package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests of which nobody knows whether the table did what they asked: what it may have given them is taken back once
 * they can no longer arrive there, and what they ended is ended once more. Any thread.
 */
final class Undo {

    /** More than these are left to their leases. */
    private static final int MOST = 10_000;
    /** In one beat of one pool. */
    private static final int BATCH = 200;

    private record Doubt(RedisPool pool, long after, Script script, List<String> args) {}

    private final RedisTable table;
    private final Ground ground;
    private final Queue<Doubt> doubts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();

    Undo(RedisTable table, Ground ground) {
        this.table = table;
        this.ground = ground;
    }

    /**
     * A slot was asked for, for a session of this name or of none yet.
     *
     * @param error why there is no answer
     */
    void opened(RedisPool pool, Throwable error, String requestId, String name) {
        doubt(error, new Doubt(pool, notBefore(), Scripts.UNDO, List.of(requestId, name, "0")));
    }

    /** The same where a slot was to become a session of a learned id, which is told to nobody now. */
    void confirmed(RedisPool pool, Throwable error, String requestId, String name) {
        doubt(error, new Doubt(pool, notBefore(), Scripts.UNDO, List.of(requestId, name, "1")));
    }

    /** A session was to be ended, in these words. */
    void ended(RedisPool pool, Throwable error, List<String> args) {
        doubt(error, new Doubt(pool, now(), Scripts.END, args));
    }

    private void doubt(Throwable error, Doubt doubt) {
        boolean unknown = error instanceof TableFault fault
                && (fault.reason() == Reason.TIMEOUT || fault.reason() == Reason.UNREACHABLE);
        if (unknown && size.incrementAndGet() <= MOST) {
            doubts.add(doubt);
        } else if (unknown) {
            size.decrementAndGet();
        }
    }

    private long notBefore() {
        return now() + TimeUnit.MILLISECONDS.toNanos(2 * ground.times().timeout());
    }

    private long now() {
        return ground.clocks().nanos().getAsLong();
    }

    /** Takes back what can be taken back by now; what is not answered again stays to be tried again. */
    Future<Void> again(RedisPool pool) {
        long now = now();
        List<Future<?>> asked = new ArrayList<>();
        for (Doubt doubt : List.copyOf(doubts)) {
            if (asked.size() < BATCH && doubt.pool() == pool && now - doubt.after() >= 0 && doubts.remove(doubt)) {
                asked.add(take(doubt));
            }
        }
        return Future.join(asked).mapEmpty();
    }

    private Future<Void> take(Doubt doubt) {
        return table.<Void>run(
                        doubt.pool(), doubt.script(), told -> null, doubt.args().toArray(String[]::new))
                .onSuccess(done -> size.decrementAndGet())
                .onFailure(unknown -> doubts.add(doubt));
    }
}
