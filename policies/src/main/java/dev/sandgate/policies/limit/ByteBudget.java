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
import dev.sandgate.policies.limit.BudgetBook.Spent;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what would move more bytes of a session than it may, and refuses what comes after; as long as the session lives, on
 * this node. The request that opens a session whose id nobody knows before has the whole budget, and the session what it
 * left. Requests on any event loop, ends on any thread.
 */
public final class ByteBudget implements Policy, SessionEnds {

    private static final Verdict SPENT =
            Refuse.of(Why.BUDGET_SPENT, "the bytes that may go by in this session have gone by");

    private final KeyReader keys;
    private final long upload;
    private final long download;
    private final BudgetBook book = new BudgetBook();

    private ByteBudget(PolicyConfig.ByteBudget config) {
        this.keys = new KeyReader(config.key());
        this.upload = config.upload().orElse(Long.MAX_VALUE);
        this.download = config.download().orElse(Long.MAX_VALUE);
    }

    /** One of which nothing is spent; for requests whose session was looked for. */
    public static ByteBudget of(PolicyConfig.ByteBudget config) {
        return new ByteBudget(config);
    }

    @Override
    public Verdict check(Seen seen) {
        Object beside = Exempt.is(seen) ? null : keys.besideSession(seen);
        if (beside == null) {
            return Verdict.PASS;
        }
        SessionKey session = named(seen.session());
        Spent spent = session == null ? null : book.find(session, beside);
        boolean usedUp = spent != null && (spent.in() >= upload || spent.out() >= download);
        return usedUp ? SPENT : new Pass(Optional.of(new Count(session, beside)));
    }

    @Override
    public void over(SessionKey session) {
        SessionKey key = named(session);
        if (key != null) {
            book.forget(key);
        }
    }

    // A session of a route that leads to several pools is looked for by one of them, and ends in another.
    private static @Nullable SessionKey named(@Nullable SessionKey session) {
        SessionKey brief = KeyReader.session(session);
        return brief == null ? null : new SessionKey("", brief.source(), brief.id(), brief.principal());
    }

    /** Sessions of which anything went by. */
    long remembered() {
        return book.size();
    }

    /** One request's bytes. */
    private final class Count implements Aftermath {

        private final @Nullable SessionKey session;
        private final Object beside;
        private @Nullable Spent spent;

        /** @param session null: it has none, or one whose id the answer tells */
        Count(@Nullable SessionKey session, Object beside) {
            this.session = session;
            this.beside = beside;
        }

        @Override
        public boolean moved(long in, long out) {
            Spent into = spent;
            if (into == null) {
                // not before: a session that nobody knows is never over
                into = session == null ? new Spent() : book.of(session, beside);
                spent = into;
            }
            into.add(in, out);
            return into.in() <= upload && into.out() <= download;
        }

        @Override
        public void done(Outcome outcome) {
            SessionKey opened = session == null ? named(outcome.opened()) : null;
            // one that was cut here may be over, and nobody would say so again
            if (opened != null && spent != null && outcome.end() != Outcome.End.REFUSED) {
                book.of(opened, beside).add(spent.in(), spent.out());
            }
        }
    }
}
