package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Lease;
import dev.sandgate.affinity.SessionKey;

/**
 * What stands in the table of one life of a session.
 *
 * @param name in Redis
 * @param life of the instance
 * @param bornAt by the table's clock, in ms
 * @param lease its kind
 * @param opener the request whose own it is, as it stands in the table; empty once somebody else knows it
 */
record SessionEntry(
        SessionKey key,
        String name,
        Instance instance,
        String life,
        long generation,
        long bornAt,
        Lease lease,
        String opener) {

    /** The same, of an instance's life by the name that it has now. */
    SessionEntry at(String life) {
        return new SessionEntry(key, name, instance, life, generation, bornAt, lease, opener);
    }
}
