package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.Instance;
import dev.sandgate.proxy.forward.Destination;
import dev.sandgate.proxy.process.Child;
import java.util.Optional;

/** One place for an instance: its name stays, whoever sits there comes and goes. On the context of its source. */
final class Seat {

    /** Who sits there. */
    sealed interface Sitter {}

    /**
     * Nobody.
     *
     * @param untilNanos nobody may be started here before
     */
    record Nobody(long untilNanos) implements Sitter {}

    /** One on its way. */
    record Starting(InstanceStart start) implements Sitter {}

    /** One that takes requests. */
    record Serving(Child child, Instance instance, Destination destination, long sinceNanos) implements Sitter {}

    /** One that is being ended. */
    record Leaving(Child child) implements Sitter {}

    final String id;
    final Backoff deaths = new Backoff();
    Sitter sitter;
    private long uses;
    private long unusedSince;

    Seat(String id, long nowNanos) {
        this.id = id;
        this.sitter = new Nobody(nowNanos);
    }

    void sits(Serving serving) {
        sitter = serving;
        uses = 0;
        unusedSince = serving.sinceNanos();
    }

    Optional<Serving> serving() {
        return sitter instanceof Serving serving ? Optional.of(serving) : Optional.empty();
    }

    boolean isFree(long nowNanos) {
        return sitter instanceof Nobody nobody && nowNanos - nobody.untilNanos() >= 0;
    }

    /** How long nobody used it, as far as two looks in a row can tell; in nanoseconds. */
    long unusedFor(Serving serving, int slotsUsed, long nowNanos) {
        long usesByNow = serving.destination().uses();
        if (slotsUsed > 0 || usesByNow != uses || serving.destination().isUsed()) {
            uses = usesByNow;
            unusedSince = nowNanos;
        }
        return nowNanos - unusedSince;
    }
}
