package dev.sandgate.affinity;

import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.conf.QueueConfig;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where first requests of one pool wait while its instances are full or missing: first come, first served, a bounded
 * number, for a bounded time. Asks the table only for whom the answer may have changed, one at a time. Safe from any
 * thread; calls nothing foreign under its lock.
 */
public final class AdmissionQueue {

    /** The least that a refused client is told to wait. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    /** How long the front waits at most until it is asked for again, news or not. */
    private static final Duration LOOK = Duration.ofMillis(250);

    private final AffinityTable table;
    private final String pool;
    private final QueueConfig config;
    private final AlarmClock alarms;
    private final Object lock = new Object();
    private final WaitingLine line = new WaitingLine();
    /** How often there was reason to ask again. */
    private long news;
    /** Some thread is asking for those in the line; what changes meanwhile, it sees. */
    private boolean asking;
    /** An alarm is set to look again. */
    private boolean looking;
    /** Why the table said no last. */
    private Why why = Why.POOL_FULL;
    /** What everybody is told who would have to wait; empty: waiting helps. */
    private Optional<Refused> hopeless = Optional.empty();

    private volatile Runnable joined = () -> {};

    private AdmissionQueue(AffinityTable table, String pool, QueueConfig config, AlarmClock alarms) {
        this.table = table;
        this.pool = pool;
        this.config = config;
        this.alarms = alarms;
    }

    /** The queue of one pool of this table; listens to the table's news from now on. */
    public static AdmissionQueue of(AffinityTable table, String pool, QueueConfig config, AlarmClock alarms) {
        AdmissionQueue queue = new AdmissionQueue(table, pool, config, alarms);
        table.subscribe(new TableListener() {
            @Override
            public void freed(String where) {
                if (where.equals(pool)) {
                    queue.hear();
                }
            }
        });
        return queue;
    }

    /** {@link AffinityTable#open}, waiting for a slot where there is none. */
    public Waiting open(SessionKey key, Opening opening) {
        return admit(new Wish(table, opening, this::leave) {
            @Override
            Future<Placement> question() {
                return table.open(key, opening);
            }

            @Override
            Optional<SessionKey> key() {
                return Optional.of(key);
            }
        });
    }

    /** {@link AffinityTable#reserve}, waiting for a slot where there is none. */
    public Waiting reserve(String principal, Opening opening) {
        return admit(new Wish(table, opening, this::leave) {
            @Override
            Future<Placement> question() {
                return table.reserve(pool, principal, opening);
            }

            @Override
            Optional<SessionKey> key() {
                return Optional.empty();
            }
        });
    }

    /** Waits for nothing but an instance that serves: {@link Placement.Awake}, or a refusal. Takes no slot. */
    public Waiting visit() {
        return admit(new Visit(table, pool, this::leave));
    }

    /** How many wait now. */
    public int waiting() {
        synchronized (lock) {
            return line.size();
        }
    }

    /** How many slots those who wait need: requests of one session share theirs, and those that need none share one. */
    public int slotsWanted() {
        synchronized (lock) {
            return line.slots();
        }
    }

    /**
     * Tells whoever can make more instances that somebody began to wait.
     *
     * @param listener called on any thread, for each one who joins; must not block
     */
    public void onJoin(Runnable listener) {
        joined = listener;
    }

    /** Waiting does not help any more: refuses all who wait, and from now on all who would, until {@link #hope}. */
    public void despair(Refused refusal) {
        List<Wish> leaving;
        synchronized (lock) {
            hopeless = Optional.of(refusal);
            leaving = line.all();
            leaving.forEach(line::remove);
        }
        leaving.forEach(wish -> wish.answer(refusal));
    }

    /** Waiting may help again. */
    public void hope() {
        synchronized (lock) {
            hopeless = Optional.empty();
        }
    }

