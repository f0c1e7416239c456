package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Reservation;
import java.util.concurrent.TimeUnit;

/** A reservation and its lease. Guarded by the pool's lock. */
final class HeldSlot extends Due {

    static final long LEASE_NANOS = TimeUnit.SECONDS.toNanos(15);

    final Reservation reservation;
    final InstanceState home;
    private long leasedUntil;

    HeldSlot(InstanceState home, long requestId, long now) {
        this.reservation = new Reservation(home.instance(), requestId);
        this.home = home;
        this.leasedUntil = now + LEASE_NANOS;
    }

    void renew(long now) {
        leasedUntil = now + LEASE_NANOS;
    }

    long leasedUntil() {
        return leasedUntil;
    }

    boolean lapsed(long now) {
        return now - leasedUntil >= 0;
    }
}
