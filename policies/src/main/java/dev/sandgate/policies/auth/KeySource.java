package dev.sandgate.policies.auth;

import dev.sandgate.affinity.AlarmClock.Alarm;
import dev.sandgate.conf.PolicyConfig.Jwt;
import dev.sandgate.policies.Surroundings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An issuer's keys: read at the start, every {@code refresh}, and for those that wait for a key nobody knows, one read at a
 * time and at most one a second, whoever asks. A read that fails leaves the keys as they were. Any thread.
 */
final class KeySource implements AutoCloseable {

    /** Of requests that wait. */
    static final int MOST_WAITING = 1000;

    private static final Duration PACE = Duration.ofSeconds(1);

    /** @param begun how many reads had begun when it asked: only a later one saw all that was there by then */
    private record Waiting(Predicate<KeySet> enough, long begun, Promise<Optional<KeySet>> promise) {}

    private final Jwt config;
    private final Surroundings surroundings;
    private final KeyWarnings warnings;
    private volatile Optional<KeySet> current = Optional.empty();
    private @Nullable Buffer last;

    // guarded by this
    private final List<Waiting> waiting = new ArrayList<>();
    private long begun;
    private long lastBegan;
    private boolean reading;
    private boolean closed;
    private @Nullable Alarm next;

    KeySource(Jwt config, Surroundings surroundings) {
        this.config = config;
        this.surroundings = surroundings;
        this.warnings = new KeyWarnings(config, surroundings.nanos());
    }

    /** Empty: they were never read. */
    Optional<KeySet> current() {
        return current;
    }

    /**
     * The keys when they are enough, else as they are after a read that began after this was called; empty: they could not
     * be read, or too many wait already. Does not fail; completes on any thread.
     */
    Future<Optional<KeySet>> when(Predicate<KeySet> enough) {
        Promise<Optional<KeySet>> promise = Promise.promise();
        boolean now;
        synchronized (this) {
            if (current.filter(enough).isPresent()) {
                return Future.succeededFuture(current);
            }
            if (closed || waiting.size() >= MOST_WAITING) {
                return Future.succeededFuture(Optional.empty());
            }
            waiting.add(new Waiting(enough, begun, promise));
            now = waiting.size() == 1 && !reading && begins(PACE);
        }
        if (now) {
            fetch();
        }
        return promise.future();
    }

    /** Reads them when it is time to, unless that is under way. */
    void read() {
        boolean now;
        synchronized (this) {
            now = !closed && !reading && begins(waiting.isEmpty() ? config.refresh() : PACE);
        }
        if (now) {
            fetch();
        }
    }

    /** Whether a read begins now, so long after the last began; else it is set for then. Under the lock. */
    private boolean begins(Duration after) {
        if (next != null) {
            next.cancel();
        }
        long now = surroundings.nanos().getAsLong();
        long left = begun == 0 ? 0 : after.toNanos() - (now - lastBegan);
        if (left > 0) {
            next = surroundings.alarms().after(Duration.ofNanos(left), this::read);
            return false;
        }
        reading = true;
        begun++;
        lastBegan = now;
        return true;
    }

    private void fetch() {
        surroundings.documents().read(config.keys()).onComplete(this::end);
    }

    private void end(AsyncResult<Buffer> read) {
        Optional<String> problem = read.succeeded()
                ? take(read.result())
                : Optional.of(String.valueOf(read.cause().getMessage()));
        problem.ifPresent(warnings::away);
        List<Waiting> served;
        synchronized (this) {
            reading = false;
            served = served(problem.isEmpty());
        }
        Optional<KeySet> told = problem.isEmpty() ? current : Optional.empty();
        served.forEach(each -> each.promise().complete(told));
        read();
    }

    /** What is wrong with it; empty: it is what counts now. Only by the one read under way. */
    private Optional<String> take(Buffer document) {
        if (document.equals(last)) {
            return Optional.empty();
        }
        try {
            KeySet set = KeySet.read(document, config.algorithms(), current);
            Optional<KeySet> before = current;
            current = Optional.of(set);
            before.ifPresent(old -> old.giveWay(set));
            last = document;
            warnings.ignored(set.ignored());
            return Optional.empty();
        } catch (IllegalArgumentException broken) {
            return Optional.of(String.valueOf(broken.getMessage()));
        }
    }

    private List<Waiting> served(boolean good) {
        List<Waiting> served = new ArrayList<>();
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting one = each.next();
            if (!good || one.begun() < begun || current.filter(one.enough()).isPresent()) {
                served.add(one);
                each.remove();
            }
        }
        return served;
    }

    /** Whoever waits is told that the keys are away. */
    @Override
    public void close() {
        List<Waiting> left;
        synchronized (this) {
            closed = true;
            if (next != null) {
                next.cancel();
            }
            left = List.copyOf(waiting);
            waiting.clear();
        }
        left.forEach(each -> each.promise().complete(Optional.empty()));
    }
}
