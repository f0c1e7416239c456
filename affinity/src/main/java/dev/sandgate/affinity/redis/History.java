package dev.sandgate.affinity.redis;

import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where one pool's table is, and how much of it this node has heard. Guarded by the pool's lock. */
final class History {

    private static final Logger LOG = LoggerFactory.getLogger(RedisTable.class);

    /** Servers that were replaced. */
    private static final int REMEMBERED = 100;

    private final String pool;
    private final Tether tether;
    /** The latest that an answer told. */
    private Moment told = Moment.NEVER;
    /** Up to where the news were read. */
    private Moment read = Moment.NEVER;
    /** The epoch in which the table has what this node knows. */
    private long settled;

    /** The server that speaks in the epoch that was told. */
    private String run = "";
    /** Those that spoke before it: what they say is old. */
    private final Set<String> left = new LinkedHashSet<>();

    private boolean admits = true;
    private long heldUntil;
    private String lackedKey = "";

    History(String pool, Tether tether) {
        this.pool = pool;
        this.tether = tether;
    }

    Moment told() {
        return told;
    }

    Moment read() {
        return read;
    }

    /**
     * The latest epoch that this server is to know of: it may lack it, and be behind in its clock as well. Zero for one
     * that was replaced and goes on as if it were not, or it would be believed again.
     */
    long believed(String server) {
        return left.contains(server) ? 0 : told.epoch();
    }

    /**
     * An answer tells where the table is; whether it began anew since the last one.
     *
     * @param server which said so; empty: the same as before
     */
    boolean hear(Moment at, String server, long now) {
        boolean anew = false;
        if (at.epoch() > told.epoch()) {
            follow(server);
        }
        if (told.equals(Moment.NEVER)) {
            // A node that starts knows nothing that the table lacks, and remembers nothing that is no longer so.
            read = at;
            settled = at.epoch();
        } else if (at.epoch() > told.epoch()) {
            LOG.warn("pool {}: the table began anew, and may lack what was written last; it is told again", pool);
            tether.doubt(now);
            anew = true;
        }
        if (at.isAfter(told)) {
            told = at;
        }
        return anew;
    }

    private void follow(String server) {
        if (!server.equals(run)) {
            left.add(run);
            left.remove(server);
            run = server;
            if (left.size() > REMEMBERED) {
                left.remove(left.iterator().next());
            }
        }
    }

    /** Until when nothing lapses, and whether anybody is admitted meanwhile. */
    void hold(long until, boolean admitting) {
        heldUntil = until;
        admits = admitting;
    }

    /** Nobody is admitted, since not all nodes told what they know. */
    boolean isHeld(long now) {
        return !admits && heldUntil - now > 0;
    }

    /** News that were not read before? Those that are missing before them make all that is known doubtful. */
    boolean advance(Moment at, long now) {
        if (!at.isAfter(read)) {
            return false;
        }
        if (!at.follows(read)) {
            missed(now);
        }
        read = at;
        return true;
    }

    /** All news were read that there were when this had been told. */
    void caughtUp(Moment known, long now) {
        if (known.isAfter(read)) {
            missed(now);
            read = known;
        }
    }

    private void missed(long now) {
        LOG.info("pool {}: news were missed; what is known is asked for once more", pool);
        tether.doubt(now);
    }

    /** Whether the table has all that this node knows. */
    boolean isSettled() {
        return settled == told.epoch();
    }

    void settle(long epoch) {
        settled = Math.max(settled, epoch);
    }

    /** The key that hides new ids and that this node has not, as {@link SessionNames#ids} tells it; empty: none. */
    void lackKey(String key) {
        String id = key.isEmpty() ? "" : Words.name(key.substring(0, key.lastIndexOf('~')));
        if (!id.isEmpty() && !id.equals(lackedKey)) {
            LOG.error(
                    "other nodes hide session ids with the key \"{}\", which this node lacks, or has with another secret",
                    id);
        }
        lackedKey = id;
    }

    /** What keeps this pool from admitting; empty: nothing. */
    String trouble(long now) {
        if (told.equals(Moment.NEVER)) {
            return "Redis was not reached yet";
        } else if (!lackedKey.isEmpty()) {
            return "the table's key " + lackedKey + " is missing here, or has another secret";
        }
        return isHeld(now) ? "the table is being put together again" : "";
    }
}
