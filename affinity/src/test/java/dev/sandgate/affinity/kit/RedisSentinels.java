package dev.sandgate.affinity.kit;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A real master with a replica and three sentinels that watch them. For one thread. */
public final class RedisSentinels implements AutoCloseable {

    /** By which the sentinels know the master. */
    public static final String NAME = "mymaster";

    private final List<RedisProcess> servers = new ArrayList<>();
    private final List<RedisProcess> sentinels = new ArrayList<>();

    private RedisSentinels() {}

    /** All of them, once they know each other. */
    public static RedisSentinels start() {
        RedisSentinels made = new RedisSentinels();
        try {
            made.gather();
            return made;
        } catch (AssertionError failure) {
            made.close();
            throw failure;
        }
    }

    private void gather() {
        RedisProcess master = RedisProcess.start();
        servers.add(master);
        servers.add(RedisProcess.start("--replicaof", "127.0.0.1", "" + master.port()));
        for (int i = 0; i < 3; i++) {
            sentinels.add(RedisProcess.sentinel(List.of(
                    "sentinel monitor " + NAME + " 127.0.0.1 " + master.port() + " 2",
                    "sentinel down-after-milliseconds " + NAME + " 1000",
                    "sentinel failover-timeout " + NAME + " 4000")));
        }
        await("sentinels that know each other", () -> sentinels.stream()
                .allMatch(each -> each.tell("INFO", "sentinel").contains("slaves=1,sentinels=3")));
    }

    /** The sentinels' addresses. */
    public String[] urls() {
        return sentinels.stream().map(RedisProcess::url).toArray(String[]::new);
    }

    public List<RedisProcess> sentinels() {
        return List.copyOf(sentinels);
    }

    /** Whom the first sentinel takes for the master. */
    public RedisProcess master() {
        String told = sentinels.get(0).tell("INFO", "sentinel");
        return servers.stream()
                .filter(each -> told.contains("address=127.0.0.1:" + each.port() + ","))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no master: " + told));
    }

    /**
     * Makes the replica master, and returns when every sentinel says so. The old one hears of it about ten seconds later;
     * what is written there until then is lost.
     */
    public void failOver() {
        RedisProcess before = master();
        String done = sentinels.get(0).say("SENTINEL", "FAILOVER", NAME);
        if (!done.equals("+OK")) {
            throw new AssertionError("no fail-over: " + done);
        }
        awaitAnother(before);
    }

    /** Kills the master, and returns when every sentinel names the other. */
    public void killMaster() {
        RedisProcess before = master();
        before.kill();
        awaitAnother(before);
    }

    private void awaitAnother(RedisProcess before) {
        await("another master", () -> sentinels.stream()
                .noneMatch(each -> each.tell("INFO", "sentinel").contains("address=127.0.0.1:" + before.port() + ",")));
    }

    @Override
    public void close() {
        sentinels.forEach(RedisProcess::close);
        servers.forEach(RedisProcess::close);
    }

    /** Looks again and again for up to a minute. */
    static void await(String what, BooleanSupplier there) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!now(there)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private static boolean now(BooleanSupplier there) {
        try {
            return there.getAsBoolean();
        } catch (UncheckedIOException cut) {
            return false;
        }
    }
}
