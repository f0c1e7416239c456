package dev.sandgate.bench.sandbox.mcp;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counts what becomes {@link McpSeen}. Any thread. */
final class Tally {

    private static final int IDS_KEPT = 50_000;

    private final Map<String, Long> requests = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > IDS_KEPT;
        }
    };
    private int held;
    private int highest;
    private int streams;
    private long deletes;
    private long strays;

    synchronized void opened(String id) {
        held++;
        highest = Math.max(highest, held);
        requests.putIfAbsent(id, 0L);
    }

    synchronized void ended() {
        held--;
    }

    synchronized void asked(String id) {
        requests.merge(id, 1L, Long::sum);
    }

    synchronized void stray() {
        strays++;
    }

    synchronized void delete() {
        deletes++;
    }

    synchronized void streamOpened() {
        streams++;
    }

    synchronized void streamClosed() {
        streams--;
    }

    synchronized McpSeen seen() {
        return new McpSeen(held, highest, streams, deletes, strays, requests);
    }
}
