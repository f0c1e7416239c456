package dev.sandgate.proxy.forward;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Errands of one loop that nobody waits for: a few at a time, the others in their turn, so that a thousand sessions that
 * end together do not fall upon their instances. All on that loop.
 */
public final class Errands {

    private static final int AT_ONCE = 8;
    /** Beyond so many that wait, further ones are not run: they are a courtesy. */
    private static final int MOST = 100_000;

    private record Waiting(Errand.Message message, Destination to) {}

    private final OutboundConnections connections;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private int underWay;

    public Errands(OutboundConnections connections) {
        this.connections = connections;
    }

    public void run(Errand.Message message, Destination to) {
        if (waiting.size() < MOST) {
            waiting.add(new Waiting(message, to));
            next();
        }
    }

    private void next() {
        while (underWay < AT_ONCE && !waiting.isEmpty()) {
            Waiting first = waiting.remove();
            underWay++;
            Errand.send(first.message, first.to, connections, () -> {
                underWay--;
                next();
            });
        }
    }

    /** Those that did not begin never do. */
    public void close() {
        waiting.clear();
    }
}
