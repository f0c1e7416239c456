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
import dev.sandgate.affinity.Sighting;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.affinity.redis.TableFault.Reason;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The table in Redis. Safe from any thread; Futures complete on an event loop of the links. Every change is one script,
 * which a request may ask for twice. Where Redis does not do it, {@code open}, {@code find}, {@code reserve} and {@code
 * rebind} answer {@link Why#TABLE_UNAVAILABLE}, unless this node's memory can answer; everything else fails with a {@link
 * TableFault}. A pool that no configuration names is a mistake of the caller: {@link IllegalArgumentException}.
 */
public final class RedisTable implements AffinityTable {

    /** Whoever the owner is: the operator ends it. */
    private static final String ANYBODY = "*";

    private final Link links;
    private final Ground ground;
    private final SessionNames names;
    private final Moves moves;
    private final Undo undo;
    private final Retelling retelling;
    private final Beats beats;
    private final Map<String, RedisPool> pools = new LinkedHashMap<>();
    private final List<TableListener> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Presence presence;

    /**
     * One that connects as configured, and looks again and again until {@link #close}.
     *
     * @param node this node's id
     */
    public static RedisTable connect(
            Vertx vertx, TableConfig.Redis config, Map<String, PoolConfig> pools, String node) {
        RedisLinks links = new RedisLinks(vertx, config);
        Ground ground = new Ground(
                Words.of(node),
                config.prefix(),
                config.remember(),
                Times.of(config),
                new Clocks(System::nanoTime, () -> "", false));
        SessionNames names = new SessionNames(config.keys().stream()
                .map(key -> new SessionNames.Key(key.id(), key.secret()))
                .toList());
        RedisTable table = new RedisTable(links, pools, names, ground);
        table.presence = new Presence(vertx, links, config.timeout(), List.copyOf(table.pools.values()));
        return table;
    }

    RedisTable(Link links, Map<String, PoolConfig> pools, SessionNames names, Ground ground) {
        this.links = links;
        this.ground = ground;
        this.names = names;
        this.moves = new Moves(this, names);
        this.undo = new Undo(this, ground);
        this.retelling = new Retelling(this, names);
        this.beats = new Beats(this, retelling, undo, names);
        Announcer announcer = new Announcer(listeners);
        pools.forEach((name, config) -> this.pools.put(name, new RedisPool(config, ground, names, announcer)));
    }

    @Override
    public Placement peek(SessionKey key) {
        RedisSession known = known(key);
        return known != null && known.join(false) ? known.kept : Placement.Ask.TABLE;
    }

    @Override
    public Future<Placement> find(SessionKey key) {
        RedisPool pool = pool(key.pool());
        return placed(
                run(
                        pool,
                        Scripts.FIND,
                        told -> pool.placement(key, told, Set.of()),
                        names.name(key),
                        names.owner(key),
                        lease(pool, key)),
                key);
    }

