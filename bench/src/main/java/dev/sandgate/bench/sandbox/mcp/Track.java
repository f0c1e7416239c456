package dev.sandgate.bench.sandbox.mcp;

import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * One stream of a Streamable HTTP session: numbered events that outlive the connection they were sent on, the last
 * {@value #KEPT} of them, so that a client that lost it may go on where it was. Ids are {@code name-number}.
 */
final class Track {

    private static final int KEPT = 256;
    private static final Optional<String> MESSAGE = Optional.of("message");

    private record Event(long number, String data) {}

    private final String name;
    private final Deque<Event> kept = new ArrayDeque<>();
    private Optional<Sse> line = Optional.empty();
    private long last;
    private boolean over;

    Track(String name) {
        this.name = name;
    }

    /** Keeps the message, and sends it where somebody listens. */
    void send(JsonObject message) {
        if (over) {
            return;
        }
        last++;
        Event event = new Event(last, message.encode());
        kept.addLast(event);
        if (kept.size() > KEPT) {
            kept.removeFirst();
        }
        line.ifPresent(sse -> send(sse, event));
    }

    /** Sends what came after this event, and from now on all that comes; the connection before it is ended. */
    void attach(Sse sse, long after) {
        cut();
        kept.stream().filter(event -> event.number() > after).forEach(event -> send(sse, event));
        if (over) {
            sse.end();
            return;
        }
        line = Optional.of(sse);
        sse.onClose(() -> line = line.filter(current -> current != sse));
    }

    /** From now on, without what came before. */
    void attach(Sse sse) {
        attach(sse, last);
    }

    /** An id without a message and a short wait: a client that is cut off before the first message can come back. */
    void prime() {
        line.ifPresent(sse -> sse.raw("id: " + name + "-" + last + "\nretry: 50\ndata: \n\n"));
    }

    boolean attached() {
        return line.isPresent();
    }

    boolean over() {
        return over;
    }

    /** Ends the connection; the events go on. */
    void cut() {
        Optional<Sse> ended = line;
        line = Optional.empty();
        ended.ifPresent(Sse::end);
    }

    /** No further event will come. */
    void finish() {
        over = true;
        cut();
    }

    private void send(Sse sse, Event event) {
        sse.event(MESSAGE, Optional.of(name + "-" + event.number()), event.data());
    }
}
