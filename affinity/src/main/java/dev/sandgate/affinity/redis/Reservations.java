package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import io.vertx.core.Future;

/** What becomes of a slot that is held: it is held on, given back, or a session's. Any thread. */
final class Reservations {

    private final Calls calls;
    private final SessionNames names;
    private final Undo undo;

    Reservations(Calls calls, SessionNames names, Undo undo) {
        this.calls = calls;
        this.names = names;
        this.undo = undo;
    }

    Future<Boolean> extend(RedisPool pool, Reservation reservation) {
        return run(pool, reservation, Scripts.EXTEND).map(told -> told.is("yes"));
    }

    Future<Void> release(RedisPool pool, Reservation reservation) {
        return run(pool, reservation, Scripts.RELEASE)
                .onFailure(error -> undo.opened(pool, error, Long.toHexString(reservation.requestId()), ""))
                .mapEmpty();
    }

    private Future<Told> run(RedisPool pool, Reservation reservation, Script script) {
        return calls.run(
                pool,
                script,
                told -> told,
                Long.toHexString(reservation.requestId()),
                Words.of(reservation.instance().id()),
                Words.identity(reservation.instance()));
    }

    Future<Confirmation> confirm(RedisPool pool, Reservation reservation, SessionKey key, Lease lease) {
        String requestId = Long.toHexString(reservation.requestId());
        return calls.run(
                        pool,
                        Scripts.CONFIRM,
                        told -> confirmation(pool, key, told),
                        requestId,
                        Words.of(reservation.instance().id()),
                        Words.identity(reservation.instance()),
                        names.name(key),
                        names.owner(key),
                        lease.name())
                .onFailure(error -> undo.confirmed(pool, error, requestId, names.name(key)));
    }

    private static Confirmation confirmation(RedisPool pool, SessionKey key, Told told) {
        if (told.is("taken")) {
            return new Confirmation.TakenBy(pool.reader.instance(told, 1));
        }
        RedisSession bound = told.is("lapsed") ? null : pool.reader.session(key, told);
        return bound == null ? Confirmation.Lost.LAPSED : new Confirmation.Bound(bound);
    }
}
