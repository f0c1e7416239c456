package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Choice;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Opening;
import dev.sandgate.affinity.PlacementStrategy;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.placement.Placements;
import dev.sandgate.conf.PoolConfig.PlacementRule;
import java.util.ArrayList;
import java.util.List;

/**
 * An opening, as the scripts read it.
 *
 * @param requestId in hex digits
 * @param hash 31 bits of it
 * @param excluded instances tried in vain
 * @param order the instances in the order in which {@code hash} prefers them; else empty
 */
record Wish(String requestId, String hash, String excluded, String order) {

    /** How many instances are named in order: the next ones are chosen as least-sessions does. */
    private static final int NAMED = 16;

    static Wish of(Opening opening, long hash, RedisPool pool) {
        return new Wish(
                Long.toHexString(opening.requestId()),
                "" + (SessionKey.mix(hash) >>> 33),
                Words.list(opening.excluded()),
                pool.config.placement() == PlacementRule.HASH ? order(opening, hash, pool) : "");
    }

    private static String order(Opening opening, long hash, RedisPool pool) {
        PlacementStrategy strategy = Placements.of(PlacementRule.HASH);
        List<Member> left = new ArrayList<>(pool.fleet.fleet().members());
        left.removeIf(member -> opening.excluded().contains(member.instance().id()));
        List<String> order = new ArrayList<>();
        while (order.size() < NAMED && strategy.choose(hash, new Fleet(left)) instanceof Choice.Chosen chosen) {
            left.remove(chosen.member());
            order.add(chosen.member().instance().id());
        }
        return Words.list(order);
    }
}
