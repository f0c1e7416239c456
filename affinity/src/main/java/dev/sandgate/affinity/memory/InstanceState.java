package dev.sandgate.affinity.memory;

import dev.sandgate.affinity.Instance;
import dev.sandgate.affinity.Member;
import dev.sandgate.affinity.Member.State;
import dev.sandgate.affinity.Report;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One incarnation of one instance: who holds its slots, and whether it can be reached. Guarded by the pool's lock. */
final class InstanceState extends Due {

    private static final long FIRST_COOLING = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST_COOLING = TimeUnit.SECONDS.toNanos(30);

    private final Instance instance;
    private final Set<LiveSession> sessions = new HashSet<>();
    private final Set<HeldSlot> held = new HashSet<>();
    private int cap;
    private boolean singleUse;
    private int given;
    private boolean draining;
    private boolean gone;
    private boolean unreachable;
    private long unreachableSince;
    private boolean cooling;
    private long coolUntil;
    private long coolFor;
    private Member member;

    InstanceState(Report.Ready born) {
        this.instance = born.instance();
        this.cap = born.cap();
        this.singleUse = born.singleUse();
        this.member = new Member(instance, State.READY, cap, 0);
    }

    Instance instance() {
        return instance;
    }

    Member member() {
        return member;
    }

    boolean gone() {
        return gone;
    }

    /** Whether there is room, whatever the state. */
    boolean hasRoom() {
        return !gone && member.used() < cap;
    }

    void take(LiveSession session) {
        sessions.add(session);
        refresh();
    }

    void take(HeldSlot slot) {
        held.add(slot);
        refresh();
    }

    void free(LiveSession session) {
        sessions.remove(session);
        refresh();
    }

    void free(HeldSlot slot) {
        held.remove(slot);
        refresh();
    }

    Set<LiveSession> sessions() {
        return sessions;
    }

    Set<HeldSlot> held() {
        return held;
    }

    void ready(Report.Ready again) {
        cap = again.cap();
        singleUse = again.singleUse();
        draining = false;
        refresh();
    }

    void found(Report.Found again) {
        cap = again.cap();
        singleUse = again.singleUse();
        refresh();
    }

    /** Counts a slot as given, before it is taken. */
    void give() {
        given++;
    }

    void drain() {
        draining = true;
        refresh();
    }

    void end() {
        gone = true;
        refresh();
    }

    /** Cools down, twice as long as the last time; a report during the cool-down says nothing new. */
    void unreachable(long now) {
        if (!unreachable) {
            unreachable = true;
            unreachableSince = now;
            coolFor = FIRST_COOLING;
        } else if (cooling) {
            return;
        } else {
            coolFor = Math.min(2 * coolFor, LONGEST_COOLING);
        }
        cooling = true;
        coolUntil = now + coolFor;
        refresh();
    }

    void reachable() {
        unreachable = false;
        cooling = false;
        refresh();
    }

    boolean suspected() {
        return unreachable;
    }

    boolean lost(long now, long lostAfter) {
        return unreachable && now - unreachableSince >= lostAfter;
    }

    /** Ends a cool-down whose time is over. */
    void thaw(long now) {
        if (cooling && now - coolUntil >= 0) {
            cooling = false;
            refresh();
        }
    }

    /** When its state changes by itself; only while {@link #suspected}. */
    long nextLook(long lostAfter) {
        long lostAt = unreachableSince + lostAfter;
        return cooling && coolUntil - lostAt < 0 ? coolUntil : lostAt;
    }

    private void refresh() {
        member = new Member(instance, state(), cap, sessions.size() + held.size(), unreachable);
    }

    private State state() {
        if (gone) {
            return State.GONE;
        }
        if (draining || (singleUse && given >= cap)) {
            return State.DRAINING;
        }
        return cooling ? State.COOLING : State.READY;
    }
}
