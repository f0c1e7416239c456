package dev.sandgate.bench.sandbox;

import dev.sandgate.bench.sandbox.mcp.Room;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The state that a sandbox holds: a count for each session. Any thread. */
final class Sessions implements Room {

    /**
     * One session at the moment of a request.
     *
     * @param count the requests that carried its id, this one too
     * @param incarnation of the sandbox that holds it, where it is told
     */
    record Session(String id, long count, Optional<String> incarnation) {}

    private final int max;
    private final SandboxLog log;
    private final Map<String, Long> counts = new HashMap<>();
    private int highest;

    /**
     * Without any session.
     *
     * @param max how many sessions there is room for; 0: any number
     */
    Sessions(int max, SandboxLog log) {
        this.max = max;
        this.log = log;
    }

    /** Counts a request, and opens its session where it is the first; empty: there is no room for another session. */
    synchronized Optional<Session> visit(String id) {
        Long before = counts.get(id);
        if (before == null && !open(id)) {
            return Optional.empty();
        }
        long count = before == null ? 1 : before + 1;
        counts.put(id, count);
        log.used(id, count);
        return Optional.of(new Session(id, count, incarnation()));
    }

    @Override
    public synchronized boolean open(String id) {
        if (counts.containsKey(id) || (max > 0 && counts.size() >= max)) {
            return false;
        }
        counts.put(id, 0L);
        highest = Math.max(highest, counts.size());
        log.opened(id);
        return true;
    }

    @Override
    public Optional<String> incarnation() {
        return log.told();
    }

    @Override
    public OptionalLong count(String id) {
        return visit(id).stream().mapToLong(Session::count).findFirst();
    }

    @Override
    public synchronized boolean end(String id) {
        if (counts.remove(id) == null) {
            return false;
        }
        log.ended(id);
        return true;
    }

    /** What is written down from here on is lost. */
    synchronized void close() {
        log.close();
    }

    synchronized int held() {
        return counts.size();
    }

    synchronized int highest() {
        return highest;
    }

    synchronized Set<String> ids() {
        return Set.copyOf(counts.keySet());
    }
}
