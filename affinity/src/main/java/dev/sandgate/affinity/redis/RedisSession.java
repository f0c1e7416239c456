package dev.sandgate.affinity.redis;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Placement.Fresh;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Usage;
import dev.sandgate.affinity.Vouch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

/**
 * One life of one session as this node knows it. It may be used without asking only before the last deadline that the
 * table acknowledged; after that the table is asked, and may renew it. Safe from any thread.
 */
final class RedisSession implements Binding {

    private static final AtomicLongFieldUpdater<RedisSession> STATE =
            AtomicLongFieldUpdater.newUpdater(RedisSession.class, "state");

    /** By then the table's sweep told of its end, if this node was to hear of it. */
    private static final long STALE = TimeUnit.MINUTES.toNanos(1);

    private static final long OVER = -1;
    private static final long UNDER_WAY = (1L << 32) - 1;
    /** Some request entered. */
    private static final long ENTERED = 1L << 32;
    /** A second one did, or it was touched: the longer idle timeout holds. */
    private static final long USED = 1L << 33;
    /** Somebody else than the opener has seen it. */
    private static final long SHARED = 1L << 34;
    /** The table is asked to move or undo it: nobody enters until it answered. */
    private static final long WITHHELD = 1L << 35;

    final Kept kept = new Kept(this);
    final Fresh fresh = new Fresh(this);
    private final Leases leases;
    private final Tether tether;
    private final Suspicions suspicions;
    private final LongSupplier clock;
    private final SessionNames names;
    private volatile SessionEntry entry;
    private volatile Acknowledged acked;
    private volatile long state;
    private volatile long lastUse;
    private volatile boolean untold;

    RedisSession(SessionEntry entry, RedisPool pool, Known how) {
        this.entry = entry;
        this.leases = pool.leases;
        this.tether = pool.tether;
        this.suspicions = pool.suspicions;
        this.clock = pool.clock;
        this.names = pool.names;
        this.state = how == Known.FRESH ? 0 : how == Known.BOUND ? SHARED : SHARED | ENTERED;
        this.lastUse = clock.getAsLong();
        this.acked = Acknowledged.nothing(lastUse);
    }

    @Override
    public SessionKey key() {
        return entry.key();
    }

    @Override
    public Instance instance() {
        return entry.instance();
    }

    @Override
    public long generation() {
        return entry.generation();
    }

    @Override
    public String alias() {
        return entry.name();
    }

    @Override
    public Optional<Vouch> vouch() {
        SessionEntry known = entry;
        String mark = names.mark(known.key(), known.name());
        return Optional.of(new Vouch(known.instance(), known.generation(), known.bornAt(), mark));
    }

    SessionEntry entry() {
        return entry;
    }

    /** The same life of the same session, as the table knows it now: its instance may be written there anew. */
    void settle(SessionEntry told) {
        if (told.generation() == entry.generation() && !told.life().equals(entry.life())) {
            entry = told;
        }
    }

    /** The same where its instance's life has another name in a table that began anew. */
    void settle(String life) {
        SessionEntry known = entry;
        if (!known.life().equals(life)) {
            entry = known.at(life);
        }
    }

    /** Whether what is known of it is no later than this moment. */
    boolean knownSince(long moment) {
        return acked.at() - moment <= 0;
    }

    /** Whether a request of it is under way here, or a use is still to be told. */
    boolean busy() {
        long seen = state;
        return seen != OVER && ((seen & (UNDER_WAY | WITHHELD)) != 0 || untold);
    }

    /** For how long it may go on without a word of the table, in ms; not positive where it may not. */
    long left(long now) {
        return state == OVER ? 0 : TimeUnit.NANOSECONDS.toMillis(acked.until() - now);
    }

    @Override
    public Usage usage() {
        long now = clock.getAsLong();
        long bornAt = acked.bornAt();
        long seen = state;
        int underWay = seen == OVER ? 0 : (int) (seen & UNDER_WAY);
        long used = underWay > 0 ? now : lastUse;
        long left = Math.min(used + nanos(lease(seen)) - now, bornAt + nanos(leases.whole()) - now);
        return new Usage(
                Duration.ofNanos(now - bornAt),
                Duration.ofNanos(Math.max(0, now - used)),
                Duration.ofNanos(seen == OVER ? 0 : Math.max(0, left)),
                underWay);
    }

    @Override
    public boolean enter() {
        while (true) {
            long seen = state;
            if (!usable(seen, clock.getAsLong())) {
                return false;
            }
            long entered = (seen | ((seen & ENTERED) == 0 ? ENTERED : USED)) + 1;
            if (STATE.compareAndSet(this, seen, entered)) {
                untold = true;
                return true;
            }
        }
    }

    @Override
    public boolean holds() {
        return usable(state, clock.getAsLong());
    }

