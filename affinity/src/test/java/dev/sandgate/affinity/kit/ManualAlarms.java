package dev.sandgate.affinity.kit;

import dev.sandgate.affinity.AlarmClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Alarms that ring when a {@link ManualClock} is told to go on, in their order. For one thread. */
public final class ManualAlarms implements AlarmClock {

    /** Not a record: two that ring at the same time are two. */
    private static final class Entry {
        final long at;
        final Runnable ring;

        Entry(long at, Runnable ring) {
            this.at = at;
            this.ring = ring;
        }
    }

    private final ManualClock clock;
    private final Set<Entry> set = new LinkedHashSet<>();

    public ManualAlarms(ManualClock clock) {
        this.clock = clock;
    }

    @Override
    public Alarm after(Duration delay, Runnable ring) {
        Entry entry = new Entry(clock.getAsLong() + delay.toNanos(), ring);
        set.add(entry);
        return () -> set.remove(entry);
    }

    public void advance(Duration by) {
        long end = clock.getAsLong() + by.toNanos();
        Optional<Entry> next = nextUntil(end);
        while (next.isPresent()) {
            Entry entry = next.get();
            set.remove(entry);
            clock.advance(Duration.ofNanos(entry.at - clock.getAsLong()));
            entry.ring.run();
            next = nextUntil(end);
        }
        clock.advance(Duration.ofNanos(end - clock.getAsLong()));
    }

    public int set() {
        return set.size();
    }

    private Optional<Entry> nextUntil(long end) {
        return set.stream().filter(it -> it.at - end <= 0).min(Comparator.comparingLong(it -> it.at - end));
    }
}
