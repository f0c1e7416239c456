package dev.sandgate.proxy.kit;

import java.util.HashMap;
import java.util.Map;

/** How much a client may still send (RFC 9113 section 5.2), on its connection and on each stream. Any thread. */
final class Http2Window {

    private static final int FIRST = 65_535;

    private final Map<Integer, Long> updates = new HashMap<>();
    private final Map<Integer, Long> sent = new HashMap<>();
    private long ofStreams = FIRST;

    /** The door's SETTINGS_INITIAL_WINDOW_SIZE. */
    synchronized void initial(long size) {
        ofStreams = size;
    }

    /** The door's WINDOW_UPDATE; stream 0 is the connection. */
    synchronized void grow(int stream, long bytes) {
        updates.merge(stream, bytes, Long::sum);
    }

    /** Takes up to so many bytes for a frame; 0: none may be sent now. */
    synchronized int take(int stream, int wanted) {
        long connection = FIRST + updates.getOrDefault(0, 0L) - sent.getOrDefault(0, 0L);
        long own = ofStreams + updates.getOrDefault(stream, 0L) - sent.getOrDefault(stream, 0L);
        int taken = (int) Math.max(0, Math.min(wanted, Math.min(connection, own)));
        sent.merge(0, (long) taken, Long::sum);
        sent.merge(stream, (long) taken, Long::sum);
        return taken;
    }
}
