package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Binding;
import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Placement.Kept;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.affinity.Usage;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.LongSupplier;

/**
 * One life of one session. Its state is one number that every thread changes by compare-and-set: the requests under way,
 * what is known of its use, or {@link #OVER}, which nothing changes any more. The rest is final, or guarded by the
 * pool's lock.
 */
final class LiveSession extends Due implements Binding {

    private static final AtomicLongFieldUpdater<LiveSession> STATE =
            AtomicLongFieldUpdater.newUpdater(LiveSession.class, "state");

    private static final long OVER = -1;
    private static final long UNDER_WAY = (1L << 32) - 1;
    /** Some request entered. */
    private static final long ENTERED = 1L << 32;
    /** A second one did, or it was touched: the longer idle timeout holds. */
    private static final long USED = 1L << 33;
    /** Somebody else than the opener has seen it: the opener may not move it any more. */
    private static final long SHARED = 1L << 34;

    /** Who opens a session, and for how long. */
    record Birth(SessionKey key, InstanceState home, long generation, long requestId, long bornAt) {}

    final Kept kept;
    private final Birth birth;
    private final Instance instance;
    private final Lifetimes lifetimes;
    private final LongSupplier clock;
    private volatile long state;
    private volatile long lastUse;

    LiveSession(Birth birth, Lifetimes lifetimes, LongSupplier clock, long now) {
        this.birth = birth;
        this.instance = birth.home().instance();
        this.lifetimes = lifetimes;
        this.clock = clock;
        this.lastUse = now;
        this.kept = new Kept(this);
    }

    @Override
    public SessionKey key() {
        return birth.key();
    }

    @Override
    public Instance instance() {
        return instance;
    }

    @Override
    public long generation() {
        return birth.generation();
    }

    InstanceState home() {
        return birth.home();
    }

    long requestId() {
        return birth.requestId();
    }

    long bornAt() {
        return birth.bornAt();
    }

    @Override
    public Usage usage() {
        long now = clock.getAsLong();
        long seen = state;
        int underWay = seen == OVER ? 0 : (int) (seen & UNDER_WAY);
        return new Usage(
                Duration.ofNanos(now - bornAt()),
                Duration.ofNanos(underWay > 0 ? 0 : Math.max(0, now - lastUse)),
                Duration.ofNanos(seen == OVER ? 0 : Math.max(0, deadline(now) - now)),
                underWay);
    }

    @Override
    public boolean enter() {
        long now = clock.getAsLong();
        while (true) {
            long seen = state;
            if (seen == OVER || lapsed(seen, now)) {
                return false;
            }
            long entered = (seen | ((seen & ENTERED) == 0 ? ENTERED : USED)) + 1;
            if (STATE.compareAndSet(this, seen, entered)) {
                return true;
            }
        }
    }

    @Override
    public boolean holds() {
        return state != OVER;
    }

    @Override
    public void leave() {
        // Before the count goes down: whoever sees no request under way must see when the last one ended.
        prolong(clock.getAsLong());
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

    /** Another than the opener wants it: true, and the opener is no longer alone; false where it is over. */
    boolean join(long now) {
        while (true) {
            long seen = state;
            if (seen == OVER || lapsed(seen, now)) {
                return false;
            }
            if ((seen & SHARED) != 0 || STATE.compareAndSet(this, seen, seen | SHARED)) {
                return true;
            }
        }
    }

    /** A use without a request. */
    void touch(long now) {
        prolong(now);
        for (long seen = state; seen != OVER && (seen & USED) == 0; seen = state) {
            if (STATE.compareAndSet(this, seen, seen | USED)) {
                return;
            }
        }
    }

    void prolong(long now) {
        if (now - lastUse > 0) {
            lastUse = now;
        }
    }

    boolean aloneWith(long opener) {
        return requestId() == opener && alone(state);
    }

    /** Ends it for its opener, silently: only while nobody joined. */
    boolean withdraw(long opener) {
        while (requestId() == opener) {
            long seen = state;
            if (!alone(seen)) {
                return false;
            }
            if (STATE.compareAndSet(this, seen, OVER)) {
                return true;
            }
        }
        return false;
    }

    /** Ends it if its time has come. */
    boolean lapse(long now) {
        while (true) {
            long seen = state;
            if (seen == OVER || !lapsed(seen, now)) {
                return false;
            }
            if (STATE.compareAndSet(this, seen, OVER)) {
                return true;
            }
        }
    }

    void finish() {
        state = OVER;
    }

    boolean alive(long now) {
        long seen = state;
        return seen != OVER && !lapsed(seen, now);
    }

    /** When it would lapse if nothing more happened; with a request under way, if that ended now. */
    long deadline(long now) {
        long seen = state;
        long used = seen != OVER && (seen & UNDER_WAY) > 0 ? now : lastUse;
        long idles = used + idle(seen);
        long dies = bornAt() + lifetimes.whole();
        return idles - dies < 0 ? idles : dies;
    }

    private boolean lapsed(long seen, long now) {
        if (now - bornAt() >= lifetimes.whole()) {
            return true;
        }
        return (seen & UNDER_WAY) == 0 && now - lastUse >= idle(seen);
    }

    private long idle(long seen) {
        return (seen & USED) == 0 ? lifetimes.unused() : lifetimes.idle();
    }

    private static boolean alone(long seen) {
        return seen != OVER && (seen & (SHARED | USED)) == 0;
    }
}
