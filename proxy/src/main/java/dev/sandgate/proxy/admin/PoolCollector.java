package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.TableListener;
import dev.sandgate.policies.breaker.Breakers;
import dev.sandgate.proxy.admin.Family.Counter;
import dev.sandgate.proxy.admin.Family.Gauge;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Metrics of pools and of the table, each pool's read as one picture a scrape. Hears the table's news from the moment it
 * is made. Any thread.
 */
final class PoolCollector implements MultiCollector {

    private final Node node;
    private final Map<String, Map<Ended, LongAdder>> ended = new HashMap<>();

    PoolCollector(Node node) {
        this.node = node;
        node.pools().keySet().forEach(pool -> {
            Map<Ended, LongAdder> adders = new EnumMap<>(Ended.class);
            for (Ended why : Ended.values()) {
                adders.put(why, new LongAdder());
            }
            ended.put(pool, adders);
        });
    }

    /** What the table tells it. */
    TableListener news() {
        return new TableListener() {
            @Override
            public void ended(Binding binding, Ended why) {
                Map<Ended, LongAdder> adders = ended.get(binding.key().pool());
                LongAdder adder = adders == null ? null : adders.get(why);
                if (adder != null) {
                    adder.increment();
                }
            }
        };
    }

    @Override
    public MetricSnapshots collect() {
        Gauge sessions = Gauge.of("sandgate_sessions", "Live sessions");
        Gauge reservations = Gauge.of("sandgate_reservations", "Slots held for sessions whose id is not known yet");
        Gauge slots = Gauge.of("sandgate_slots", "Slots of all instances: used, free, or empty and closed");
        Gauge instances = Gauge.of("sandgate_instances", "Instances that are not gone");
        Gauge waiting = Gauge.of("sandgate_queue_waiting", "Requests that wait for a slot");
        Counter starts = Counter.of("sandgate_instance_starts", "Instances that were started, and became ready or not");
        Counter deaths = Counter.of("sandgate_instance_deaths", "Ready instances that ended unasked");
        Gauge breakers = Gauge.of("sandgate_breaker_instances", "Instances that are left alone, or tried again");
        Counter over = Counter.of("sandgate_sessions_ended", "Sessions that are over");
        node.pools().forEach((name, pool) -> {
            PoolPicture picture = PoolPicture.of(pool, node);
            sessions.add(picture.sessions(), "pool", name);
            reservations.add(picture.reservations(), "pool", name);
            slots.add(picture.used(), "pool", name, "state", "used");
            slots.add(picture.free(), "pool", name, "state", "free");
            slots.add(picture.closed(), "pool", name, "state", "closed");
            picture.instances().forEach((state, count) -> instances.add(count, "pool", name, "state", Words.of(state)));
            if (pool.grows()) {
                starts.add(pool.starts().ready(), "pool", name, "outcome", "ready");
                starts.add(pool.starts().failed(), "pool", name, "outcome", "failed");
                deaths.add(pool.starts().died(), "pool", name);
            }
            if (!pool.breakers().none()) {
                Breakers.Count count = pool.breakers().count();
                breakers.add(count.open(), "pool", name, "state", "open");
                breakers.add(count.trying(), "pool", name, "state", "half-open");
            }
            waiting.add(picture.waiting(), "pool", name);
            ended.getOrDefault(name, Map.of())
                    .forEach((why, count) -> over.add(count.sum(), "pool", name, "why", Words.of(why)));
        });
        return MetricSnapshots.of(
                sessions.snapshot(),
                reservations.snapshot(),
                slots.snapshot(),
                instances.snapshot(),
                waiting.snapshot(),
                breakers.snapshot(),
                starts.snapshot(),
                deaths.snapshot(),
                over.snapshot());
    }
}
