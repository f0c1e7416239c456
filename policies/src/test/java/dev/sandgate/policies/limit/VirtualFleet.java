package dev.sandgate.policies.limit;

import dev.sandgate.affinity.RedisScripts;
import dev.sandgate.affinity.kit.ManualClock;
import dev.sandgate.affinity.kit.RedisProcess;
import dev.sandgate.conf.PolicyConfig.Away;
import dev.sandgate.conf.PolicyConfig.RateLimit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Nodes over one real Redis in a time of our own: what they ask is done at once, by that time, and answered after a while
 * of it. The same seed gives the same run. For one thread.
 */
final class VirtualFleet implements AutoCloseable {

    /** An answer takes from half of this to one and a half. */
    private static final long ROUND_TRIP = TimeUnit.MILLISECONDS.toNanos(1);

    private static final long EPOCH_MICROS = 1_760_000_000_000_000L;

    final RedisProcess redis = RedisProcess.start();
    final ManualClock clock = new ManualClock();
    private final PlainRedis link = new PlainRedis(redis.port());
    private final long start = clock.getAsLong();
    private final Queue<Due> due = new PriorityQueue<>(Comparator.comparingLong(each -> each.at - start));
    private final Random random;
    private int asked;

    VirtualFleet(Random random) {
        this.random = random;
    }

    private record Due(long at, List<Long> answer, Promise<List<Long>> promise) {}

    FleetLimiter node(RateLimit config) {
        RedisScripts late = new RedisScripts() {
            @Override
            public Future<List<Long>> run(String lua, String key, List<String> args) {
                asked++;
                long at = clock.getAsLong() + ROUND_TRIP / 2 + random.nextLong(ROUND_TRIP);
                Promise<List<Long>> promise = Promise.promise();
                due.add(new Due(at, link.run(lua, key, args), promise));
                return promise.future();
            }

            @Override
            public String veil(String text) {
                return Integer.toHexString(text.hashCode());
            }
        };
        RateLimit fleet = Limits.fleet(config, Away.CLOSED);
        PermitStore store = new PermitStore(fleet, late, () -> "" + (EPOCH_MICROS + elapsed() / 1_000));
        return new FleetLimiter(fleet, store, clock, new NodeLimiter(fleet, clock));
    }

    /** Since the beginning, in ns. */
    long elapsed() {
        return clock.getAsLong() - start;
    }

    /** Goes on to this time after the beginning, and answers on the way what is due. */
    void goOn(long toNanos) {
        for (Due next = due.peek(); next != null && next.at - start <= toNanos; next = due.peek()) {
            due.remove();
            clock.advance(Duration.ofNanos(next.at - start - elapsed()));
            next.promise.complete(next.answer);
        }
        clock.advance(Duration.ofNanos(toNanos - elapsed()));
    }

    /** How often nodes asked Redis. */
    int asked() {
        return asked;
    }

    @Override
    public void close() {
        link.close();
        redis.close();
    }
}
