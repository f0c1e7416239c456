package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.SessionKey;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an opener may do with a session that nobody else knows: move it, or undo it. Requests that this node lets in
 * without asking are unknown to the table, so while it is asked, nobody is let in.
 */
final class Moves {

    private final Calls calls;
    private final SessionNames names;

    Moves(Calls calls, SessionNames names) {
        this.calls = calls;
        this.names = names;
    }

    Future<Placement> rebind(RedisPool pool, Binding binding, Opening opening) {
        SessionKey key = binding.key();
        Wish wish = Wish.of(opening, key.idHash(), pool);
        RedisSession known = pool.sessions.get(key);
        Optional<Placement> away =
                known == null ? Optional.empty() : pool.interim(interim -> interim.moveAway(known, opening));
        if (away.isPresent()) {
            return Future.succeededFuture(away.get());
        }
        boolean alone = known == null || known.withhold();
        Future<Placement> moved = calls.run(
                pool,
                Scripts.REBIND,
                told -> pool.reader.placement(key, told, opening.excluded()),
                names.name(key),
                names.owner(key),
                pool.lease(key),
                "" + binding.generation(),
                wish.requestId(),
                wish.hash(),
                wish.excluded(),
                wish.order(),
                alone ? "1" : "0",
                "" + pool.lastShared(names.name(key)));
        return settle(moved, alone ? known : null);
    }

    Future<Void> abandon(RedisPool pool, Binding binding, long requestId) {
        SessionKey key = binding.key();
        RedisSession known = pool.sessions.get(key);
        if (known != null && (pool.interim(interim -> interim.abandonAway(known)) || !known.withhold())) {
            return Future.succeededFuture();
        }
        Future<Boolean> undone = calls.run(
                pool,
                Scripts.ABANDON,
                told -> told.is("yes"),
                names.name(key),
                "" + binding.generation(),
                Long.toHexString(requestId));
        return settle(undone, known)
                .onSuccess(done -> {
                    if (done && known != null) {
                        pool.undone(known);
                    }
                })
                .mapEmpty();
    }

    /**
     * Ends the withholding. Where the table did not answer, nobody knows whether the session moved: it is not used here
     * again before the table was asked.
     */
    private static <T> Future<T> settle(Future<T> asked, @Nullable RedisSession withheld) {
        return withheld == null
                ? asked
                : asked.onSuccess(answered -> withheld.restore()).onFailure(unknown -> withheld.distrust());
    }
}
