package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Condition;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Sighting;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.affinity.Vouch;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.TableConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final GuestScripts scripts;
    private final Ground ground;
    private final SessionNames names;
    private final Calls calls;
    private final Admissions admissions;
    private final Reservations reservations;
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
        this.scripts = new GuestScripts(links, ground.prefix(), names);
        this.calls = new Calls(links, ground);
        this.undo = new Undo(calls, ground);
        this.admissions = new Admissions(calls, names, undo);
        this.reservations = new Reservations(calls, names, undo);
        this.moves = new Moves(calls, names);
        this.retelling = new Retelling(calls, names);
        this.beats = new Beats(calls, retelling, undo, names);
        Announcer announcer = new Announcer(listeners);
        pools.forEach((name, config) -> this.pools.put(name, new RedisPool(config, ground, names, announcer)));
    }

    @Override
    public Placement peek(SessionKey key) {
        RedisSession known = pool(key.pool()).known(key);
        return known != null && known.join(false) ? known.kept : Placement.Ask.TABLE;
    }

    @Override
    public Future<Placement> find(SessionKey key) {
        return admissions.find(pool(key.pool()), key);
    }

    @Override
    public Future<Placement> open(SessionKey key, Opening opening) {
        return admissions.open(pool(key.pool()), key, opening);
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
        return retelling.adopt(pool(key.pool()), key, vouch);
    }

    @Override
    public Future<Placement> reserve(String poolName, String principal, Opening opening) {
        return admissions.reserve(pool(poolName), principal, opening);
    }

    @Override
    public Future<Boolean> extend(Reservation reservation) {
        return reservations.extend(pool(reservation.instance().pool()), reservation);
    }

    @Override
    public Future<Void> release(Reservation reservation) {
        return reservations.release(pool(reservation.instance().pool()), reservation);
    }

    @Override
    public Future<Confirmation> confirm(Reservation reservation, SessionKey key, Lease lease) {
        return reservations.confirm(pool(key.pool()), reservation, key, lease);
    }

    @Override
    public void touch(Binding binding) {
        if (binding instanceof RedisSession session) {
            session.touch();
        }
    }

    @Override
    public Future<Placement> rebind(Binding binding, Opening opening) {
        return admissions.placed(moves.rebind(pool(binding.key().pool()), binding, opening));
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
        return calls.<Boolean>run(pool, Scripts.END, told -> told.is("yes"), args.toArray(String[]::new))
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
        return calls.run(
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
        return new Search(calls, names, pool(poolName)).page(after, limit);
    }

    @Override
    public Future<List<Sighting>> search(String poolName, Set<SessionKey> named) {
        return new Search(calls, names, pool(poolName)).of(named);
    }

    @Override
    public Future<Void> report(Report report) {
        return calls.report(pool(report.instance().pool()), report);
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

    /** For those who keep something of their own beside the table; good until it is closed. */
    public RedisScripts scripts() {
        return scripts;
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
                        calls.<Void>run(pool, Scripts.LEAVE, told -> null).otherwiseEmpty()));
        return Future.join(all).transform(left -> presence == null ? Future.succeededFuture() : presence.close());
    }

    /** How many sessions this node remembers. */
    int known(String poolName) {
        return pool(poolName).sessions.all().size();
    }

    /** The part of a {@link #beat} that tells of uses. */
    Future<Void> tellUses() {
        return Future.join(pools.values().stream()
                        .map(pool -> new Touches(calls, pool.clock).tell(pool))
                        .toList())
                .mapEmpty();
    }

    Iterable<RedisPool> pools() {
        return pools.values();
    }

    private RedisPool pool(String name) {
        RedisPool found = pools.get(name);
        if (found == null) {
            throw new IllegalArgumentException("pool \"" + name + "\" (expected: one of " + pools.keySet() + ")");
        }
        return found;
    }
}
