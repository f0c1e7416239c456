package dev.sandgate.affinity.placement;

import dev.sandgate.affinity.Choice;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.PlacementStrategy;
import dev.sandgate.affinity.SessionKey;

/** {@code least-sessions}: to the open instance that holds the fewest; among equals, where the hash points. */
final class LeastSessions implements PlacementStrategy {

    @Override
    public Choice choose(long hash, Fleet fleet) {
        int fewest = Integer.MAX_VALUE;
        int equals = 0;
        for (Member member : fleet.members()) {
            if (member.open() && member.used() <= fewest) {
                equals = member.used() == fewest ? equals + 1 : 1;
                fewest = member.used();
            }
        }
        if (equals == 0) {
            return Choice.None.FULL;
        }
        // Without the spread, the first instance would take every session of a quiet pool.
        int pass = (int) Long.remainderUnsigned(SessionKey.mix(hash), equals);
        for (Member member : fleet.members()) {
            if (member.open() && member.used() == fewest && pass-- == 0) {
                return new Choice.Chosen(member);
            }
        }
        throw new IllegalStateException("the fleet changed during the call");
    }
}
