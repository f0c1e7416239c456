package dev.sandgate.proxy;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.redis.TableFault;
import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does about once a second what is due in the table. Any thread. */
final class Heartbeat {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long MILLIS = 1000;

    private final AffinityTable table;
    private final Runnable after;
    private final AtomicBoolean missing = new AtomicBoolean();

    private Heartbeat(AffinityTable table, Runnable after) {
        this.table = table;
        this.after = after;
    }

    /**
     * Begins, for as long as this Vert.x runs.
     *
     * @param after each beat that the table took
     */
    static void begin(Vertx vertx, AffinityTable table, Runnable after) {
        Heartbeat heart = new Heartbeat(table, after);
        vertx.setPeriodic(MILLIS, due -> heart.beat());
    }

    private void beat() {
        table.beat().onComplete(done -> beaten(), this::missed);
    }

    private void beaten() {
        if (missing.compareAndSet(true, false)) {
            LOG.info("the table takes beats again");
        }
        after.run();
    }

    private void missed(Throwable why) {
        if (why instanceof TableFault fault && fault.reason() == Reason.CLOSED) {
            // The node ends, and this beat came between the table's end and its own.
            return;
        }
        boolean first = missing.compareAndSet(false, true);
        if (!(why instanceof TableFault)) {
            LOG.error("the table missed a beat", why);
        } else if (first) {
            LOG.warn("the table misses beats until further notice: {}", why.getMessage());
        }
    }
}
