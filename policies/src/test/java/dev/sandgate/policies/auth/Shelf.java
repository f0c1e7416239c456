package dev.sandgate.policies.auth;

import dev.sandgate.policies.Surroundings.Documents;
import dev.sandgate.policies.Surroundings.Form;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Documents and answers to forms that a test puts down, and takes away. Counts its readers, and lets them wait where it is told to. */
final class Shelf implements Documents {

    private final Map<URI, Buffer> documents = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Deque<Runnable> held = new ArrayDeque<>();
    private Optional<Form> asked = Optional.empty();
    private boolean holding;

    void put(URI where, String text) {
        documents.put(where, Buffer.buffer(text));
    }

    void remove(URI where) {
        documents.remove(where);
    }

    int reads() {
        return reads.get();
    }

    /** From here on readers wait. */
    void hold() {
        holding = true;
    }

    /** All who wait get what is there now, and nobody waits any more. */
    void release() {
        holding = false;
        while (!held.isEmpty()) {
            held.remove().run();
        }
    }

    @Override
    public Future<Buffer> ask(Form form) {
        asked = Optional.of(form);
        return read(form.to());
    }

    /** The form that was sent last. */
    Form asked() {
        return asked.orElseThrow();
    }

    @Override
    public Future<Buffer> read(URI where) {
        reads.incrementAndGet();
        Promise<Buffer> promise = Promise.promise();
        if (holding) {
            held.add(() -> answer(where, promise));
        } else {
            answer(where, promise);
        }
        return promise.future();
    }

    private void answer(URI where, Promise<Buffer> promise) {
        Buffer document = documents.get(where);
        if (document == null) {
            promise.fail("there is nothing");
        } else {
            promise.complete(document);
        }
    }
}