    @Override
    public void leave() {
        use();
        while (true) {
            long seen = state;
            if (seen == OVER) {
                return;
            }
            if ((seen & UNDER_WAY) == 0) {
                throw new IllegalStateException("left more often than entered");
            }
            if (STATE.compareAndSet(this, seen, seen - 1)) {
                return;
            }
        }
    }

    /**
     * Another than the opener wants it: true, and the opener is no longer alone; false where the table must be asked.
     *
     * @param away whether the table was asked and does not answer: what was acknowledged holds without it
     */
    boolean join(boolean away) {
        while (true) {
            long seen = state;
            long now = clock.getAsLong();
            Acknowledged last = acked;
            if (!usable(seen, now) || !((last.byTable() && tether.trusts(last.at(), now)) || away)) {
                return false;
            }
            if ((seen & SHARED) != 0 || STATE.compareAndSet(this, seen, seen | SHARED)) {
                return true;
            }
        }
    }

    /** The table said that somebody else than the opener knows it. */
    void share() {
        change(SHARED, WITHHELD);
    }

    /** A use without a request. */
    void touch() {
        change(USED, 0);
        use();
    }

    /** Nobody enters any more until {@link #restore}; false, and nothing happened, where others than its opener know it. */
    boolean withhold() {
        while (true) {
            long seen = state;
            if (seen == OVER || (seen & (SHARED | USED | WITHHELD)) != 0) {
                return false;
            }
            if (STATE.compareAndSet(this, seen, seen | WITHHELD)) {
                return true;
            }
        }
    }

    void restore() {
        change(0, WITHHELD);
    }

    /** Nobody knows whether it still is so: the table is asked before the next use. */
    void distrust() {
        acked = acked.until(clock.getAsLong());
        restore();
    }

    boolean alone() {
        long seen = state;
        return seen != OVER && (seen & (SHARED | USED)) == 0;
    }

    /** It is over; false where it was before. */
    boolean finish() {
        return STATE.getAndSet(this, OVER) != OVER;
    }

    /**
     * The table acknowledged a use.
     *
     * @param sentAt when the table was asked, by this node's clock, in ns
     * @param tableNow the table's clock when it answered, in ms
     * @param until its deadline by that clock, in ms
     */
    void acknowledge(long sentAt, long tableNow, long until) {
        Acknowledged last = acked;
        // answers of several connections overtake each other
        if (!last.byTable() || sentAt - last.at() >= 0) {
            long bornAt = last.byTable() ? last.bornAt() : sentAt - nanos(tableNow - entry.bornAt());
            acked = Acknowledged.byTable(bornAt, sentAt, until - tableNow, leases);
        }
    }

    /**
     * It may be used until the table says otherwise, as if that had just heard of a use.
     *
     * @param now by this node's clock, in ns
     * @param tableNow the table's clock, as far as it is known, in ms
     */
    void promise(long now, long tableNow) {
        long left = Math.min(lease(), entry.bornAt() + leases.whole() - tableNow);
        acked = Acknowledged.byNode(now - nanos(tableNow - entry.bornAt()), now, left, leases);
        untold = true;
    }

    /** Whether there is a use of which the table should hear now; it counts as told from now on. */
    boolean tell(long now) {
        long seen = state;
        boolean used = seen != OVER && (untold || (seen & UNDER_WAY) > 0);
        if (!used || now - acked.quietUntil() < 0) {
            return false;
        }
        untold = false;
        return true;
    }

    /** What {@link #tell} promised did not happen. */
    void untold() {
        untold = true;
    }

    /** How long the table should let it live from now on, in ms. */
    long lease() {
        return lease(state);
    }

    /** Whether its last acknowledged deadline is long past, with nothing under way. */
    boolean stale(long now) {
        long seen = state;
        return (seen == OVER || (seen & (UNDER_WAY | WITHHELD)) == 0) && now - acked.until() > STALE;
    }

    /** The lease that the table would be told now, in ms; zero where there is nothing to tell. */
    long untoldLease() {
        long seen = state;
        return seen != OVER && (untold || (seen & UNDER_WAY) > 0) ? lease(seen) : 0;
    }

    private void use() {
        long now = clock.getAsLong();
        if (now - lastUse > 0) {
            lastUse = now;
        }
        untold = true;
    }

    private boolean usable(long seen, long now) {
        Acknowledged last = acked;
        return seen != OVER
                && (seen & WITHHELD) == 0
                && now - last.until() < 0
                && now - last.bornAt() < nanos(leases.whole())
                && tether.serves(now)
                && suspicions.serves(entry.instance(), last.at(), now);
    }

    private void change(long set, long clear) {
        for (long seen = state; seen != OVER; seen = state) {
            if (STATE.compareAndSet(this, seen, (seen | set) & ~clear)) {
                return;
            }
        }
    }

    private long lease(long seen) {
        return leases.lease(entry.lease(), (seen & USED) != 0);
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }
}
