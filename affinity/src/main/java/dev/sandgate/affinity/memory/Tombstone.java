package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Ended;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Placement.Why;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Sighting;
import java.time.Duration;

/**
 * What is remembered of a session that is over.
 *
 * @param key its name and its owner
 * @param why it is over
 * @param home where it lived
 * @param generation of its last life
 * @param until when it would have lapsed; before that its id comes back at home or not at all
 * @param forgottenAt when this is forgotten; not before {@code until}
 * @param unusedOpener whether only its opener ever knew it
 * @param requestId of the opener
 */
record Tombstone(
        SessionKey key,
        Ended why,
        Instance home,
        long generation,
        long until,
        long forgottenAt,
        boolean unusedOpener,
        long requestId) {

    static Tombstone of(LiveSession session, Ended why, long now, Lifetimes lifetimes) {
        long deadline = session.deadline(now);
        long until = why == Ended.EXPIRED || deadline - now < 0 ? now : deadline;
        long remembered = now + lifetimes.remembered();
        return new Tombstone(
                session.key(),
                why,
                session.instance(),
                session.generation(),
                until,
                until - remembered > 0 ? until : remembered,
                session.aloneWith(session.requestId()),
                session.requestId());
    }

    /** What a request that names it is told. */
    Why told() {
        return switch (why) {
            case ENDED -> Why.SESSION_ENDED;
            case EXPIRED -> Why.SESSION_EXPIRED;
            case LOST -> Why.SESSION_LOST;
        };
    }

    Sighting.Over shown(long now) {
        Duration left = Duration.ofNanos(Math.max(0, until - now));
        return new Sighting.Over(key, "", why, home, generation, left, Duration.ofNanos(forgottenAt - now));
    }

    /** Whether nobody but this opener ever knew it, so that nothing was lost with it. */
    boolean unusedBy(long opener) {
        return unusedOpener && requestId == opener;
    }
}
