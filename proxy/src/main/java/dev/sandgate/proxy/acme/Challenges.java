package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What this node answers to an authority that asks whether a name leads here (RFC 8555 section 8.3), whichever node ordered.
 * Any thread; what an event loop reads is in memory.
 */
public final class Challenges {

    /** Below this path the door alone answers. */
    public static final String PATH = "/.well-known/acme-challenge/";

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{16,256}");
    private static final Duration OLDEST = Duration.ofHours(1);
    private static final long BETWEEN_NANOS = Duration.ofSeconds(1).toNanos();

    private final @Nullable ShelfCopy copy;
    private final LongSupplier nanos;
    private final AtomicReference<@Nullable Future<Void>> asking = new AtomicReference<>();
    private final AtomicLong askedNanos;
    private volatile Map<String, String> known = Map.of();

    private Challenges(@Nullable ShelfCopy copy, LongSupplier nanos) {
        this.copy = copy;
        this.nanos = nanos;
        this.askedNanos = new AtomicLong(nanos.getAsLong() - BETWEEN_NANOS);
    }

    /** Those of a node that orders nothing: every token is unknown. */
    public static Challenges none() {
        return new Challenges(null, System::nanoTime);
    }

    /**
     * Those on a shelf.
     *
     * @param nanos a steady clock
     */
    public static Challenges on(Shelf shelf, LongSupplier nanos) {
        return new Challenges(new ShelfCopy(shelf), nanos);
    }

    /** The answer to this token; null: this node knows none. */
    public @Nullable String known(String token) {
        return known.get(token);
    }

    /**
     * Looks on the shelf for a token that another node may just have put there; empty: that is not worth a look. There is one
     * look at a time, and no more than one a second, whoever asks for what.
     */
    public Optional<Future<Void>> look(String token) {
        if (copy == null || !TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        Future<Void> begun = asking.get();
        if (begun != null && !begun.isComplete()) {
            return Optional.of(begun);
        }
        long last = askedNanos.get();
        long now = nanos.getAsLong();
        if (now - last < BETWEEN_NANOS || !askedNanos.compareAndSet(last, now)) {
            return Optional.empty();
        }
        Future<Void> look = refresh();
        asking.set(look);
        return Optional.of(look);
    }

    /** Takes up what stands on the shelf. */
    Future<Void> refresh() {
        return shelved().fresh().map(items -> {
            Map<String, String> read = new HashMap<>();
            items.forEach(
                    (token, item) -> read(item).ifPresent(told -> read.put(token, told.getString("authorization"))));
            known = Map.copyOf(read);
            return null;
        });
    }

    private ShelfCopy shelved() {
        if (copy == null) {
            throw new IllegalStateException("this node orders nothing");
        }
        return copy;
    }

    private static Optional<JsonObject> read(Item item) {
        try {
            JsonObject told = item.value().toJsonObject();
            boolean whole = told.getString("authorization") != null && told.getLong("since") != null;
            return whole ? Optional.of(told) : Optional.empty();
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** Puts one up, and knows it then. */
    Future<Void> show(String token, String authorization, Instant now) {
        JsonObject told = new JsonObject().put("authorization", authorization).put("since", now.toEpochMilli());
        Shelf shelf = shelved().shelf();
        return shelf.get(token)
                .compose(stood -> shelf.put(
                        token, told.toBuffer(), stood.map(Item::version).orElse(0L)))
                .compose(put -> put
                        ? refresh()
                        : Future.failedFuture(new IllegalStateException("two nodes answer one challenge")));
    }

    /** Takes one down. */
    Future<Void> hide(String token) {
        Shelf shelf = shelved().shelf();
        return shelf.get(token)
                .compose(stood ->
                        stood.isPresent() ? shelf.remove(token, stood.get().version()) : Future.succeededFuture(false))
                .compose(gone -> refresh());
    }

    /** Takes those down that a node left there which ended in the middle of an order. */
    Future<Void> sweep(Instant now) {
        long oldest = now.minus(OLDEST).toEpochMilli();
        return shelved().fresh().map(items -> {
            items.forEach((token, item) -> {
                if (read(item).map(told -> told.getLong("since") < oldest).orElse(true)) {
                    shelved().shelf().remove(token, item.version());
                }
            });
            return null;
        });
    }
}
