package dev.sandgate.affinity;

import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Held;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request's wish. Whoever answers first has answered; a slot that comes after that goes back to the table. */
abstract class Wish implements Waiting {

    private static final Logger LOG = LoggerFactory.getLogger(Wish.class);

    private final AffinityTable table;
    private final Opening opening;
    private final Consumer<Wish> withdrawn;
    private final Promise<Placement> promise = Promise.promise();
    private final AtomicBoolean answered = new AtomicBoolean();
    private volatile AlarmClock.@Nullable Alarm patience;

    /** @param withdrawn hears of a {@link #cancel} that came in time */
    Wish(AffinityTable table, Opening opening, Consumer<Wish> withdrawn) {
        this.table = table;
        this.opening = opening;
        this.withdrawn = withdrawn;
    }

    abstract Future<Placement> question();

    /** The session that it names, where it names one. */
    abstract Optional<SessionKey> key();

    /** Whether it needs a slot; else an instance that serves is enough, a full one too. */
    boolean needsSlot() {
        return true;
    }

    /** Asks the table, once more with every call: the same wish, hence the same slot. Never throws. */
    Future<Placement> ask() {
        try {
            return question();
        } catch (RuntimeException bug) {
            return Future.failedFuture(bug);
        }
    }

    @Override
    public Future<Placement> placement() {
        return promise.future();
    }

    @Override
    public boolean cancel() {
        if (!answered.compareAndSet(false, true)) {
            return false;
        }
        withdrawn.accept(this);
        tell(() -> promise.complete(Refused.because(Why.WITHDRAWN)));
        return true;
    }

    Set<String> excluded() {
        return opening.excluded();
    }

    boolean answered() {
        return answered.get();
    }

    void answer(Placement placement) {
        if (answered.compareAndSet(false, true)) {
            tell(() -> promise.complete(placement));
        } else if (placement instanceof Held held) {
            table.release(held.reservation());
        } else if (placement instanceof Fresh fresh) {
            table.abandon(fresh.binding(), opening.requestId());
        }
    }

    void fail(Throwable cause) {
        if (answered.compareAndSet(false, true)) {
            tell(() -> promise.fail(cause));
        }
    }

    /** What rings when its patience is over. */
    void patience(AlarmClock.Alarm alarm) {
        patience = alarm;
        if (answered()) {
            alarm.cancel();
        }
    }

    private void tell(Runnable result) {
        AlarmClock.Alarm alarm = patience;
        if (alarm != null) {
            alarm.cancel();
        }
        try {
            result.run();
        } catch (RuntimeException bug) {
            // Thrown by the receiver: those behind in the queue must not feel it.
            LOG.error("the receiver of a placement failed", bug);
        }
    }
}
