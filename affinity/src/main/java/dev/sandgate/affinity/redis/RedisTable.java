package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Condition;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Refused;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.affinity.redis.TableFault.Reason;
import dev.sandgate.conf.PoolConfig;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The table in Redis. Safe from any thread; Futures complete on the link's event loop. Every change is one script, which
 * a request may ask for twice. Where Redis does not do it, {@code open}, {@code find}, {@code reserve} and {@code rebind}
 * answer {@link Why#TABLE_UNAVAILABLE}, everything else fails with a {@link TableFault}. A pool that no configuration
 * names is a mistake of the caller: {@link IllegalArgumentException}. The link stays its maker's to close.
 */
public final class RedisTable implements AffinityTable {

    private static final int BEAT = 10;
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final RedisLink link;
    private final SessionNames names;
    private final Clocks clocks;
    private final Moves moves;
    private final Map<String, RedisPool> pools = new HashMap<>();
    private final List<TableListener> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param pools by name
     * @param secret what hides session ids from whoever reads Redis: the same on every node, 32 bytes at least
     */
    public RedisTable(RedisLink link, Map<String, PoolConfig> pools, byte[] secret) {
        this(link, pools, new SessionNames(secret), new Clocks(System::nanoTime, () -> "", false));
    }

    RedisTable(RedisLink link, Map<String, PoolConfig> pools, SessionNames names, Clocks clocks) {
        this.link = link;
        this.names = names;
        this.clocks = clocks;
        this.moves = new Moves(this, names, clocks.nanos());
        pools.forEach((name, config) -> this.pools.put(name, new RedisPool(config, clocks, listeners)));
    }

    @Override
    public Placement peek(SessionKey key) {
        RedisSession known = pool(key.pool()).sessions.get(key);
        return known != null && known.key().ownedBy(key.principal()) && known.join() ? known.kept : Placement.Ask.TABLE;
    }

    @Override
    public Future<Placement> find(SessionKey key) {
        RedisPool pool = pool(key.pool());
        long sentAt = clocks.nanos().getAsLong();
        return placed(run(pool, Scripts.FIND, names.name(key), names.owner(key), lease(pool, key))
                .map(told -> pool.placement(key, told, sentAt, Set.of())));
    }

    @Override
    public Future<Placement> open(SessionKey key, Opening opening) {
        RedisPool pool = pool(key.pool());
        long sentAt = clocks.nanos().getAsLong();
        Wish wish = Wish.of(opening, key.idHash(), pool);
        return placed(run(
                        pool,
                        Scripts.OPEN,
                        names.name(key),
                        names.owner(key),
                        lease(pool, key),
                        wish.requestId(),
                        wish.hash(),
                        wish.excluded(),
                        wish.order())
                .map(told -> pool.placement(key, told, sentAt, opening.excluded())));
    }

    @Override
    public Future<Placement> reserve(String poolName, String principal, Opening opening) {
        RedisPool pool = pool(poolName);
        long hash = principal.isEmpty() ? opening.requestId() : SessionKey.hash(principal);
        Wish wish = Wish.of(opening, hash, pool);
        return placed(run(pool, Scripts.RESERVE, wish.requestId(), wish.hash(), wish.excluded(), wish.order())
                .map(told -> RedisPool.is(told, "held")
                        ? new Placement.Held(new Reservation(pool.instance(told, 1), opening.requestId()))
                        : pool.full(opening.excluded())));
    }

    @Override
    public Future<Boolean> extend(Reservation reservation) {
        return run(reservation, Scripts.EXTEND).map(told -> RedisPool.is(told, "yes"));
    }

    @Override
    public Future<Void> release(Reservation reservation) {
        return run(reservation, Scripts.RELEASE).mapEmpty();
    }

    @Override
    public Future<Confirmation> confirm(Reservation reservation, SessionKey key, Lease lease) {
        RedisPool pool = pool(key.pool());
        long sentAt = clocks.nanos().getAsLong();
        return run(
                        pool,
                        Scripts.CONFIRM,
                        Long.toHexString(reservation.requestId()),
                        Words.of(reservation.instance().id()),
                        Words.identity(reservation.instance()),
                        names.name(key),
                        names.owner(key))
                .map(told -> {
                    if (RedisPool.is(told, "taken")) {
                        return new Confirmation.TakenBy(pool.instance(told, 1));
                    }
                    return RedisPool.is(told, "lapsed")
                            ? Confirmation.Lost.LAPSED
                            : new Confirmation.Bound(pool.session(key, told, sentAt));
                });
    }

    @Override
    public void touch(Binding binding) {
        if (binding instanceof RedisSession session) {
            session.touch();
        }
    }

    @Override
    public Future<Placement> rebind(Binding binding, Opening opening) {
        return placed(moves.rebind(pool(binding.key().pool()), binding, opening));
    }

    @Override
    public Future<Void> abandon(Binding binding, long requestId) {
        return moves.abandon(pool(binding.key().pool()), binding, requestId);
    }

    @Override
    public Future<Boolean> end(SessionKey key, long generation) {
        RedisPool pool = pool(key.pool());
        RedisSession known = pool.sessions.get(key);
        String untold = "" + (known == null ? 0 : known.untoldLease());
        return run(pool, Scripts.END, names.name(key), names.owner(key), "" + generation, untold)
                .map(told -> RedisPool.is(told, "yes"));
    }

    @Override
    public Future<List<Binding>> list(String poolName, long after, int limit) {
        RedisPool pool = pool(poolName);
        if (limit < 1 || limit > 1_000) {
            return Future.failedFuture(new IllegalArgumentException("limit " + limit + " (expected: 1 to 1000)"));
        }
        long sentAt = clocks.nanos().getAsLong();
        return run(pool, Scripts.LIST, "" + after, "" + limit).map(told -> {
            List<Binding> page = new ArrayList<>();
            told.forEach(each -> page.add(pool.listed(each, sentAt)));
            return page;
        });
    }

    @Override
    public Future<Void> report(Report report) {
        String[] args = Words.report(report).toArray(String[]::new);
        return run(pool(report.instance().pool()), Scripts.REPORT, args).mapEmpty();
    }

    /** As of the table's last answer; what other nodes did since is seen at the next beat. */
    @Override
    public Fleet instances(String poolName) {
        return pool(poolName).fleet.fleet();
    }

    @Override
    public int sessions(String poolName) {
        RedisPool pool = pool(poolName);
        return pool.fleet.used() - pool.fleet.reservations();
    }

    @Override
    public int reservations(String poolName) {
        return pool(poolName).fleet.reservations();
    }

    @Override
    public Shelf shelf(String kind) {
        return new RedisShelf(link, kind);
    }

    @Override
    public void subscribe(TableListener listener) {
        listeners.add(listener);
    }

    @Override
    public Condition condition() {
        return Condition.WELL;
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> beat() {
        List<Future<Void>> all = new ArrayList<>();
        Touches uses = new Touches(this, clocks.nanos());
        for (RedisPool pool : pools.values()) {
            all.add(uses.tell(pool)
                    .compose(told -> sweep(pool, BEAT))
                    .onSuccess(swept -> pool.sessions.forgetStale(clocks.nanos().getAsLong())));
        }
        return Future.join(all).mapEmpty();
    }

    /** How many sessions this node remembers. */
    int known(String poolName) {
        return pool(poolName).sessions.all().size();
    }

    /** The part of a {@link #beat} that tells of uses. */
    Future<Void> tellUses() {
        Touches uses = new Touches(this, clocks.nanos());
        return Future.join(pools.values().stream().map(uses::tell).toList()).mapEmpty();
    }

    Future<Response> run(RedisPool pool, Script script, String... args) {
        return link.run(script, pool.keys, args(pool, args)).map(pool::take);
    }

    private Future<Void> sweep(RedisPool pool, int turns) {
        return link.run(Scripts.BEAT, pool.keys, args(pool))
                .map(pool::takeWhole)
                .compose(told ->
                        RedisPool.is(told, "yes") && turns > 1 ? sweep(pool, turns - 1) : Future.succeededFuture());
    }

    private Future<Response> run(Reservation reservation, Script script) {
        return run(
                pool(reservation.instance().pool()),
                script,
                Long.toHexString(reservation.requestId()),
                Words.of(reservation.instance().id()),
                Words.identity(reservation.instance()));
    }

    private List<String> args(RedisPool pool, String... args) {
        List<String> all = new ArrayList<>(2 + pool.policy.size() + args.length);
        all.add(pool.prefix());
        all.add(clocks.table().get());
        all.addAll(pool.policy);
        all.addAll(List.of(args));
        return all;
    }

    /** For how long a hit prolongs the session, in ms: as far as this node knows how it is used. */
    static String lease(RedisPool pool, SessionKey key) {
        RedisSession known = pool.sessions.get(key);
        return "" + (known == null ? pool.leases.unused() : known.lease());
    }

    private static Future<Placement> placed(Future<Placement> asked) {
        return asked.recover(error -> error instanceof TableFault fault && fault.reason() != Reason.BUG
                ? Future.succeededFuture(new Refused(Why.TABLE_UNAVAILABLE, ASK_AGAIN))
                : Future.failedFuture(error));
    }

    private RedisPool pool(String name) {
        RedisPool found = pools.get(name);
        if (found == null) {
            throw new IllegalArgumentException("pool \"" + name + "\" (expected: one of " + pools.keySet() + ")");
        }
        return found;
    }
}
