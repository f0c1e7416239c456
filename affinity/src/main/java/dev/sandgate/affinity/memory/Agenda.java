package dev.sandgate.affinity.memory;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool must look at, earliest first: a binary heap whose entries know their place, so that one can leave from the
 * middle. A use of a session does not move it here; it is looked at when it might have lapsed, and put back if it has
 * not. Guarded by the pool's lock. Times may be negative and wrap: only differences are compared.
 */
final class Agenda {

    private final List<Due> heap = new ArrayList<>();

    /** Enters it, or moves it where it was entered before. */
    void put(Due due, long at) {
        remove(due);
        due.dueAt = at;
        heap.add(due);
        rise(due, heap.size() - 1);
    }

    void remove(Due due) {
        int hole = due.place;
        if (hole < 0) {
            return;
        }
        due.place = -1;
        Due last = heap.remove(heap.size() - 1);
        if (last != due) {
            sink(last, hole);
            rise(last, last.place);
        }
    }

    /** Takes out the earliest that is due by now. */
    @Nullable Due poll(long now) {
        if (heap.isEmpty() || now - heap.get(0).dueAt < 0) {
            return null;
        }
        Due first = heap.get(0);
        remove(first);
        return first;
    }

    int size() {
        return heap.size();
    }

    private void rise(Due due, int from) {
        int at = from;
        while (at > 0) {
            Due parent = heap.get((at - 1) / 2);
            if (due.dueAt - parent.dueAt >= 0) {
                break;
            }
            set(at, parent);
            at = (at - 1) / 2;
        }
        set(at, due);
    }

    private void sink(Due due, int from) {
        int at = from;
        for (int child = 2 * at + 1; child < heap.size(); child = 2 * at + 1) {
            int right = child + 1;
            if (right < heap.size() && heap.get(right).dueAt - heap.get(child).dueAt < 0) {
                child = right;
            }
            if (heap.get(child).dueAt - due.dueAt >= 0) {
                break;
            }
            set(at, heap.get(child));
            at = child;
        }
        set(at, due);
    }

    private void set(int at, Due due) {
        heap.set(at, due);
        due.place = at;
    }
}
