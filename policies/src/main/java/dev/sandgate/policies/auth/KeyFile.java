package dev.sandgate.policies.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sandgate.affinity.AlarmClock;
import dev.sandgate.affinity.AlarmClock.Alarm;
import dev.sandgate.conf.ApiKeyFile;
import dev.sandgate.conf.PolicyConfig.ApiKey;
import dev.sandgate.policies.Surroundings;
import dev.sandgate.policies.Surroundings.Documents;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of API keys, looked at every 2 s and read when it changed. What it said last holds while it is broken or gone, and
 * that is told once. Any thread.
 */
final class KeyFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Path path;
    private final URI where;
    private final Documents documents;
    private final AlarmClock alarms;
    private final Consumer<List<ApiKey>> changed;
    private final Promise<Void> first = Promise.promise();
    private volatile boolean wasRead;
    private boolean closed;
    private @Nullable Buffer last;
    private @Nullable Alarm next;
    private String complaint = "";

    /** @param changed told of all keys in it, each time that they are others; must not block */
    KeyFile(Path path, Surroundings surroundings, Consumer<List<ApiKey>> changed) {
        this.path = path;
        this.where = path.toUri();
        this.documents = surroundings.documents();
        this.alarms = surroundings.alarms();
        this.changed = changed;
    }

    /** Whether its keys are known. */
    boolean wasRead() {
        return wasRead;
    }

    /** Completes when it was read for the first time, or could not be. */
    Future<Void> first() {
        return first.future();
    }

    void read() {
        documents.read(where).onComplete(this::end);
    }

    private void end(AsyncResult<Buffer> read) {
        try {
            take(read);
        } finally {
            again();
            first.tryComplete();
        }
    }

    private synchronized void take(AsyncResult<Buffer> read) {
        if (read.failed()) {
            last = null;
            complain(String.valueOf(read.cause().getMessage()));
        } else if (!read.result().equals(last)) {
            last = read.result();
            parse(last.toString(UTF_8));
        }
    }

    private synchronized void again() {
        next = closed ? null : alarms.after(EVERY, this::read);
    }

    private void parse(String text) {
        try {
            changed.accept(ApiKeyFile.read(text));
            wasRead = true;
            complaint = "";
        } catch (IllegalArgumentException broken) {
            complain(String.valueOf(broken.getMessage()));
        }
    }

    private void complain(String problem) {
        if (!problem.equals(complaint)) {
            complaint = problem;
            LOG.warn("the API keys in {} cannot be read, those known before stay in use: {}", path, problem);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            if (next != null) {
                next.cancel();
            }
        }
        first.tryComplete();
    }
}
