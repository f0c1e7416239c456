package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.TableListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One change of a pool under its lock: its moment, and the news that listeners hear once the lock is free again. */
final class Turn {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryTable.class);

    final long now;
    private final List<Consumer<TableListener>> news = new ArrayList<>(0);
    private boolean freed;

    Turn(long now) {
        this.now = now;
    }

    void ended(Binding binding, Ended why) {
        news.add(listener -> listener.ended(binding, why));
    }

    void changed(Member member) {
        news.add(listener -> listener.changed(member));
    }

    void freed() {
        freed = true;
    }

    /** Outside the lock. What one listener throws, the others and the caller do not feel. */
    void tell(String pool, Iterable<TableListener> listeners) {
        if (freed) {
            news.add(listener -> listener.freed(pool));
        }
        for (Consumer<TableListener> item : news) {
            for (TableListener listener : listeners) {
                try {
                    item.accept(listener);
                } catch (RuntimeException bug) {
                    LOG.error("a listener of pool {} failed", pool, bug);
                }
            }
        }
    }
}
