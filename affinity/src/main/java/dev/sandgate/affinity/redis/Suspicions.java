package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Instance;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Instances of which this node told the table that it cannot reach them, and has not yet told it otherwise. Such a word
 * counts towards giving an instance up, also when this node reaches it again and the table is away. So from when that may
 * have happened, a session there is served only upon the table's answer. Read by any thread, without a lock; times are in
 * nanoseconds by this node's clock.
 */
final class Suspicions {

    /**
     * What was said of one instance.
     *
     * @param since when it was said first
     * @param again when it was said last
     */
    private record Word(long since, long again) {}

    private final long trusted;
    private final long late;
    private volatile Map<Instance, Word> open = Map.of();

    /**
     * None yet.
     *
     * @param trusted for how long such a word has no effect
     * @param late how long what was asked may be on its way
     */
    Suspicions(long trusted, long late) {
        this.trusted = trusted;
        this.late = late;
    }

    static Suspicions of(Leases leases, Times times) {
        return new Suspicions(
                TimeUnit.MILLISECONDS.toNanos(leases.lostAfter() - leases.margin(leases.lostAfter())),
                TimeUnit.MILLISECONDS.toNanos(times.timeout()));
    }

    /** The table is told now that this node cannot reach it. */
    synchronized void say(Instance instance, long now) {
        Map<Instance, Word> more = new HashMap<>(open);
        more.merge(instance, new Word(now, now), (first, last) -> new Word(first.since, last.again));
        open = more;
    }

    boolean any() {
        return !open.isEmpty();
    }

    /**
     * The table knows that this node reaches it. Of no effect where what was said before may still be on its way there.
     *
     * @param askedAt when the table was told so, or was asked and told so
     */
    synchronized void takeBack(Instance instance, long askedAt) {
        Word word = open.get(instance);
        if (word != null && askedAt - word.again >= late) {
            Map<Instance, Word> fewer = new HashMap<>(open);
            fewer.remove(instance);
            open = fewer;
        }
    }

    /** Forgets all but those of these. */
    synchronized void keepOnly(Set<Instance> there) {
        if (!there.containsAll(open.keySet())) {
            Map<Instance, Word> fewer = new HashMap<>(open);
            fewer.keySet().retainAll(there);
            open = fewer;
        }
    }

    /** Whether the table may have given it up upon this node's word. */
    boolean isInDoubt(Instance instance, long now) {
        Map<Instance, Word> said = open;
        if (said.isEmpty()) {
            return false;
        }
        Word word = said.get(instance);
        return word != null && now - word.since >= trusted;
    }

    /**
     * Whether a session there may be served.
     *
     * @param ackedAt when the table was asked that told of the session last
     */
    boolean serves(Instance instance, long ackedAt, long now) {
        return !isInDoubt(instance, now) || now - ackedAt < late;
    }
}
