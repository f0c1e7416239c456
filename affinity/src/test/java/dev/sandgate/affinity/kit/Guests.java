package dev.sandgate.affinity.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.Instance;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The instances' own count of whom they hold: a guest is counted after the table said yes, and struck out before the
 * table is asked to free its slot. So the count is never above the truth, and above the cap only if the table erred.
 */
public final class Guests {

    private final int cap;
    private final Map<Instance, AtomicInteger> holding = new ConcurrentHashMap<>();
    /** Guests (bindings, reservations): true while they are counted, false once they left. */
    private final Map<Object, Boolean> guests = new ConcurrentHashMap<>();

    private final AtomicInteger peak = new AtomicInteger();

    public Guests(int cap) {
        this.cap = cap;
    }

    /** Counts it, unless somebody sent it away already. */
    public void came(Object guest, Instance instance) {
        guests.computeIfAbsent(guest, any -> {
            int now = count(instance).incrementAndGet();
            peak.accumulateAndGet(now, Math::max);
            assertThat(now).as("held by %s", instance.id()).isLessThanOrEqualTo(cap);
            return true;
        });
    }

    /** Strikes it out, once. */
    public void leaves(Object guest, Instance instance) {
        guests.compute(guest, (any, counted) -> {
            if (Boolean.TRUE.equals(counted)) {
                count(instance).decrementAndGet();
            }
            return false;
        });
    }

    public int peak() {
        return peak.get();
    }

    public int holding(Instance instance) {
        return count(instance).get();
    }

    private AtomicInteger count(Instance instance) {
        return holding.computeIfAbsent(instance, any -> new AtomicInteger());
    }
}
