package dev.sandgate.policies.limit;

import java.util.concurrent.ConcurrentHashMap;

/** How many there are now of each key. Knows only keys of which there are any. Any thread. */
final class Counts {

    private final int max;
    private final ConcurrentHashMap<Object, Integer> held = new ConcurrentHashMap<>();

    /** @param max of each key; 0: any number, and nothing is counted */
    Counts(int max) {
        this.max = max;
    }

    /** One more; false: there are as many as there may be. */
    boolean enter(Object key) {
        if (max == 0) {
            return true;
        }
        while (true) {
            Integer now = held.putIfAbsent(key, 1);
            if (now == null) {
                return true;
            } else if (now >= max) {
                return false;
            } else if (held.replace(key, now, now + 1)) {
                return true;
            }
        }
    }

    /** One less, of those that came in. */
    void leave(Object key) {
        if (max == 0) {
            return;
        }
        while (true) {
            Integer now = held.get(key);
            if (now == null) {
                throw new IllegalStateException("more left than came");
            } else if (now == 1 ? held.remove(key, now) : held.replace(key, now, now - 1)) {
                return;
            }
        }
    }

    /** Keys of which there are any. */
    int keys() {
        return held.size();
    }
}
