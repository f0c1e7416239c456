package dev.sandgate.affinity;

import java.util.List;

/**
 * A pool's instances at one moment: what a placement strategy chooses from. Does not change during the call.
 *
 * @param members in the order in which they were first reported
 */
public record Fleet(List<Member> members) {}
