package dev.sandgate.affinity.kit;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Source;
import dev.sandgate.conf.BreakersConfig;
import dev.sandgate.conf.InstancesConfig;
import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.PoolConfig.HostRule;
import dev.sandgate.conf.PoolConfig.Outage;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import dev.sandgate.conf.QueueConfig;
import dev.sandgate.conf.RetriesConfig;
import dev.sandgate.conf.SessionsConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import dev.sandgate.conf.TimeoutsConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** Words to speak of pools, instances and sessions in tests. */
public final class Pools {

    public static final String POOL = "python";

    /** Idle 60 s, unused 20 s, in all 10 min, remembered 5 min, lost after 30 s. */
    public static final SessionsConfig SESSIONS = new SessionsConfig(
            10,
            Duration.ofSeconds(60),
            Duration.ofMinutes(10),
            Duration.ofSeconds(20),
            OnLost.REJECT,
            true,
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            false);

    private static final AtomicLong REQUESTS = new AtomicLong();

    private Pools() {}

    public static PoolConfig pool(SessionsConfig sessions, PlacementRule placement) {
        return new PoolConfig(
                POOL,
                new InstancesConfig.Static(List.of(), Optional.empty(), Optional.empty()),
                sessions,
                placement,
                QueueConfig.DEFAULT,
                TimeoutsConfig.DEFAULT,
                100,
                HostRule.INSTANCE,
                Optional.empty(),
                Outage.REFUSE,
                false,
                BreakersConfig.NONE,
                Optional.empty(),
                RetriesConfig.NONE);
    }

    /** The same by another name. */
    public static PoolConfig named(String name, PoolConfig it) {
        return new PoolConfig(
                name,
                it.instances(),
                it.sessions(),
                it.placement(),
                it.queue(),
                it.timeouts(),
                it.connections(),
                it.host(),
                it.ports(),
                it.outage(),
                it.sealIds(),
                it.breakers(),
                it.fallback(),
                it.retries());
    }

    public static SessionsConfig rebinding(SessionsConfig it) {
        return new SessionsConfig(
                it.perInstance(),
                it.idleTimeout(),
                it.maxLifetime(),
                it.unusedTimeout(),
                OnLost.REBIND,
                it.reuseId(),
                it.rememberEnded(),
                it.lostAfter(),
                it.recycle());
    }

    public static SessionsConfig neverReusing(SessionsConfig it) {
        return new SessionsConfig(
                it.perInstance(),
                it.idleTimeout(),
                it.maxLifetime(),
                it.unusedTimeout(),
                it.onLost(),
                false,
                it.rememberEnded(),
                it.lostAfter(),
                it.recycle());
    }

    public static SessionsConfig lostAfter(SessionsConfig it, Duration lostAfter) {
        return new SessionsConfig(
                it.perInstance(),
                it.idleTimeout(),
                it.maxLifetime(),
                it.unusedTimeout(),
                it.onLost(),
                it.reuseId(),
                it.rememberEnded(),
                lostAfter,
                it.recycle());
    }

    /** Nothing ends by itself before an hour is over. */
    public static SessionsConfig longLived(SessionsConfig it) {
        return new SessionsConfig(
                it.perInstance(),
                Duration.ofHours(1),
                Duration.ofHours(6),
                Duration.ofHours(1),
                it.onLost(),
                it.reuseId(),
                it.rememberEnded(),
                it.lostAfter(),
                it.recycle());
    }

    public static Instance instance(String id) {
        return life(id, "1");
    }

    public static Instance life(String id, String incarnation) {
        return new Instance(POOL, id, incarnation, "127.0.0.1", 9001);
    }

    /** A key that a client chose. */
    public static SessionKey key(String id) {
        return new SessionKey(POOL, Source.HEADER, id, "");
    }

    /** A key that an instance made, of this caller. */
    public static SessionKey learned(String id, String principal) {
        return new SessionKey(POOL, Source.MCP, id, principal);
    }

    /** A wish of a request of its own. */
    public static Opening opening() {
        return new Opening(REQUESTS.incrementAndGet(), Set.of());
    }
}
