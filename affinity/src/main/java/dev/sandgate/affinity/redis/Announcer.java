package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.TableListener;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners what happened, in the order in which it happened, one at a time and outside every lock. Any thread. */
final class Announcer {

    private static final Logger LOG = LoggerFactory.getLogger(RedisTable.class);

    private final List<TableListener> listeners;
    private final Queue<Consumer<TableListener>> news = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Announcer(List<TableListener> listeners) {
        this.listeners = listeners;
    }

    /** To be told by {@link #tell}; may be called under a lock. */
    void add(Consumer<TableListener> happened) {
        news.add(happened);
    }

    /** Whoever comes while another tells leaves it to that one. */
    void tell() {
        if (waiting.getAndIncrement() > 0) {
            return;
        }
        int done = 1;
        do {
            for (var next = news.poll(); next != null; next = news.poll()) {
                tell(next);
            }
            done = waiting.addAndGet(-done);
        } while (done > 0);
    }

    private void tell(Consumer<TableListener> happened) {
        for (TableListener listener : listeners) {
            try {
                happened.accept(listener);
            } catch (RuntimeException bug) {
                LOG.error("a listener of the table failed", bug);
            }
        }
    }
}
