package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.ClusterMap.Masters;
import dev.sandgate.affinity.redis.TableFault.Reason;
import dev.sandgate.conf.TableConfig;
import dev.sandgate.conf.TableConfig.Mode;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A node's connections to the Redis of its table: one for each event loop and master, whether there is one server,
 * sentinels know it, or a cluster has many. Begins to connect at once, and comes back by itself until {@link #close}.
 * Safe from any thread; answers arrive on the caller's event loop, or on any where the caller is on none.
 */
public final class RedisLinks implements Link {

    /** How often sentinels are asked whether the master is still the same, in ms. */
    private static final long ASK = 1_000;

    private final VertxInternal vertx;
    private final TableConfig.Redis config;
    private final LinkPlan plan;
    private final LinkWatch watch = new LinkWatch();
    /** For whoever is on no event loop. */
    private final Context home;

    private final Finder finder;
    private final Map<Thread, Link> loops = new ConcurrentHashMap<>();
    private final Set<RedisLink> made = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile long asking = -1;

    /**
     * Where masters are found.
     *
     * @param one the way to the only one; empty in a cluster
     * @param cluster the map of the cluster; empty elsewhere
     */
    private record Finder(Optional<Trail> one, Optional<ClusterMap> cluster) {}

    /** Connects as this says; whoever makes it closes it. */
    public RedisLinks(Vertx vertx, TableConfig.Redis config) {
        this(vertx, config, LinkPlan.of(config));
    }

    RedisLinks(Vertx vertx, TableConfig.Redis config, LinkPlan plan) {
        this.vertx = (VertxInternal) vertx;
        this.config = config;
        this.plan = plan;
        // Not the caller's context, which may be a verticle's and end with it.
        this.home = this.vertx.createEventLoopContext();
        this.finder = finder(config);
        home.runOnContext(start -> begin());
    }

    private void begin() {
        Link first = here();
        finder.cluster().ifPresent(map -> map.refresh()
                .onSuccess(known -> home.runOnContext(turn -> {
                    if (!closed && first instanceof ClusterLinks links) {
                        map.masters().all().forEach(links::to);
                    }
                })));
        if (config.mode() == Mode.SENTINEL) {
            asking = vertx.setPeriodic(ASK, ring -> askSentinels());
        }
    }

    /** A master that was replaced takes writes until it is told, some ten seconds later: they would be lost. */
    private void askSentinels() {
        if (closed) {
            vertx.cancelTimer(asking);
        } else {
            finder.one()
                    .ifPresent(sentinels ->
                            sentinels.find().onSuccess(master -> made.forEach(link -> link.follow(master))));
        }
    }

    private Finder finder(TableConfig.Redis from) {
        List<Server> servers = from.urls().stream().map(Server::of).toList();
        Dialer dialer = new Dialer(vertx, from);
        return switch (from.mode()) {
            case STANDALONE -> new Finder(Optional.of(Trail.to(servers.get(0))), Optional.empty());
            case SENTINEL ->
                new Finder(Optional.of(new Sentinels(home, dialer, servers, from.master())), Optional.empty());
            case CLUSTER -> new Finder(Optional.empty(), Optional.of(new ClusterMap(home, dialer, servers)));
        };
    }

    @Override
    public Future<Response> run(Script script, List<String> keys, Function<Greeting, List<String>> args) {
        if (Context.isOnEventLoopThread()) {
            return here().run(script, keys, args);
        }
        Promise<Response> answer = Promise.promise();
        home.runOnContext(turn -> here().run(script, keys, args).onComplete(answer));
        return answer.future();
    }

    /** Keys that one command may read at once: all of them, or each for itself in a cluster. In the order given. */
    List<List<String>> together(Collection<String> keys) {
        if (keys.isEmpty()) {
            return List.of();
        }
        if (config.mode() != Mode.CLUSTER) {
            return List.of(List.copyOf(keys));
        }
        List<List<String>> apart = new ArrayList<>();
        keys.forEach(key -> apart.add(List.of(key)));
        return apart;
    }

    /**
     * A connection of its own that follows the master of this key, for commands that wait. Closed with the others.
     *
     * @param commandTimeout from a command's sending to its answer
     */
    RedisLink dedicated(String key, Duration commandTimeout) {
        Trail trail = finder.cluster().map(map -> map.toSlot(KeySlot.of(key))).orElseGet(() -> finder.one()
                .orElseThrow());
        return link(vertx.createEventLoopContext(), plan.withTimeout(commandTimeout), trail);
    }

    /** Whether a connection stands. */
    public boolean connected() {
        return watch.connected();
    }

    /** What an operator should change in Redis, in words; empty: nothing. */
    public Optional<String> warning() {
        return watch.warning();
    }

    /** Closes all connections. What is on its way fails. Twice does nothing. */
    public Future<Void> close() {
        closed = true;
        vertx.cancelTimer(asking);
        List<Future<Void>> ends = new ArrayList<>();
        finder.cluster().ifPresent(map -> ends.add(map.close()));
        made.forEach(link -> ends.add(link.close()));
        made.clear();
        return Future.join(ends).mapEmpty();
    }

    private RedisLink link(Context context, LinkPlan how, Trail trail) {
        RedisLink link = new RedisLink(context, how, trail, watch);
        made.add(link);
        if (closed) {
            link.close();
        }
        return link;
    }

    /** The links of the event loop that this is called on. */
    private Link here() {
        return loops.computeIfAbsent(Thread.currentThread(), thread -> {
            ContextInternal current = vertx.getOrCreateContext();
            Context own = vertx.contextBuilder()
                    .withEventLoop(current.nettyEventLoop())
                    .build();
            return finder.cluster()
                    .<Link>map(map -> new ClusterLinks(own, map))
                    .orElseGet(() -> link(own, plan, finder.one().orElseThrow()));
        });
    }

    /** The links of one event loop to the masters of a cluster. Only on that loop. */
    private final class ClusterLinks implements Link {

        private final Context context;
        private final ClusterMap map;
        private final Map<Server, RedisLink> links = new HashMap<>();
        private Masters seen;

        ClusterLinks(Context context, ClusterMap map) {
            this.context = context;
            this.map = map;
            this.seen = map.masters();
        }

        @Override
        public Future<Response> run(Script script, List<String> keys, Function<Greeting, List<String>> args) {
            int slot = keys.isEmpty() ? 0 : KeySlot.of(keys.get(0));
            return master(slot)
                    .compose(server -> to(server).run(script, keys, args).recover(error -> {
                        Optional<Server> moved = error instanceof TableFault fault ? fault.movedTo() : Optional.empty();
                        if (moved.isEmpty()) {
                            return Future.failedFuture(error);
                        }
                        // It was not run here. Once is enough: whoever sends us on twice does not know.
                        Server next = moved.get().or(server.host());
                        map.moved(slot, next);
                        return to(next).run(script, keys, args);
                    }));
        }

        private Future<Server> master(int slot) {
            Future<Server> found = map.find(slot);
            if (found.isComplete()) {
                return found;
            }
            Promise<Server> here = Promise.promise();
            found.onComplete(done -> context.runOnContext(turn -> here.handle(done)));
            return here.future()
                    .timeout(plan.commandTimeout().toMillis(), TimeUnit.MILLISECONDS)
                    .recover(error -> Future.failedFuture(
                            error instanceof TimeoutException
                                    ? new TableFault(Reason.TIMEOUT, "no node of the cluster told its slots")
                                    : error));
        }

        private RedisLink to(Server server) {
            Masters now = map.masters();
            if (now != seen) {
                seen = now;
                links.entrySet().removeIf(each -> {
                    boolean gone = !now.all().contains(each.getKey());
                    if (gone) {
                        made.remove(each.getValue());
                        each.getValue().close();
                    }
                    return gone;
                });
            }
            return links.computeIfAbsent(server, master -> link(context, plan, map.toServer(master)));
        }
    }
}
