package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.conf.PoolConfig.Outage;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a node does by itself for one pool while the table is away: it serves sessions by what their clients carry, and
 * opens new ones where the pool's rule lets it. Guarded by the pool's lock; no I/O.
 */
final class Interim {

    final Tally tally;
    private final RedisPool pool;
    private final History history;
    private final Deaths deaths;

    Interim(RedisPool pool, History history, Deaths deaths) {
        this.tally = new Tally(pool.sessions, pool.fleet);
        this.pool = pool;
        this.history = history;
        this.deaths = deaths;
    }

    /** A session that its client's seal tells, where this node may serve it; see {@link AffinityTable#vouched}. */
    Placement vouched(SessionKey key, String name, Vouch vouch) {
        SessionEntry told = entry(key, name, vouch);
        Optional<NearFleet.Row> home = home(told);
        if (home.isEmpty() || !mayServe(told)) {
            return RedisPool.AWAY;
        }
        RedisSession known = pool.sessions.named(name);
        long knownLife = known == null ? 0 : known.generation();
        boolean fits = knownLife == told.generation() || tally.hasRoom(home.get(), told);
        if (knownLife > told.generation() || !fits) {
            return RedisPool.AWAY;
        }
        RedisSession session = promised(told.at(home.get().life()), home.get());
        if (history.isHeld(pool.clock.getAsLong())
                && told.generation() / 1_000 < history.told().epoch()) {
            tally.revive(session);
        }
        return session.kept;
    }

    /**
     * A session that its client's seal tells and that the table does not know, though it would remember its end: nobody
     * told it yet. Empty where this node may not serve it.
     */
    Optional<RedisSession> untold(SessionKey key, String name, Vouch vouch) {
        SessionEntry told = entry(key, name, vouch);
        Optional<NearFleet.Row> home = home(told);
        long tableNow = pool.time.millis(pool.clock.getAsLong()).orElse(Long.MAX_VALUE);
        RedisSession known = pool.sessions.named(name);
        boolean remembered = tableNow < vouch.generation() / 1_000 + pool.leases.remember();
        boolean newer = known != null && known.generation() > told.generation();
        if (home.isEmpty() || !mayServe(told) || !remembered || newer) {
            return Optional.empty();
        }
        RedisSession session = promised(told.at(home.get().life()), home.get());
        tally.revive(session);
        return Optional.of(session);
    }

    private static SessionEntry entry(SessionKey key, String name, Vouch vouch) {
        return new SessionEntry(key, name, vouch.instance(), "", vouch.generation(), vouch.bornAt(), Lease.USE, "");
    }

    /** The instance's life that an entry is of, where that is the current one. */
    private Optional<NearFleet.Row> home(SessionEntry told) {
        return pool.fleet
                .row(Words.of(told.instance().id()))
                .filter(row -> row.member().instance().equals(told.instance()))
                .filter(row -> row.member().state() != Member.State.GONE)
                // the same incarnation that was given up and came back has another life, which begins empty
                .filter(row -> Long.parseLong(row.life()) < told.generation());
    }

    private boolean mayServe(SessionEntry told) {
        long now = pool.clock.getAsLong();
        OptionalLong tableNow = pool.time.millis(now);
        return tableNow.isPresent()
                && pool.tether.serves(now)
                && tableNow.getAsLong() < told.bornAt() + pool.leases.whole()
                && !pool.suspicions.isInDoubt(told.instance(), now)
                && deaths.why(told.name(), told.generation()).isEmpty();
    }

    private RedisSession promised(SessionEntry told, NearFleet.Row home) {
        long now = pool.clock.getAsLong();
        RedisSession before = pool.sessions.named(told.name());
        if (before == null || before.generation() < told.generation()) {
            tally.letIn(home, told.generation());
        }
        RedisSession session = pool.sessions.take(told, made -> new RedisSession(made, pool, Known.KEPT));
        session.promise(now, pool.time.millis(now).orElseThrow());
        session.share();
        return session;
    }

    /** See {@link AffinityTable#openAway}. */
    Placement openAway(SessionKey key, Opening opening) {
        long now = pool.clock.getAsLong();
        OptionalLong tableNow = pool.time.millis(now);
        boolean may = pool.config.outage() == Outage.HASH
                && tableNow.isPresent()
                && pool.tether.serves(now)
                && !history.isHeld(now);
        Optional<NearFleet.Row> home = may ? tally.choose(key.idHash(), opening.excluded()) : Optional.empty();
        return home.isEmpty() ? RedisPool.AWAY : placed(key, opening, home.get(), tableNow.getAsLong()).fresh;
    }

    private RedisSession placed(SessionKey key, Opening opening, NearFleet.Row home, long tableNow) {
        SessionEntry entry = new SessionEntry(
                key,
                pool.names.newest(key),
                home.member().instance(),
                home.life(),
                tally.generation(home, tableNow),
                tableNow,
                Lease.USE,
                Long.toHexString(opening.requestId()));
        tally.letIn(home, entry.generation());
        RedisSession session = pool.sessions.take(entry, made -> new RedisSession(made, pool, Known.FRESH));
        session.promise(pool.clock.getAsLong(), tableNow);
        tally.place(session);
        return session;
    }

    /** Moves a session that was opened here and that the table was not told of; empty where it is not such a one. */
    Optional<Placement> moveAway(RedisSession session, Opening opening) {
        if (!tally.isPlaced(session) || !session.withhold()) {
            return Optional.empty();
        }
        forgetPlaced(session);
        return Optional.of(openAway(session.key(), opening));
    }

    /** Undoes the opening of a session that the table was not told of; whether it was such a one. */
    boolean abandonAway(RedisSession session) {
        boolean mine = tally.isPlaced(session) && session.withhold();
        if (mine) {
            forgetPlaced(session);
        }
        return mine;
    }

    private void forgetPlaced(RedisSession session) {
        tally.told(session);
        tally.forgetCounts();
        pool.sessions.end(session);
    }

    /** Of what the table is to be told beside what it lost. */
    List<RedisSession> untold() {
        long now = pool.clock.getAsLong();
        return tally.untold(now, !history.isHeld(now));
    }
}
