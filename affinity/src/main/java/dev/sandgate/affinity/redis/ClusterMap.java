package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which master has which slot of a cluster, as far as any of its nodes told. Read from any thread. */
final class ClusterMap {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterMap.class);
    /** No two questions are closer, in ms. */
    private static final long REST = 500;

    private final Context context;
    private final Dialer dialer;
    private final List<Server> seeds;
    private volatile Masters masters = new Masters(new Server[KeySlot.COUNT]);
    /** The question of all who ask meanwhile; on the context. */
    private @Nullable Future<Void> asking;

    private volatile boolean closed;

    private long lastAsked = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(REST);

    /** One state of it; never changed. */
    static final class Masters {

        private final @Nullable Server[] bySlot;
        private final Set<Server> all = new LinkedHashSet<>();

        Masters(@Nullable Server[] bySlot) {
            this.bySlot = bySlot;
            Arrays.stream(bySlot).filter(Objects::nonNull).forEach(all::add);
        }

        Optional<Server> of(int slot) {
            return Optional.ofNullable(bySlot[slot]);
        }

        Set<Server> all() {
            return all;
        }

        private Masters with(int slot, Server server) {
            @Nullable Server[] changed = bySlot.clone();
            changed[slot] = server;
            return new Masters(changed);
        }
    }

    ClusterMap(Context context, Dialer dialer, List<Server> seeds) {
        this.context = context;
        this.dialer = dialer;
        this.seeds = seeds;
    }

    Masters masters() {
        return masters;
    }

    /** The master of a slot, asked for where nobody knows it yet; or a {@link TableFault}. */
    Future<Server> find(int slot) {
        Optional<Server> known = masters.of(slot);
        return known.isPresent()
                ? Future.succeededFuture(known.get())
                : refresh().compose(done -> masters.of(slot)
                        .map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(
                                new TableFault(Reason.NOT_READY, "no node of the cluster has slot " + slot))));
    }

    /** A node told where a slot is by now. */
    void moved(int slot, Server server) {
        context.runOnContext(turn -> masters = masters.with(slot, server));
        refresh();
    }

    /** Asks again, soon; done when that was answered, or a {@link TableFault}. */
    Future<Void> refresh() {
        Promise<Void> done = Promise.promise();
        context.runOnContext(turn -> {
            Future<Void> question = asking;
            if (question == null) {
                question = rested().compose(rested -> ask());
                asking = question;
                question.onComplete(any -> {
                    lastAsked = System.nanoTime();
                    asking = null;
                });
            }
            question.onComplete(done);
        });
        return done.future();
    }

    /** Asks no more; done when the last question is. */
    Future<Void> close() {
        closed = true;
        Promise<Void> done = Promise.promise();
        context.runOnContext(turn -> {
            Future<Void> question = asking == null ? Future.succeededFuture() : asking;
            question.onComplete(any -> done.complete());
        });
        return done.future();
    }

    private Future<Void> rested() {
        long left = REST - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastAsked);
        return left <= 0
                ? Future.succeededFuture()
                : context.owner().timer(left, TimeUnit.MILLISECONDS).mapEmpty();
    }

    private Future<Void> ask() {
        if (closed) {
            return Future.failedFuture(new TableFault(Reason.CLOSED, "the links were closed"));
        }
        Set<Server> nodes = new LinkedHashSet<>(masters.all());
        nodes.addAll(seeds);
        return ask(new ArrayList<>(nodes), 0);
    }

    private Future<Void> ask(List<Server> nodes, int next) {
        Server node = nodes.get(next);
        Request question = Request.cmd(Command.CLUSTER).arg("SLOTS");
        return dialer.ask(node, question, answer -> read(node, Objects.requireNonNull(answer)))
                .<Void>map(read -> {
                    masters = read;
                    return null;
                })
                .recover(failure -> {
                    LOG.debug("no map of the cluster from {}", node, failure);
                    return next + 1 < nodes.size() ? ask(nodes, next + 1) : Future.failedFuture(failure);
                });
    }

    /** Ranges of slots, each with its master, which stands first, and its replicas. */
    private static Masters read(Server node, Response answer) {
        @Nullable Server[] bySlot = new Server[KeySlot.COUNT];
        for (Response range : answer) {
            Response master = range.get(2);
            Response host = master.get(0);
            // A node that does not know its own address, or hides it, means the one at which it was asked.
            boolean hidden =
                    host == null || host.toString().isEmpty() || host.toString().equals("?");
            Server server = new Server(
                    hidden ? node.host() : host.toString(), master.get(1).toInteger());
            Arrays.fill(bySlot, range.get(0).toInteger(), range.get(1).toInteger() + 1, server);
        }
        return new Masters(bySlot);
    }

    /** Always to the master of this slot. */
    Trail toSlot(int slot) {
        return trail(() -> find(slot), true);
    }

    /** Always to this server, whatever slots it has. */
    Trail toServer(Server server) {
        return trail(() -> Future.succeededFuture(server), false);
    }

    private Trail trail(Supplier<Future<Server>> finding, boolean follows) {
        return new Trail() {
            @Override
            public Future<Server> find() {
                return finding.get();
            }

            @Override
            public boolean doubt() {
                refresh();
                return follows;
            }
        };
    }
}
