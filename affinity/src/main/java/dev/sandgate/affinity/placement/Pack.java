package dev.sandgate.affinity.placement;

import dev.sandgate.affinity.Choice;
import dev.sandgate.affinity.Fleet;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.PlacementStrategy;

/** {@code pack}: to the open instance that holds the most, so that others run empty; among equals, to the oldest. */
final class Pack implements PlacementStrategy {

    @Override
    public Choice choose(long hash, Fleet fleet) {
        Choice fullest = Choice.None.FULL;
        int most = -1;
        for (Member member : fleet.members()) {
            if (member.open() && member.used() > most) {
                fullest = new Choice.Chosen(member);
                most = member.used();
            }
        }
        return fullest;
    }
}
