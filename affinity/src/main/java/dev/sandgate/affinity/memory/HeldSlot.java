package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Reservation;
import java.time.Duration;

/** A reservation and its lease. Guarded by the pool's lock. */
final class HeldSlot extends Due {

    static final Duration LEASE = Duration.ofSeconds(15);

    final Reservation reservation;
    final InstanceState home;
    private long leasedUntil;

    HeldSlot(InstanceState home, long requestId, long now) {
        this.reservation = new Reservation(home.instance(), requestId, LEASE);
        this.home = home;
        this.leasedUntil = now + LEASE.toNanos();
    }

    void renew(long now) {
        leasedUntil = now + LEASE.toNanos();
    }

    long leasedUntil() {
        return leasedUntil;
    }

    boolean lapsed(long now) {
        return now - leasedUntil >= 0;
    }
}
