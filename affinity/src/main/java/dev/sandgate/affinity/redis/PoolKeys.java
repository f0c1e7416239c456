package dev.sandgate.affinity.redis;

import dev.sandgate.conf.PoolConfig;
import dev.sandgate.conf.SessionsConfig.OnLost;
import java.util.List;

/**
 * Where a pool stands in Redis, and the rules that every script is told.
 *
 * @param prefix of all its keys, with the tag that keeps them in one slot
 * @param all that every script names
 * @param rules parted by bars
 */
record PoolKeys(String prefix, List<String> all, String rules) {

    private static final int LOG = 5;

    static PoolKeys of(PoolConfig pool, Leases leases, Ground ground) {
        String prefix = ground.prefix() + ":{" + Words.of(pool.name()) + "}:";
        List<String> all = List.of(
                prefix + "meta",
                prefix + "fleet",
                prefix + "free",
                prefix + "due",
                prefix + "buried",
                prefix + "log",
                prefix + "nodes",
                prefix + "none");
        Times times = ground.times();
        String rules = String.join(
                "|",
                "" + leases.unused(),
                "" + leases.idle(),
                "" + leases.whole(),
                "" + leases.remember(),
                "" + leases.lostAfter(),
                pool.sessions().reuseId() ? "1" : "0",
                pool.sessions().onLost() == OnLost.REBIND ? "1" : "0",
                pool.placement().name(),
                "" + leases.stream(),
                "" + times.reservation(),
                "" + times.hold(),
                "" + times.gap(),
                "" + times.away());
        return new PoolKeys(prefix, all, rules);
    }

    /** Where the news are. */
    String log() {
        return all.get(LOG);
    }
}
