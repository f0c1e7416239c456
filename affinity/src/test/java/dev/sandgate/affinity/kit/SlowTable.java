package dev.sandgate.affinity.kit;

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
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Another table, as one sees it over a network: the answers to admissions can be held back. They have had effect. */
public final class SlowTable implements AffinityTable {

    private final AffinityTable table;
    private final AtomicInteger asked = new AtomicInteger();
    private final Deque<Runnable> heldBack = new ArrayDeque<>();
    private boolean holding;

    public SlowTable(AffinityTable table) {
        this.table = table;
    }

    /** From now on answers to admissions stay on their way. */
    public void hold() {
        holding = true;
    }

    /** Those on their way arrive, and later ones at once. */
    public void go() {
        holding = false;
        while (!heldBack.isEmpty()) {
            heldBack.remove().run();
        }
    }

    /** How many admissions were asked for. */
    public int asked() {
        return asked.get();
    }

    @Override
    public Future<Placement> open(SessionKey key, Opening opening) {
        return answer(table.open(key, opening));
    }

    @Override
    public Future<Placement> reserve(String pool, String principal, Opening opening) {
        return answer(table.reserve(pool, principal, opening));
    }

    private Future<Placement> answer(Future<Placement> answer) {
        asked.incrementAndGet();
        if (!holding) {
            return answer;
        }
        Promise<Placement> promise = Promise.promise();
        heldBack.add(() -> answer.onComplete(promise));
        return promise.future();
    }

    @Override
    public Placement peek(SessionKey key) {
        return table.peek(key);
    }

    @Override
    public Future<Placement> find(SessionKey key) {
        return table.find(key);
    }

    @Override
    public Future<Boolean> extend(Reservation reservation) {
        return table.extend(reservation);
    }

    @Override
    public Future<Void> release(Reservation reservation) {
        return table.release(reservation);
    }

    @Override
    public Future<Confirmation> confirm(Reservation reservation, SessionKey key, Lease lease) {
        return table.confirm(reservation, key, lease);
    }

    @Override
    public void touch(Binding binding) {
        table.touch(binding);
    }

    @Override
    public Future<Placement> rebind(Binding binding, Opening opening) {
        return table.rebind(binding, opening);
    }

    @Override
    public Future<Void> abandon(Binding binding, long requestId) {
        return table.abandon(binding, requestId);
    }

    @Override
    public Future<Boolean> end(SessionKey key, long generation) {
        return table.end(key, generation);
    }

    @Override
    public Future<List<Binding>> list(String pool, long after, int limit) {
        return table.list(pool, after, limit);
    }

    @Override
    public Future<List<Sighting>> search(String pool, Set<SessionKey> named) {
        return table.search(pool, named);
    }

    @Override
    public Future<Void> report(Report report) {
        return table.report(report);
    }

    @Override
    public Fleet instances(String pool) {
        return table.instances(pool);
    }

    @Override
    public int sessions(String pool) {
        return table.sessions(pool);
    }

    @Override
    public int reservations(String pool) {
        return table.reservations(pool);
    }

    @Override
    public Shelf shelf(String kind) {
        return table.shelf(kind);
    }

    @Override
    public void subscribe(TableListener listener) {
        table.subscribe(listener);
    }

    @Override
    public Future<Void> beat() {
        return table.beat();
    }

    @Override
    public Future<Boolean> end(Binding binding) {
        return table.end(binding);
    }

    @Override
    public Condition condition() {
        return table.condition();
    }

    @Override
    public Future<Void> close() {
        return table.close();
    }
}
