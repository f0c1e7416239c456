package dev.sandgate.proxy.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** Things as they happened, and a way to wait for one. Any thread. */
final class Journal<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final List<T> entries = new ArrayList<>();

    void add(T entry) {
        lock.lock();
        try {
            entries.add(entry);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void clear() {
        lock.lock();
        try {
            entries.clear();
        } finally {
            lock.unlock();
        }
    }

    List<T> all() {
        lock.lock();
        try {
            return List.copyOf(entries);
        } finally {
            lock.unlock();
        }
    }

    /** The first entry that fits, past or coming. */
    T await(Predicate<? super T> fits, String what) {
        long left = Await.PATIENCE.toNanos();
        lock.lock();
        try {
            while (true) {
                Optional<T> found = entries.stream().filter(fits).findFirst();
                if (found.isPresent()) {
                    return found.get();
                }
                if (left <= 0) {
                    throw new AssertionError("no " + what + " came; there were " + entries);
                }
                left = grown.awaitNanos(left);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(
                    "interrupted after " + TimeUnit.NANOSECONDS.toMillis(Await.PATIENCE.toNanos() - left) + " ms",
                    stopped);
        } finally {
            lock.unlock();
        }
    }
}
