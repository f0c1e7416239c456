package dev.sandgate.affinity.redis;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the links of one node have in common: how many stand, how soon they may come back, what to warn of. Any thread. */
final class LinkWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LinkWatch.class);

    private final Pace pace = new Pace(System::nanoTime);
    private final AtomicInteger standing = new AtomicInteger();
    private @Nullable Greeting evicting;

    Pace pace() {
        return pace;
    }

    /** A link stands. */
    void up(Server server, Greeting greeting) {
        standing.incrementAndGet();
        if (remember(greeting)) {
            LOG.warn("the table at {}: {}", server, text(greeting));
        }
    }

    /** Whether there is something to warn of that was not told of this run of the server yet. */
    private synchronized boolean remember(Greeting greeting) {
        Greeting before = evicting;
        evicting = greeting.evicts() ? greeting : null;
        return greeting.evicts() && !greeting.equals(before);
    }

    /** A link that stood does no more. */
    void down() {
        standing.decrementAndGet();
    }

    boolean connected() {
        return standing.get() > 0;
    }

    synchronized Optional<String> warning() {
        return Optional.ofNullable(evicting).map(LinkWatch::text);
    }

    private static String text(Greeting greeting) {
        return "Redis drops keys when its memory is full (maxmemory-policy is " + greeting.eviction()
                + "): sessions would be forgotten, and slots given twice (expected: noeviction)";
    }
}
