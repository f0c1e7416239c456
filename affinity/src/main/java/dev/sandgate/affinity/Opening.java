package dev.sandgate.affinity;

import java.util.Set;

/**
 * One wish for a slot, the same over all its tries.
 *
 * @param requestId random, chosen before the first try: asking again with it gives the same answer, not a second slot
 * @param excluded ids of instances that were tried in vain
 */
public record Opening(long requestId, Set<String> excluded) {

    public Opening without(String instanceId) {
        var more = new java.util.HashSet<>(excluded);
        more.add(instanceId);
        return new Opening(requestId, Set.copyOf(more));
    }
}
