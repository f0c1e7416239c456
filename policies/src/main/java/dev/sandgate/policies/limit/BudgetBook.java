package dev.sandgate.policies.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sandgate.affinity.SessionKey;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How many bytes went by of which session, for as long as it lives. Any thread. */
final class BudgetBook {

    /** Stands for what a session's bytes are told apart by where nothing does that. */
    static final Object ALL = new Object();

    /** Sessions remembered at most; beyond that those go that moved nothing for the longest time. */
    private static final int MOST_SESSIONS = 1_000_000;

    /** Further keys of one session, which clients may make up; beyond that all share one. */
    private static final int MOST_KEYS = 100;

    private final Cache<SessionKey, Sheet> sheets = Caffeine.newBuilder()
            .maximumSize(MOST_SESSIONS)
            .executor(Runnable::run)
            .build();

    /** What went by so far. */
    static final class Spent {

        private final AtomicLong in = new AtomicLong();
        private final AtomicLong out = new AtomicLong();

        void add(long moreIn, long moreOut) {
            in.addAndGet(moreIn);
            out.addAndGet(moreOut);
        }

        long in() {
            return in.get();
        }

        long out() {
            return out.get();
        }
    }

    /** One session's. */
    private static final class Sheet {

        private final Spent common = new Spent();
        private final Map<Object, Spent> keys = new HashMap<>(0);

        synchronized Spent of(Object beside) {
            Spent known = find(beside);
            if (known == null) {
                known = new Spent();
                keys.put(beside, known);
            }
            return known;
        }

        synchronized @Nullable Spent find(Object beside) {
            Spent known = beside == ALL ? common : keys.get(beside);
            return known == null && keys.size() >= MOST_KEYS ? common : known;
        }
    }

    /** That of this session and key, from nothing where nothing went by. */
    Spent of(SessionKey session, Object beside) {
        return sheets.get(session, key -> new Sheet()).of(beside);
    }

    /** The same; null: nothing went by. */
    @Nullable Spent find(SessionKey session, Object beside) {
        Sheet sheet = sheets.getIfPresent(session);
        return sheet == null ? null : sheet.find(beside);
    }

    /** This session is over. */
    void forget(SessionKey session) {
        sheets.invalidate(session);
    }

    /** Sessions that are remembered. */
    long size() {
        return sheets.asMap().size();
    }
}
