package dev.sandgate.affinity.placement;

import dev.sandgate.affinity.Choice;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.PlacementStrategy;
import dev.sandgate.affinity.SessionKey;

/**
 * {@code hash}: rendezvous hashing. Each instance scores the session; the highest open one has it, so a full instance is
 * passed over for the next in its order, and an instance that comes or goes moves only its own share.
 */
final class Rendezvous implements PlacementStrategy {

    @Override
    public Choice choose(long hash, Fleet fleet) {
        Choice highest = Choice.None.FULL;
        long best = 0;
        for (Member member : fleet.members()) {
            if (!member.open()) {
                continue;
            }
            long score = score(hash, member);
            if (highest == Choice.None.FULL || Long.compareUnsigned(score, best) > 0) {
                highest = new Choice.Chosen(member);
                best = score;
            }
        }
        return highest;
    }

    /** By the instance's id, not its incarnation: a restart moves nothing. */
    private static long score(long hash, Member member) {
        return SessionKey.mix(hash ^ SessionKey.hash(member.instance().id()));
    }
}
