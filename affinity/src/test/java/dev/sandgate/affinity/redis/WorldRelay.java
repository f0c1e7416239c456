package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.redis.TableFault.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * One node's way to Redis, over a network that takes its time with each message, and that may lose an answer, bring a
 * request late or bring it twice.
 */
final class WorldRelay implements Link, News.Sender {

    static final double TIMEOUT = 25;

    private final World world;
    private final WorldRedis redis;
    private final WorldNode node;
    private final WorldWeather weather;
    private final List<Promise<Response>> waiting = new ArrayList<>();
    /** To which run of Redis it is connected. */
    private String to;

    private boolean connected = true;
    private boolean cut;

    WorldRelay(World world, WorldRedis redis, WorldNode node, WorldWeather weather) {
        this.world = world;
        this.redis = redis;
        this.node = node;
        this.weather = weather;
        this.to = redis.run();
    }

    @Override
    public Future<Response> run(Script script, List<String> keys, Function<Greeting, List<String>> args) {
        List<String> made = args.apply(new Greeting(to, false, "noeviction", "6.2"));
        return exchange(script.name(), () -> redis.run(script, keys, made));
    }

    @Override
    public Future<Response> send(Supplier<Request> command) {
        return exchange("xread", () -> redis.read(command.get()));
    }

    /** Messages go nowhere, and nobody is told. */
    void cut() {
        cut = true;
    }

    void heal() {
        cut = false;
    }

    /** The connection breaks: nobody knows what was done. */
    void hangUp() {
        if (connected) {
            connected = false;
            List<Promise<Response>> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(each -> each.tryFail(new TableFault(Reason.UNREACHABLE, "the connection broke")));
            world.after(world.between(1, 20), () -> {
                connected = true;
                to = redis.run();
            });
        }
    }

    private Future<Response> exchange(String what, Supplier<Response> work) {
        if (!connected) {
            return Future.failedFuture(new TableFault(Reason.UNREACHABLE, "no connection now"));
        }
        Promise<Response> promise = Promise.promise();
        waiting.add(promise);
        node.after(TIMEOUT, () -> {
            waiting.remove(promise);
            promise.tryFail(new TableFault(Reason.TIMEOUT, "no answer"));
        });
        WorldWeather.Fate fate = weather.fate();
        if (fate != WorldWeather.Fate.WELL && !what.equals("xread")) {
            world.note("%s %s of %s", fate, what, node.name);
        }
        String sentTo = to;
        double way = world.between(0.2, 2) + (fate == WorldWeather.Fate.LATE ? world.between(0.5, 3) * TIMEOUT : 0);
        if (fate == WorldWeather.Fate.TWICE) {
            world.after(way + world.between(0.1, 1.5 * TIMEOUT), () -> deliver(sentTo, work, Promise.promise(), true));
        }
        world.after(way, () -> deliver(sentTo, work, promise, fate == WorldWeather.Fate.UNANSWERED));
        return promise.future();
    }

    private void deliver(String sentTo, Supplier<Response> work, Promise<Response> promise, boolean unanswered) {
        if (cut) {
            return;
        }
        redis.arrive(() -> {
            if (!redis.run().equals(sentTo)) {
                if (to.equals(sentTo)) {
                    node.hear(this::hangUp);
                }
                return;
            }
            Future<Response> done = work(work);
            if (!unanswered && !cut) {
                world.after(world.between(0.2, 2), () -> node.hear(() -> answer(done, promise)));
            }
        });
    }

    private static Future<Response> work(Supplier<Response> work) {
        try {
            return Future.succeededFuture(work.get());
        } catch (TableFault refused) {
            return Future.failedFuture(refused);
        }
    }

    private void answer(Future<Response> done, Promise<Response> promise) {
        if (waiting.remove(promise)) {
            if (done.succeeded()) {
                promise.tryComplete(done.result());
            } else {
                promise.tryFail(done.cause());
            }
        }
    }
}