    private Waiting admit(Wish wish) {
        long heard;
        boolean nobodyWaits;
        synchronized (lock) {
            heard = news;
            nobodyWaits = line.size() == 0;
        }
        if (nobodyWaits) {
            wish.ask().onComplete(asked -> {
                Why no = noSlot(asked);
                if (no == null) {
                    settle(wish, asked);
                } else if (join(wish, no, heard)) {
                    askForThoseInLine();
                }
            });
        } else if (join(wish)) {
            // After it joined: whoever opens the same session later finds it in the line.
            wish.key().ifPresent(key -> table.find(key).onSuccess(found -> {
                if (found instanceof Kept) {
                    leave(wish);
                    wish.answer(found);
                }
            }));
            askForThoseInLine();
        }
        return wish;
    }

    /** Joins after the table refused it, which is still true unless there was news since. */
    private boolean join(Wish wish, Why refusal, long heard) {
        synchronized (lock) {
            why = refusal;
            if (news == heard) {
                line.refused(wish);
            }
        }
        return join(wish);
    }

    private boolean join(Wish wish) {
        Refused refusal;
        boolean waits;
        synchronized (lock) {
            refusal = hopeless.orElse(new Refused(why, RETRY_AFTER));
            waits = !wish.answered()
                    && hopeless.isEmpty()
                    && line.size() < config.max()
                    && !config.maxWait().isZero();
            if (waits) {
                line.add(wish);
            }
        }
        if (!waits) {
            wish.answer(refusal);
            return false;
        }
        wish.patience(alarms.after(config.maxWait(), () -> giveUp(wish)));
        lookAgainLater();
        joined.run();
        return true;
    }

    private void giveUp(Wish wish) {
        Why refusal;
        synchronized (lock) {
            line.remove(wish);
            refusal = why;
        }
        wish.answer(new Refused(refusal, RETRY_AFTER));
    }

    private void leave(Wish wish) {
        synchronized (lock) {
            line.remove(wish);
        }
    }

    private void hear() {
        synchronized (lock) {
            news++;
            line.hope();
        }
        askForThoseInLine();
    }

    /** A table may lose news, or hear late of a lease that is over: those in line do not depend on it. */
    private void lookAgainLater() {
        synchronized (lock) {
            if (looking || line.size() == 0) {
                return;
            }
            looking = true;
        }
        alarms.after(LOOK, () -> {
            synchronized (lock) {
                looking = false;
            }
            hear();
            lookAgainLater();
        });
    }

    private void askForThoseInLine() {
        synchronized (lock) {
            if (asking) {
                return;
            }
            asking = true;
        }
        askOn();
    }

    /** In a loop where the table answers at once: a thousand grants must not be a thousand calls deep. */
    private void askOn() {
        while (true) {
            Wish next;
            long heard;
            synchronized (lock) {
                next = line.next();
                heard = news;
                if (next == null) {
                    asking = false;
                    return;
                }
            }
            Future<Placement> asked = next.ask();
            if (!asked.isComplete()) {
                asked.onComplete(answer -> {
                    take(next, answer, heard);
                    askOn();
                });
                return;
            }
            take(next, asked, heard);
        }
    }

    private void take(Wish wish, AsyncResult<Placement> asked, long heard) {
        Why no = noSlot(asked);
        if (no == null) {
            settle(wish, asked);
            return;
        }
        synchronized (lock) {
            why = no;
            // With news since the question, the answer may be old.
            if (news == heard) {
                line.refused(wish);
            }
        }
    }

    private void settle(Wish wish, AsyncResult<Placement> asked) {
        synchronized (lock) {
            line.remove(wish);
            if (asked.result() instanceof Fresh || asked.result() instanceof Kept) {
                wish.key().ifPresent(line::opened);
            }
        }
        if (asked.succeeded()) {
            wish.answer(asked.result());
        } else {
            wish.fail(asked.cause());
        }
    }

    /** Why there is no slot; null where the answer is another one. */
    private static @Nullable Why noSlot(AsyncResult<Placement> asked) {
        boolean waitingHelps = asked.result() instanceof Refused refused
                && (refused.why() == Why.POOL_FULL || refused.why() == Why.NO_INSTANCE);
        return waitingHelps ? ((Refused) asked.result()).why() : null;
    }
}
