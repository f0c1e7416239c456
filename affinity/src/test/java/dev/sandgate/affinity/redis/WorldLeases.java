package dev.sandgate.affinity.redis;

import dev.sandgate.conf.SessionsConfig;
import java.util.List;
import java.util.Map;

/** Looks whether slots are held for longer than they may be. */
final class WorldLeases {

    private final World world;
    private final WorldRedis redis;
    private final List<WorldInstance> instances;
    private final SessionsConfig rules;

    WorldLeases(WorldPlan plan) {
        this.world = plan.world();
        this.redis = plan.redis();
        this.instances = plan.instances();
        this.rules = plan.pool().sessions();
    }

    /** In calm times, what has lapsed is gone soon, and nothing is held for longer than a lease. */
    void checkCalm() {
        long now = redis.clock();
        long longest = Math.max(rules.idleTimeout().toMillis() * 5 / 4, WorldPlan.TIMES.reservation());
        for (WorldInstance instance : instances) {
            WorldRedis.Slots slots = redis.slots(instance.id);
            slots.sessions().forEach((member, ends) -> checkLease(instance, member, ends - now, longest));
            slots.reservations()
                    .forEach((member, ends) -> checkLease(instance, member, ends - now, WorldPlan.TIMES.reservation()));
        }
    }

    private void checkLease(WorldInstance instance, String member, long left, long longest) {
        if (left < -2.5 * WorldNode.BEAT || left > longest) {
            world.violated("I4", member + " holds a slot of " + instance.id + " for " + left + " ms");
        }
    }

    /** Long after the last client, nothing is held and every instance is open. */
    void checkEmpty() {
        Map<String, Long> free = redis.free();
        for (WorldInstance instance : instances) {
            WorldRedis.Slots slots = redis.slots(instance.id);
            if (slots.used() > 0 || !Long.valueOf(0).equals(free.get(instance.id))) {
                world.violated("I4", instance.id + " holds " + slots + ", free " + free);
            }
        }
    }
}
