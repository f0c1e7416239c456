package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Report;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Has scripts run for pools, each with what every script is told, and has their answers taken in. Any thread. */
final class Calls {

    private final Link links;
    private final Ground ground;

    Calls(Link links, Ground ground) {
        this.links = links;
        this.ground = ground;
    }

    Times times() {
        return ground.times();
    }

    /** @param reading reads the script's own part of the answer, under the pool's lock */
    <T> Future<T> run(RedisPool pool, Script script, Function<Told, T> reading, String... args) {
        long sentAt = now();
        return links.run(script, pool.keys.all(), server -> args(pool, server, sentAt, args))
                .map(answer -> pool.take(answer, sentAt, reading));
    }

    /** Tells what happened to an instance. */
    Future<Void> report(RedisPool pool, Report report) {
        if (report instanceof Report.Gone) {
            pool.noteGone(report.instance());
        }
        long saidAt = now();
        String[] words = Words.report(report).toArray(String[]::new);
        return links.run(Scripts.REPORT, pool.keys.all(), server -> {
                    // what is never sent, nobody counts
                    if (report instanceof Report.Unreachable) {
                        pool.suspicions.say(report.instance(), now());
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

    private long now() {
        return ground.clocks().nanos().getAsLong();
    }
}
