package dev.sandgate.proxy.pool;

import dev.sandgate.affinity.Instance;
import dev.sandgate.proxy.forward.Destination;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where one instance of a {@code static} pool is, whichever life it has. Any thread. */
final class StaticPlace {

    final String id;
    final String host;
    final int port;
    final Destination.Shape shape;
    private @Nullable Instance current;
    private boolean told;
    private boolean silent;
    private @Nullable Future<String> asked;
    private @Nullable Promise<String> next;

    StaticPlace(String id, String host, int port, Destination.Shape shape) {
        this.id = id;
        this.host = host;
        this.port = port;
        this.shape = shape;
    }

    /** It lives now, by this incarnation: what is to be told of that; empty: it was told. */
    synchronized Optional<Instance> lives(String pool, String incarnation) {
        silent = false;
        Instance now = new Instance(pool, id, incarnation, host, port);
        if (told && now.equals(current)) {
            return Optional.empty();
        }
        current = now;
        told = true;
        return Optional.of(now);
    }

    /** It does not tell its incarnation; whether that is news. */
    synchronized boolean fallsSilent() {
        boolean news = !silent;
        silent = true;
        return news;
    }

    /** Whether another life of it was known than this one. */
    synchronized boolean knewAnother(String incarnation) {
        return current != null && !current.incarnation().equals(incarnation);
    }

    /** The table gave this one up; should it live, that must be told again. */
    synchronized void gone(Instance instance) {
        if (instance.equals(current)) {
            told = false;
        }
    }

    /** The answer to a question that is asked from now on: one at a time, and one more for all who come meanwhile. */
    Future<String> ask(Supplier<Future<String>> question) {
        Promise<String> promise = Promise.promise();
        synchronized (this) {
            if (asked != null) {
                next = next == null ? promise : next;
                return next.future();
            }
            asked = promise.future();
        }
        begin(question, promise);
        return promise.future();
    }

    /** Whether no question is under way. */
    synchronized boolean isQuiet() {
        return asked == null;
    }

    private void begin(Supplier<Future<String>> question, Promise<String> promise) {
        question.get().onComplete(answer -> {
            Promise<String> following;
            synchronized (this) {
                following = next;
                next = null;
                asked = following == null ? null : following.future();
            }
            promise.handle(answer);
            if (following != null) {
                begin(question, following);
            }
        });
    }
}
