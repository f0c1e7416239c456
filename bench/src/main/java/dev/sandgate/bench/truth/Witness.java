package dev.sandgate.bench.truth;

import dev.sandgate.bench.result.Violation.Kind;
import java.util.Optional;

/**
 * Follows one session by its answers, and says what is wrong with the next one. A request that was not answered may or may
 * not have been heard: it widens what the count may be.
 */
public final class Witness {

    /** What an answer is found guilty of. */
    public record Finding(Kind kind, String why) {}

    private Optional<Sight> last = Optional.empty();
    private long unanswered;
    private long beside;
    private boolean certain = true;

    /** A request ended without an answer that tells whether the sandbox heard it. */
    public void missed() {
        unanswered++;
        certain = false;
    }

    /** A request is made beside the calls, and counted at a moment that is not known: a stream that is held. */
    public void besides() {
        beside++;
    }

    /** The next answer; empty: all is as it should be. */
    public Optional<Finding> saw(Sight sight) {
        Optional<Finding> finding = last.flatMap(before -> against(before, sight));
        if (last.isEmpty() && sight.count() > 1 + unanswered + beside) {
            finding = Optional.of(
                    new Finding(Kind.DUPLICATED, "a session's first request was counted as number " + sight.count()));
        }
        if (finding.isEmpty() || finding.get().kind() != Kind.WRONG_SESSION) {
            beside -= Math.min(beside, Math.max(0, sight.count() - counted() - 1));
            last = Optional.of(sight);
            unanswered = 0;
        }
        return finding;
    }

    /** The instance that holds the session, by its last answer. */
    public Optional<String> home() {
        return last.map(Sight::instance);
    }

    /** The session as the sandbox names it; empty before the first answer. */
    public String session() {
        return last.map(Sight::session).orElse("");
    }

    /** The most that the sandbox may have heard, where all is {@link #certain}. */
    public long said() {
        return counted() + beside;
    }

    private long counted() {
        return last.map(Sight::count).orElse(0L);
    }

    /** Whether every request so far was answered, so that the count is known for certain. */
    public boolean certain() {
        return certain;
    }

    /** Begins again: the session was told to be lost, and another one is opened under the same name. */
    public void forget() {
        last = Optional.empty();
        unanswered = 0;
    }

    private Optional<Finding> against(Sight before, Sight now) {
        if (!now.session().equals(before.session())) {
            return found(Kind.WRONG_SESSION, before, now);
        }
        if (!now.instance().equals(before.instance())) {
            return found(Kind.WRONG_INSTANCE, before, now);
        }
        if (!now.incarnation().equals(before.incarnation()) || now.count() <= before.count()) {
            return found(Kind.LOST_STATE, before, now);
        }
        if (now.count() > before.count() + 1 + unanswered + beside) {
            return found(Kind.DUPLICATED, before, now);
        }
        return Optional.empty();
    }

    private static Optional<Finding> found(Kind kind, Sight before, Sight now) {
        return Optional.of(new Finding(kind, "before: " + before + "; now: " + now));
    }
}
