package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Condition;
import dev.sandgate.affinity.Confirmation;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.Placement;
import dev.sandgate.affinity.Report;
import dev.sandgate.affinity.Reservation;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Sighting;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.conf.PoolConfig;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The table in this node's memory: for one node, gone when it stops. Safe from any thread; every Future it returns is
 * already completed. What time does by itself (an idle session's end, a reservation's) counts from its very moment for
 * whoever asks; listeners hear of it at the next admission to the pool or {@link #beat}. A pool that no configuration
 * names is a mistake of the caller: {@link IllegalArgumentException}.
 */
public final class MemoryTable implements AffinityTable {

    /** Turns of one beat and pool: a backlog of more waits for the next, or for whoever needs a slot. */
    private static final int BEAT = 10;

    private final Map<String, Pool> pools;
    private final LongSupplier nanoClock;
    private final List<TableListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Shelf> shelves = new ConcurrentHashMap<>();

    /**
     * @param pools by name
     * @param nanoClock nanoseconds that only go forward, from any origin, such as {@link System#nanoTime}
     */
    public MemoryTable(Map<String, PoolConfig> pools, LongSupplier nanoClock) {
        Map<String, Pool> built = new HashMap<>();
        pools.forEach((name, config) -> built.put(name, new Pool(config, nanoClock)));
        this.pools = Map.copyOf(built);
        this.nanoClock = nanoClock;
    }

    @Override
    public Placement peek(SessionKey key) {
        return pool(key.pool()).peek(key, nanoClock);
    }

    @Override
    public Future<Placement> find(SessionKey key) {
        return answer(key.pool(), (pool, turn) -> pool.rules.find(key, turn));
    }

    @Override
    public Future<Placement> open(SessionKey key, Opening opening) {
        return answer(key.pool(), (pool, turn) -> {
            pool.sweep(turn);
            return pool.rules.open(key, opening, turn);
        });
    }

    @Override
    public Future<Placement> reserve(String poolName, String principal, Opening opening) {
        return answer(poolName, (pool, turn) -> {
            pool.sweep(turn);
            return pool.reservations.reserve(principal, opening, turn);
        });
    }

    @Override
    public Future<Boolean> extend(Reservation reservation) {
        return answer(reservation.instance().pool(), (pool, turn) -> pool.reservations.extend(reservation, turn));
    }

    @Override
    public Future<Void> release(Reservation reservation) {
        return act(reservation.instance().pool(), (pool, turn) -> pool.reservations.release(reservation, turn));
    }

    @Override
    public Future<Confirmation> confirm(Reservation reservation, SessionKey key, Lease lease) {
        return answer(key.pool(), (pool, turn) -> {
            pool.sweep(turn);
            return pool.rules.confirm(reservation, key, turn);
        });
    }

    @Override
    public void touch(Binding binding) {
        if (binding instanceof LiveSession session) {
            session.touch(nanoClock.getAsLong());
        }
    }

    @Override
    public Future<Placement> rebind(Binding binding, Opening opening) {
        return answer(binding.key().pool(), (pool, turn) -> {
            pool.sweep(turn);
            return pool.rules.rebind(binding, opening, turn);
        });
    }

    @Override
    public Future<Void> abandon(Binding binding, long requestId) {
        return act(binding.key().pool(), (pool, turn) -> pool.rules.abandon(binding, requestId, turn));
    }

    @Override
    public Future<Boolean> end(SessionKey key, long generation) {
        return answer(key.pool(), (pool, turn) -> pool.rules.end(key, generation, turn));
    }

    @Override
    public Future<List<Binding>> list(String pool, long after, int limit) {
        if (limit < 1 || limit > 1_000) {
            return Future.failedFuture(new IllegalArgumentException("limit " + limit + " (expected: 1 to 1000)"));
        }
        return Future.succeededFuture(pool(pool).list(after, limit, nanoClock.getAsLong()));
    }

    @Override
    public Future<List<Sighting>> search(String poolName, Set<SessionKey> named) {
        Predicate<SessionKey> wanted = key -> named.stream().anyMatch(key::isNamedBy);
        List<SessionKey> names = pool(poolName).names(wanted);
        return answer(poolName, (pool, turn) -> pool.search(names, wanted, turn));
    }

    @Override
    public Future<Void> report(Report report) {
        return act(report.instance().pool(), (pool, turn) -> {
            pool.sweep(turn);
            pool.reports.take(report, turn);
        });
    }

    @Override
    public Fleet instances(String poolName) {
        return change(poolName, (pool, turn) -> {
            pool.sweep(turn);
            return pool.fleet();
        });
    }

    @Override
    public Shelf shelf(String kind) {
        return shelves.computeIfAbsent(kind, any -> new MemoryShelf());
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
        for (String name : pools.keySet()) {
            int left = BEAT;
            while (change(name, Pool::sweep) && --left > 0) {}
        }
        return Future.succeededFuture();
    }

    @Override
    public int sessions(String poolName) {
        return change(poolName, (pool, turn) -> {
            pool.sweep(turn);
            return pool.sessions();
        });
    }

    @Override
    public int reservations(String poolName) {
        return change(poolName, (pool, turn) -> {
            pool.sweep(turn);
            return pool.reservations.size();
        });
    }

    private Pool pool(String name) {
        Pool found = pools.get(name);
        if (found == null) {
            throw new IllegalArgumentException("pool \"" + name + "\" (expected: one of " + pools.keySet() + ")");
        }
        return found;
    }

    private <T> Future<T> answer(String pool, BiFunction<Pool, Turn, T> step) {
        return Future.succeededFuture(change(pool, step));
    }

    private Future<Void> act(String poolName, BiConsumer<Pool, Turn> step) {
        change(poolName, (pool, turn) -> {
            step.accept(pool, turn);
            return true;
        });
        return Future.succeededFuture();
    }

    /** One step under the pool's lock; then, without it, the news. */
    private <T> T change(String poolName, BiFunction<Pool, Turn, T> step) {
        Pool pool = pool(poolName);
        Turn turn;
        T result;
        synchronized (pool) {
            turn = new Turn(nanoClock.getAsLong());
            result = step.apply(pool, turn);
        }
        turn.tell(poolName, listeners);
        return result;
    }
}
