package dev.sandgate.proxy;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.redis.TableFault;
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
    private final Vertx vertx;
    private final AtomicBoolean missing = new AtomicBoolean();
    private volatile boolean stopped;
    private long timer = -1;

    private Heartbeat(Vertx vertx, AffinityTable table, Runnable after) {
        this.vertx = vertx;
        this.table = table;
        this.after = after;
    }

    /**
     * Begins; {@link #stop} ends it.
     *
     * @param after each beat that the table took
     */
    static Heartbeat begin(Vertx vertx, AffinityTable table, Runnable after) {
        Heartbeat heart = new Heartbeat(vertx, table, after);
        heart.timer = vertx.setPeriodic(MILLIS, due -> heart.beat());
        return heart;
    }

    /** Beats no more: a node that has left must not tell that it lives. */
    void stop() {
        stopped = true;
        vertx.cancelTimer(timer);
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
        if (stopped) {
            // the table was closed while this beat was under way
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
