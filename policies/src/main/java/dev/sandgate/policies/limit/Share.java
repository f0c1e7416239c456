package dev.sandgate.policies.limit;

import dev.sandgate.policies.Verdict;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What a node has of a fleet's limit for one key: permits that it got in advance, or word that there are none, and the
 * requests that wait for an answer of Redis. Decides; whoever holds it asks. Any thread.
 */
final class Share {

    /** Requests that may wait for one answer. */
    private static final int MOST_WAITING = 1_000;

    private final SharePlan plan;
    private final Demand demand;
    private int left;
    private long leftUntil;
    private long emptyUntil;
    private boolean asking;
    /** Whether Redis has so many that some may be given up. */
    private boolean plenty;

    private @Nullable Queue<Promise<Verdict>> waiting;

    Share(SharePlan plan, long now) {
        this.plan = plan;
        this.demand = new Demand(plan.holdNanos(), now);
        this.leftUntil = now;
        this.emptyUntil = now;
    }

    /**
     * What becomes of one request, and what must be asked of Redis now.
     *
     * @param ask permits; 0: nothing is asked
     */
    record Step(Verdict verdict, int ask) {

        static final Step PASS = new Step(Verdict.PASS, 0);
    }

    synchronized Step take(long now, Exceeded exceeded) {
        demand.note(now);
        if (left > 0 && now - leftUntil < 0) {
            left--;
            int ask = ask(now);
            return ask == 0 ? Step.PASS : new Step(Verdict.PASS, ask);
        }
        left = 0;
        long wait = emptyUntil - now;
        if (wait > 0) {
            return new Step(exceeded.in(wait), 0);
        }
        Queue<Promise<Verdict>> line = waiting == null ? new ArrayDeque<>() : waiting;
        waiting = line;
        if (line.size() >= MOST_WAITING) {
            return new Step(exceeded.in(plan.holdNanos()), 0);
        }
        Promise<Verdict> later = Promise.promise();
        line.add(later);
        return new Step(new Verdict.Later(later.future()), ask(now));
    }

    /** What must be asked of Redis to learn whether it is there. */
    synchronized int probe() {
        if (asking) {
            return 0;
        }
        asking = true;
        return 1;
    }

    /** Redis answered: tells those who waited, and what must be asked now. */
    int given(Grant grant, long now, Exceeded exceeded) {
        List<Promise<Verdict>> passed = new ArrayList<>();
        List<Promise<Verdict>> refused = new ArrayList<>();
        int ask = share(grant, now, passed, refused);
        passed.forEach(each -> each.complete(Verdict.PASS));
        refused.forEach(each -> each.complete(exceeded.in(grant.waitNanos())));
        return ask;
    }

    private synchronized int share(
            Grant grant, long now, List<Promise<Verdict>> passed, List<Promise<Verdict>> refused) {
        asking = false;
        plenty = grant.left() * 2 >= plan.burst();
        left = grant.given() + (now - leftUntil < 0 ? left : 0);
        leftUntil = now + plan.holdNanos();
        while (left > 0 && waiting != null && !waiting.isEmpty()) {
            left--;
            passed.add(waiting.remove());
        }
        if (grant.given() < grant.asked()) {
            emptyUntil = now + grant.waitNanos();
            refused.addAll(endWait());
        } else if (waiting != null && waiting.isEmpty()) {
            waiting = null;
        }
        return ask(now);
    }

    /** Redis did not answer; those who waited. */
    synchronized List<Promise<Verdict>> failed() {
        asking = false;
        return endWait();
    }

    private List<Promise<Verdict>> endWait() {
        List<Promise<Verdict>> all = waiting == null ? List.of() : List.copyOf(waiting);
        waiting = null;
        return all;
    }

    /** Enough for those who wait, and for those who will come soon where less than half of that is there. */
    private int ask(long now) {
        int waits = waiting == null ? 0 : waiting.size();
        int ahead = ahead();
        if (asking || (waits == 0 && (left * 2 >= ahead || emptyUntil - now > 0))) {
            return 0;
        }
        asking = true;
        return Math.min(waits + Math.max(0, ahead - left), plan.burst());
    }

    /** Half of what is used before it would be given up; a quarter where permits are scarce, and none must be lost. */
    private int ahead() {
        return (int) Math.min(demand.inSpan() / (plenty ? 2 : 4), plan.mostAhead());
    }
}
