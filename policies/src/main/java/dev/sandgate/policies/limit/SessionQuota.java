package dev.sandgate.policies.limit;

import dev.sandgate.affinity.SessionKey;
import dev.sandgate.conf.PolicyConfig;
import dev.sandgate.policies.Aftermath;
import dev.sandgate.policies.Outcome;
import dev.sandgate.policies.Policy;
import dev.sandgate.policies.Seen;
import dev.sandgate.policies.SessionEnds;
import dev.sandgate.policies.Verdict;
import dev.sandgate.policies.Verdict.Pass;
import dev.sandgate.policies.Verdict.Refuse;
import dev.sandgate.policies.Verdict.Why;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses new sessions of a key that has enough of them, among those that were opened through this node. A request that
 * would open one counts as one until it is over. Requests on any event loop, ends on any thread.
 */
public final class SessionQuota implements Policy, SessionEnds {

    private static final Verdict ENOUGH =
            Refuse.of(Why.SESSIONS_LIMITED, "too many sessions at the same time", Duration.ofSeconds(1));

    private final KeyReader keys;
    private final QuotaBook book;

    private SessionQuota(KeyReader keys, QuotaBook book) {
        this.keys = keys;
        this.book = book;
    }

    /** One that knows of no session; for requests that would open one. */
    public static SessionQuota of(PolicyConfig.SessionQuota config) {
        return new SessionQuota(new KeyReader(config.key()), new QuotaBook(config.max()));
    }

    @Override
    public Verdict check(Seen seen) {
        Object key = keys.read(seen);
        if (key == null) {
            return Verdict.PASS;
        }
        Permit permit = new Permit(key);
        return book.enter(permit) ? new Pass(Optional.of(permit)) : ENOUGH;
    }

    @Override
    public void over(SessionKey session) {
        book.over(session);
    }

    /** All that is remembered, for whatever reason: nothing once all is over. */
    int remembered() {
        return book.size();
    }

    /** A request that may open a session. */
    private final class Permit extends QuotaBook.Opening implements Aftermath {

        Permit(Object key) {
            super(key);
        }

        @Override
        public void done(Outcome outcome) {
            @Nullable SessionKey opened = outcome.opened();
            if (opened == null) {
                book.leave(this);
            } else {
                book.keep(this, opened);
            }
        }
    }
}
