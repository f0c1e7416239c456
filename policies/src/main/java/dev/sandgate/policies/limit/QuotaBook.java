package dev.sandgate.policies.limit;

import dev.sandgate.affinity.SessionKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose sessions live, and which requests may open more. That a session is over may be told before the request that opened
 * it is: it is remembered while a request is under way that began before. Any thread.
 */
final class QuotaBook {

    /** Ends remembered; only while so many come during one request may one be forgotten. */
    private static final int MOST_ENDS = 100_000;

    private final Counts counts;
    private final Set<Opening> openings = new LinkedHashSet<>();
    private final Map<SessionKey, Object> living = new HashMap<>();
    private final Map<SessionKey, Long> ends = new LinkedHashMap<>();
    private long moment;

    /** @param max sessions of each key */
    QuotaBook(int max) {
        this.counts = new Counts(max);
    }

    /** A request that may open a session of this key. Once in one book. */
    static class Opening {

        private final Object key;
        private long began;

        Opening(Object key) {
            this.key = key;
        }
    }

    /** False: there are enough. */
    synchronized boolean enter(Opening opening) {
        if (!counts.enter(opening.key)) {
            return false;
        }
        opening.began = moment++;
        openings.add(opening);
        return true;
    }

    /** It opened none. */
    synchronized void leave(Opening opening) {
        finish(opening);
        counts.leave(opening.key);
    }

    /** It opened this one. */
    synchronized void keep(Opening opening, SessionKey session) {
        Long over = ends.get(session);
        finish(opening);
        boolean ended = over != null && over > opening.began;
        // one session is one, however many requests say that they opened it
        if (ended || living.putIfAbsent(session, opening.key) != null) {
            counts.leave(opening.key);
        }
    }

    /** This session is over; whether it is known here, and how often it is told, does not matter. */
    synchronized void over(SessionKey session) {
        @Nullable Object key = living.remove(session);
        if (key != null) {
            counts.leave(key);
        }
        if (!openings.isEmpty()) {
            // the latest word comes last
            ends.remove(session);
            ends.put(session, moment++);
            forget();
        }
    }

    private void finish(Opening opening) {
        openings.remove(opening);
        forget();
    }

    /** What happened before any request that is still under way began, or is too much. */
    private void forget() {
        Iterator<Opening> oldest = openings.iterator();
        long since = oldest.hasNext() ? oldest.next().began : Long.MAX_VALUE;
        Iterator<Long> moments = ends.values().iterator();
        while (moments.hasNext() && (moments.next() < since || ends.size() > MOST_ENDS)) {
            moments.remove();
        }
    }

    /** All that is remembered: keys, requests, sessions and ends. */
    synchronized int size() {
        return counts.keys() + openings.size() + living.size() + ends.size();
    }
}
