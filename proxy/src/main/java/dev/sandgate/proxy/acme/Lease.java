package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The right to order for one name, held by compare and set on its {@link OrderRecord}. Whoever holds it moves the record on
 * while it works; once that stood still for long, another takes it. One thread, which may wait.
 */
final class Lease {

    private final Shelf shelf;
    private final String name;
    private final OrderRecord held;
    private final Beat beat;
    private long version;
    private long movedNanos;

    /** How often the record is moved on, by a steady clock. */
    record Beat(Duration every, LongSupplier nanos) {}

    private Lease(Shelf shelf, String name, OrderRecord held, long version, Beat beat) {
        this.shelf = shelf;
        this.name = name;
        this.held = held;
        this.version = version;
        this.beat = beat;
        this.movedNanos = beat.nanos().getAsLong();
    }

    /**
     * Takes it, unless somebody else was faster.
     *
     * @param seen the record that says that it is free; null: there is none
     * @param holder told once in the life of all nodes
     */
    static Optional<Lease> take(Shelf shelf, String name, @Nullable Item seen, String holder, Beat beat) {
        long version = seen == null ? 0 : seen.version();
        OrderRecord held = (seen == null ? OrderRecord.NONE : OrderRecord.read(seen)).heldBy(holder);
        boolean taken = Waiting.on(shelf.put(name, held.written(), version));
        return taken ? Optional.of(new Lease(shelf, name, held, version + 1, beat)) : Optional.empty();
    }

    /** Moves the record on where that is due; {@link Stopped} if somebody else has it by now. */
    void keep() throws Stopped {
        if (beat.nanos().getAsLong() - movedNanos < beat.every().toNanos()) {
            return;
        }
        if (!Waiting.on(shelf.put(name, held.written(), version))) {
            throw new Stopped("another node took the order for " + name + " over");
        }
        version++;
        movedNanos = beat.nanos().getAsLong();
    }

    int failures() {
        return held.failures();
    }

    /** The order is done: nothing is left of its record. */
    void done() {
        Waiting.on(shelf.remove(name, version));
    }

    /** Nobody holds it any more; what failed before is remembered. */
    void release() {
        if (held.failures() == 0) {
            done();
        } else {
            Waiting.on(shelf.put(name, held.released().written(), version));
        }
    }

    /** The order failed; nobody tries before. */
    void failed(Instant retryAt) {
        Waiting.on(shelf.put(name, held.failed(retryAt).written(), version));
    }
}
