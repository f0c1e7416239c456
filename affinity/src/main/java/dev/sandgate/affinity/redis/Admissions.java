package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a request gets its instance: it finds its session there, opens one, or holds a slot. Any thread. */
final class Admissions {

    private final Calls calls;
    private final SessionNames names;
    private final Undo undo;

    Admissions(Calls calls, SessionNames names, Undo undo) {
        this.calls = calls;
        this.names = names;
        this.undo = undo;
    }

    Future<Placement> find(RedisPool pool, SessionKey key) {
        Future<Placement> found = calls.run(
                pool,
                Scripts.FIND,
                told -> pool.reader.placement(key, told, Set.of()),
                names.name(key),
                names.owner(key),
                pool.lease(key));
        return placed(found, () -> pool.known(key));
    }

    Future<Placement> open(RedisPool pool, SessionKey key, Opening opening) {
        Wish wish = Wish.of(opening, key.idHash(), pool);
        String name = names.name(key);
        Future<Placement> opened = admit(
                wish,
                () -> calls.run(
                        pool,
                        Scripts.OPEN,
                        told -> pool.reader.placement(key, told, opening.excluded()),
                        name,
                        names.owner(key),
                        pool.lease(key),
                        wish.requestId(),
                        wish.hash(),
                        wish.excluded(),
                        wish.order(),
                        "" + pool.lastShared(name)));
        return placed(
                opened.onFailure(error -> {
                    RedisSession given = pool.sessions.get(key);
                    // What an earlier answer gave to the same wish is in use by now.
                    if (given == null || !given.entry().opener().equals(wish.requestId())) {
                        undo.opened(pool, error, wish.requestId(), name);
                    }
                }),
                () -> pool.known(key));
    }

    Future<Placement> reserve(RedisPool pool, String principal, Opening opening) {
        long hash = principal.isEmpty() ? opening.requestId() : SessionKey.hash(principal);
        Wish wish = Wish.of(opening, hash, pool);
        Duration lease = Duration.ofMillis(calls.times().reservation());
        Future<Placement> held = admit(
                wish,
                () -> calls.run(
                        pool,
                        Scripts.RESERVE,
                        told -> told.is("held")
                                ? new Placement.Held(
                                        new Reservation(pool.reader.instance(told, 1), opening.requestId(), lease))
                                : pool.reader.full(opening.excluded()),
                        wish.requestId(),
                        wish.hash(),
                        wish.excluded(),
                        wish.order()));
        return placed(held.onFailure(error -> undo.opened(pool, error, wish.requestId(), "")));
    }

    /** A wish that is asked for again is not taken back while it is, nor after it was granted. */
    private Future<Placement> admit(Wish wish, Supplier<Future<Placement>> ask) {
        if (undo.isTakingBack(wish.requestId())) {
            return Future.succeededFuture(RedisPool.AWAY);
        }
        Optional<Undo.Doubt> lifted = undo.lift(wish.requestId());
        return ask.get().onSuccess(placement -> {
            if (placement instanceof Refused) {
                lifted.ifPresent(undo::restore);
            }
        });
    }

    /** Where Redis does not answer, it is away. */
    Future<Placement> placed(Future<Placement> asked) {
        return placed(asked, () -> null);
    }

    /** The same, but what it acknowledged before of this session holds. */
    private static Future<Placement> placed(Future<Placement> asked, Supplier<@Nullable RedisSession> session) {
        return asked.recover(error -> {
            if (!(error instanceof TableFault fault) || fault.reason() == Reason.BUG) {
                return Future.failedFuture(error);
            }
            RedisSession known = session.get();
            return Future.succeededFuture(known != null && known.join(true) ? known.kept : RedisPool.AWAY);
        });
    }
}