    @Override
    public Future<Placement> open(SessionKey key, Opening opening) {
        RedisPool pool = pool(key.pool());
        Wish wish = Wish.of(opening, key.idHash(), pool);
        String name = names.name(key);
        Future<Placement> opened = admit(
                wish,
                () -> run(
                        pool,
                        Scripts.OPEN,
                        told -> pool.placement(key, told, opening.excluded()),
                        name,
                        names.owner(key),
                        lease(pool, key),
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
                key);
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

    @Override
    public Placement vouched(SessionKey key, Vouch vouch) {
        RedisPool pool = pool(key.pool());
        return names.marked(key, vouch.mark())
                .map(name -> pool.interim(interim -> interim.vouched(key, name, vouch)))
                .orElse(RedisPool.AWAY);
    }

    @Override
    public Placement openAway(SessionKey key, Opening opening) {
        return pool(key.pool()).interim(interim -> interim.openAway(key, opening));
    }

    @Override
    public Future<Placement> adopt(SessionKey key, Vouch vouch) {
        RedisPool pool = pool(key.pool());
        Optional<RedisSession> untold = names.marked(key, vouch.mark())
                .flatMap(name -> pool.interim(interim -> interim.untold(key, name, vouch)));
        if (untold.isEmpty()) {
            return Future.succeededFuture(Refused.because(Why.SESSION_UNKNOWN));
        }
        RedisSession session = untold.get();
        // where the table does not answer now, it is told with the next beat
        return retelling
                .adopt(pool, List.of(session))
                .transform(told ->
                        Future.succeededFuture(session.holds() ? session.kept : Refused.because(Why.SESSION_LOST)));
    }

    @Override
    public Future<Placement> reserve(String poolName, String principal, Opening opening) {
        RedisPool pool = pool(poolName);
        long hash = principal.isEmpty() ? opening.requestId() : SessionKey.hash(principal);
        Wish wish = Wish.of(opening, hash, pool);
        Duration lease = Duration.ofMillis(ground.times().reservation());
        Future<Placement> held = admit(
                wish,
                () -> run(
                        pool,
                        Scripts.RESERVE,
                        told -> told.is("held")
                                ? new Placement.Held(
                                        new Reservation(pool.instance(told, 1), opening.requestId(), lease))
                                : pool.full(opening.excluded()),
                        wish.requestId(),
                        wish.hash(),
                        wish.excluded(),
                        wish.order()));
        return placed(held.onFailure(error -> undo.opened(pool, error, wish.requestId(), "")), null);
    }

    @Override
    public Future<Boolean> extend(Reservation reservation) {
        return run(reservation, Scripts.EXTEND).map(told -> told.is("yes"));
    }

    @Override
    public Future<Void> release(Reservation reservation) {
        RedisPool pool = pool(reservation.instance().pool());
        return run(reservation, Scripts.RELEASE)
                .onFailure(error -> undo.opened(pool, error, Long.toHexString(reservation.requestId()), ""))
                .mapEmpty();
    }

    @Override
    public Future<Confirmation> confirm(Reservation reservation, SessionKey key, Lease lease) {
        RedisPool pool = pool(key.pool());
        String requestId = Long.toHexString(reservation.requestId());
        return run(
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
            return new Confirmation.TakenBy(pool.instance(told, 1));
        }
        RedisSession bound = told.is("lapsed") ? null : pool.session(key, told);
        return bound == null ? Confirmation.Lost.LAPSED : new Confirmation.Bound(bound);
    }

    @Override
    public void touch(Binding binding) {
        if (binding instanceof RedisSession session) {
            session.touch();
        }
    }

    @Override
    public Future<Placement> rebind(Binding binding, Opening opening) {
        return placed(moves.rebind(pool(binding.key().pool()), binding, opening), null);
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
        List<String> args = List.of(names.name(key), names.owner(key), "" + generation, untold);
        return this.<Boolean>run(pool, Scripts.END, told -> told.is("yes"), args.toArray(String[]::new))
                .onFailure(error -> {
                    undo.ended(pool, error, args);
                    pool.endedHere(key, generation);
                });
    }

    @Override
    public Future<Boolean> end(Binding binding) {
        if (!(binding instanceof RedisSession session)) {
            return Future.succeededFuture(false);
        }
        String name = session.entry().name();
        return run(
                pool(binding.key().pool()),
                Scripts.END,
                told -> told.is("yes"),
                name,
                ANYBODY,
                "" + binding.generation(),
                "" + session.untoldLease());
    }

    @Override
    public Future<List<Binding>> list(String poolName, long after, int limit) {
        RedisPool pool = pool(poolName);
        if (limit < 1 || limit > 1_000) {
            return Future.failedFuture(new IllegalArgumentException("limit " + limit + " (expected: 1 to 1000)"));
        }
        return run(
                pool,
                Scripts.LIST,
                told -> {
                    List<Binding> page = new ArrayList<>();
                    for (int at = 0; at < told.result().size(); at++) {
                        page.add(pool.listed(told.part(at)));
                    }
                    return page;
                },
                "" + after,
                "" + limit);
    }

    @Override
    public Future<List<Sighting>> search(String poolName, Set<SessionKey> named) {
        return new Search(this, names, pool(poolName)).of(named);
    }

    @Override
    public Future<Void> report(Report report) {
        RedisPool pool = pool(report.instance().pool());
        if (report instanceof Report.Gone) {
            pool.noteGone(report.instance());
        }
        long saidAt = ground.clocks().nanos().getAsLong();
        String[] words = Words.report(report).toArray(String[]::new);
        return links.run(Scripts.REPORT, pool.keys.all(), server -> {
                    // what is never sent, nobody counts
                    if (report instanceof Report.Unreachable) {
                        pool.suspicions.say(
                                report.instance(), ground.clocks().nanos().getAsLong());
                    }
                    return args(pool, server, saidAt, words);
                })
                .map(answer -> pool.take(answer, saidAt, told -> {
                    if (report instanceof Report.Reachable) {
                        pool.suspicions.takeBack(report.instance(), saidAt);
                    }
                    return null;
                }));
    }

    /** As of the table's last word. */
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
        return new RedisShelf(links, ground.prefix(), kind);
    }

    @Override
    public void subscribe(TableListener listener) {
        listeners.add(listener);
    }

    /** Looks what the table holds, and reads the news from now on. Fails where Redis cannot be reached yet: it looks again. */
    public Future<Void> start() {
        if (presence != null) {
            presence.start();
        }
        return beat();
    }

    /** Also tells that this node lives, of its uses, and what a table that began anew may lack. */
    @Override
    public Future<Void> beat() {
        List<Future<Void>> all = new ArrayList<>();
        for (RedisPool pool : pools.values()) {
            all.add(beats.beat(pool));
        }
        return Future.join(all).mapEmpty();
    }

    @Override
    public Condition condition() {
        StringBuilder why = new StringBuilder();
        if (presence != null && !presence.connected()) {
            why.append("Redis does not answer");
        }
        for (RedisPool pool : pools.values()) {
            String trouble = pool.history(history -> history.trouble(pool.clock.getAsLong()));
            if (!trouble.isEmpty()) {
                why.append(why.isEmpty() ? "" : "; ")
                        .append("pool ")
                        .append(pool.name)
                        .append(": ")
                        .append(trouble);
            }
        }
        if (!why.isEmpty()) {
            return new Condition(false, why.toString());
        }
        return presence == null
                ? Condition.WELL
                : presence.warning()
                        .map(warning -> new Condition(true, warning))
                        .orElse(Condition.WELL);
    }

    /** Tells the others that this node serves no more. */
    @Override
    public Future<Void> close() {
        List<Future<Void>> all = new ArrayList<>();
        pools.values()
                .forEach(pool -> all.add(
                        this.<Void>run(pool, Scripts.LEAVE, told -> null).otherwiseEmpty()));
        return Future.join(all).transform(left -> presence == null ? Future.succeededFuture() : presence.close());
    }

    /** How many sessions this node remembers. */
    int known(String poolName) {
        return pool(poolName).sessions.all().size();
    }

    /** The part of a {@link #beat} that tells of uses. */
    Future<Void> tellUses() {
        return Future.join(pools.values().stream()
                        .map(pool -> new Touches(this, pool.clock).tell(pool))
                        .toList())
                .mapEmpty();
    }

    Iterable<RedisPool> pools() {
        return pools.values();
    }

    /** @param reading reads the script's own part of the answer, under the pool's lock */
    <T> Future<T> run(RedisPool pool, Script script, Function<Told, T> reading, String... args) {
        long sentAt = ground.clocks().nanos().getAsLong();
        return links.run(script, pool.keys.all(), server -> args(pool, server, sentAt, args))
                .map(answer -> pool.take(answer, sentAt, reading));
    }

    private Future<Told> run(Reservation reservation, Script script) {
        return run(
                pool(reservation.instance().pool()),
                script,
                told -> told,
                Long.toHexString(reservation.requestId()),
                Words.of(reservation.instance().id()),
                Words.identity(reservation.instance()));
    }

    private List<String> args(RedisPool pool, Greeting server, long sentAt, String... args) {
        List<String> all = new ArrayList<>(6 + args.length);
        all.add(pool.keys.prefix());
        all.add(ground.clocks().table().get());
        all.add(pool.keys.rules());
        all.add(server.run());
        all.add(pool.time.at(
                sentAt + Duration.ofMillis(ground.times().timeout()).toNanos()));
        all.add(ground.node() + "|" + pool.history(history -> history.believed(server.run())));
        all.addAll(List.of(args));
        return all;
    }

    private @Nullable RedisSession known(SessionKey key) {
        RedisSession known = pool(key.pool()).sessions.get(key);
        return known != null && known.key().ownedBy(key.principal()) ? known : null;
    }

    /** For how long a hit prolongs the session, in ms: as far as this node knows how it is used. */
    static String lease(RedisPool pool, SessionKey key) {
        RedisSession known = pool.sessions.get(key);
        return "" + (known == null ? pool.leases.unused() : known.lease());
    }

    /** Where Redis does not answer, what it acknowledged before holds. */
    private Future<Placement> placed(Future<Placement> asked, @Nullable SessionKey key) {
        return asked.recover(error -> {
            if (!(error instanceof TableFault fault) || fault.reason() == Reason.BUG) {
                return Future.failedFuture(error);
            }
            RedisSession known = key == null ? null : known(key);
            return Future.succeededFuture(known != null && known.join(true) ? known.kept : RedisPool.AWAY);
        });
    }

    private RedisPool pool(String name) {
        RedisPool found = pools.get(name);
        if (found == null) {
            throw new IllegalArgumentException("pool \"" + name + "\" (expected: one of " + pools.keySet() + ")");
        }
        return found;
    }
}
