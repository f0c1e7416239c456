package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf.Item;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells which orders are free: those that nobody holds, and those whose record has stood still for a lease's length. That is
 * measured by this node's own steady clock alone, from when it first saw the record so: no node trusts another's clock. Not
 * safe: one thread.
 */
final class LeaseWatch {

    private record Sight(String holder, long version, long sinceNanos) {}

    private final Map<String, Sight> sights = new HashMap<>();
    private final long leaseNanos;
    private final LongSupplier nanos;

    /** @param nanos a steady clock */
    LeaseWatch(Duration lease, LongSupplier nanos) {
        this.leaseNanos = lease.toNanos();
        this.nanos = nanos;
    }

    /** Whether the order of this name may be taken. */
    boolean isFree(String name, Item item, OrderRecord record) {
        Optional<String> holder = record.holder();
        if (holder.isEmpty()) {
            sights.remove(name);
            return true;
        }
        Sight sight = sights.get(name);
        long now = nanos.getAsLong();
        if (sight == null
                || sight.version() != item.version()
                || !sight.holder().equals(holder.get())) {
            sights.put(name, new Sight(holder.get(), item.version(), now));
            return false;
        }
        return now - sight.sinceNanos() >= leaseNanos;
    }
}
