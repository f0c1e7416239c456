package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Requests of which nobody knows whether the table did what they asked: what it may have given them is taken back once
 * they can no longer arrive there, and what they ended is ended once more. Any thread.
 */
final class Undo {

    /** More than these are left to their leases. */
    private static final int MOST = 10_000;
    /** In one beat of one pool. */
    private static final int BATCH = 200;

    /**
     * What nobody knows.
     *
     * @param name of the request, or of the end
     * @param after this moment it is asked for
     */
    record Doubt(String name, RedisPool pool, long after, Script script, List<String> args) {}

    private final Calls calls;
    private final Ground ground;
    private final Map<String, Doubt> doubts = new ConcurrentHashMap<>();
    /** Those that the table was asked to see to, and has not answered. */
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();

    Undo(Calls calls, Ground ground) {
        this.calls = calls;
        this.ground = ground;
    }

    /**
     * A slot was asked for, for a session of this name or of none yet.
     *
     * @param error why there is no answer
     */
    void opened(RedisPool pool, Throwable error, String requestId, String name) {
        doubt(error, new Doubt(requestId, pool, notBefore(), Scripts.UNDO, List.of(requestId, name, "0")));
    }

    /** The same where a slot was to become a session of a learned id, which is told to nobody now. */
    void confirmed(RedisPool pool, Throwable error, String requestId, String name) {
        doubt(error, new Doubt(requestId, pool, notBefore(), Scripts.UNDO, List.of(requestId, name, "1")));
    }

    /** A session was to be ended, in these words. */
    void ended(RedisPool pool, Throwable error, List<String> args) {
        doubt(error, new Doubt("end " + args.get(0), pool, now(), Scripts.END, args));
    }

    private void doubt(Throwable error, Doubt doubt) {
        boolean unknown = error instanceof TableFault fault
                && (fault.reason() == Reason.TIMEOUT || fault.reason() == Reason.UNREACHABLE);
        if (unknown && doubts.size() < MOST) {
            doubts.put(doubt.name(), doubt);
        }
    }

    /** Whether what this request got is being taken back, so that it must not be asked for once more. */
    boolean isTakingBack(String requestId) {
        return underWay.contains(requestId);
    }

    /**
     * The same request is asked for once more: what it got before would be its own. What was in doubt, for {@link
     * #restore}.
     */
    Optional<Doubt> lift(String requestId) {
        return Optional.ofNullable(doubts.remove(requestId));
    }

    /** It got nothing now, and may still get what it asked for before. */
    void restore(Doubt lifted) {
        doubts.put(lifted.name(), lifted);
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
        for (Doubt doubt : List.copyOf(doubts.values())) {
            if (asked.size() < BATCH && doubt.pool() == pool && now - doubt.after() >= 0) {
                underWay.add(doubt.name());
                if (doubts.remove(doubt.name(), doubt)) {
                    asked.add(take(doubt));
                } else {
                    underWay.remove(doubt.name());
                }
            }
        }
        return Future.join(asked).mapEmpty();
    }

    private Future<Void> take(Doubt doubt) {
        return calls.<Void>run(
                        doubt.pool(), doubt.script(), told -> null, doubt.args().toArray(String[]::new))
                .onFailure(unknown -> doubts.put(doubt.name(), doubt))
                .onComplete(asked -> underWay.remove(doubt.name()));
    }
}
