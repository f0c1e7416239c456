package dev.sandgate.affinity.redis;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes as fast as its events are done, and whatever happens in it, one event after the other. All chance
 * comes from one seed, so a seed happens the same way again. For one thread. Times are in milliseconds.
 */
final class World {

    private static final int REMEMBERED = 250;
    /** Whether everything is printed that happens, for one seed's replay. */
    private static final boolean TRACED = Boolean.getBoolean("fleet.trace");

    private record Event(long at, long number, Runnable what) {}

    final Random random;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
    private final Deque<String> history = new ArrayDeque<>();
    private final long begin = TimeUnit.DAYS.toNanos(20_000);
    private long nanos = begin;
    private long numbers;
    private @Nullable String violation;

    World(Random random) {
        this.random = random;
    }

    /** A clock that only goes forward, in ns. */
    long nanos() {
        return nanos;
    }

    /** Since the beginning. */
    double now() {
        return (nanos - begin) / 1e6;
    }

    void after(double millis, Runnable what) {
        events.add(new Event(nanos + (long) (millis * 1e6), ++numbers, what));
    }

    /** Lets time pass until then. */
    void runUntil(double millis) {
        long end = begin + (long) (millis * 1e6);
        while (!events.isEmpty() && events.element().at() <= end) {
            Event event = events.remove();
            nanos = event.at();
            event.what().run();
            if (violation != null) {
                throw new AssertionError(violation + "\n" + String.join("\n", history));
            }
        }
        nanos = end;
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    double between(double least, double most) {
        return least + random.nextDouble() * (most - least);
    }

    /** Remembers what happened, to be told with a violation. */
    void note(String what, Object... with) {
        String line = String.format(Locale.ROOT, "%9.3f ", now()) + String.format(Locale.ROOT, what, with);
        history.add(line);
        if (TRACED) {
            System.out.println(line);
        }
        if (history.size() > REMEMBERED) {
            history.remove();
        }
    }

    /** Something happened that must not: the run fails when the event is done, whoever catches what it throws. */
    void violated(String rule, String how) {
        if (violation == null) {
            note("VIOLATION %s: %s", rule, how);
            violation = rule + ": " + how;
        }
    }
}
