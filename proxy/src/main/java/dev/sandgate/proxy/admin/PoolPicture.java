package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.Member;
import dev.sandgate.proxy.pool.Pool;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A pool at one moment. Its numbers are read one after the other: under traffic two of them may be a request apart.
 *
 * @param instances how many are in which state; those that are gone are in none
 * @param used slots that a session or a reservation holds
 * @param free slots that a new session may have now
 * @param closed empty slots of instances that take no new sessions
 * @param waiting first requests that wait for a slot
 */
record PoolPicture(
        Pool pool,
        Map<Member.State, Integer> instances,
        int used,
        int free,
        int closed,
        int sessions,
        int reservations,
        int waiting) {

    /** The states that an instance of the table has. */
    static final List<Member.State> STATES = List.of(Member.State.READY, Member.State.COOLING, Member.State.DRAINING);

    static PoolPicture of(Pool pool, Node node) {
        String name = pool.config().name();
        Map<Member.State, Integer> instances = new EnumMap<>(Member.State.class);
        STATES.forEach(state -> instances.put(state, 0));
        int used = 0;
        int free = 0;
        int closed = 0;
        for (Member member : node.table().instances(name).members()) {
            instances.merge(member.state(), 1, Integer::sum);
            int empty = Math.max(0, member.cap() - member.used());
            used += member.used();
            free += member.open() ? empty : 0;
            closed += member.open() ? 0 : empty;
        }
        return new PoolPicture(
                pool,
                instances,
                used,
                free,
                closed,
                node.table().sessions(name),
                node.table().reservations(name),
                pool.queue().waiting());
    }
}
