package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes that share a table, by what each tells of itself about every 5 s. Who has told nothing for a minute is left
 * out. Any thread. Close it once.
 */
public final class NodeBook {

    private static final Logger LOG = LoggerFactory.getLogger(NodeBook.class);
    private static final long RENEW_MILLIS = 5_000;
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);

    /**
     * One node.
     *
     * @param host where its admin listener is, an IP literal; empty: no other node reaches it
     * @param port of its admin listener
     * @param startedAt by its own clock
     * @param seenAt by its own clock too
     */
    record Entry(String id, Optional<String> host, int port, Instant startedAt, Instant seenAt) {

        static Optional<Entry> read(String id, Item item) {
            try {
                JsonObject told = item.value().toJsonObject();
                return Optional.of(new Entry(
                        id,
                        Optional.ofNullable(told.getString("host")),
                        told.getInteger("port"),
                        told.getInstant("startedAt"),
                        told.getInstant("seenAt")));
            } catch (RuntimeException unreadable) {
                LOG.debug("node {} tells what cannot be read", id, unreadable);
                return Optional.empty();
            }
        }

        JsonObject written() {
            JsonObject told = new JsonObject()
                    .put("port", port)
                    .put("startedAt", startedAt)
                    .put("seenAt", seenAt);
            host.ifPresent(literal -> told.put("host", literal));
            return told;
        }

        private boolean isForgotten(Instant now) {
            return Duration.between(seenAt, now).compareTo(FORGOTTEN) > 0;
        }
    }

    private final Vertx vertx;
    private final Shelf shelf;
    private final String id;
    private final Instant startedAt = now();
    private volatile long version;
    private volatile boolean warned;
    private long timer = -1;

    /**
     * A book that does not tell of this node yet.
     *
     * @param id this node's
     */
    public NodeBook(Vertx vertx, Shelf shelf, String id) {
        this.vertx = vertx;
        this.shelf = shelf;
        this.id = id;
    }

    /** This node's name. */
    String own() {
        return id;
    }

    /**
     * Tells of this node from now on.
     *
     * @param host at which other nodes reach its admin listener, an IP literal; empty: at none
     * @param port of its admin listener
     */
    public void begin(Optional<String> host, int port) {
        timer = vertx.setPeriodic(RENEW_MILLIS, due -> renew(host, port));
        renew(host, port);
    }

    /** As precise as anybody needs it. */
    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    private void renew(Optional<String> host, int port) {
        Instant now = now();
        JsonObject told = new Entry(id, host, port, startedAt, now).written();
        // what is lost on the way is told next time; that the table is away, its beats tell
        shelf.put(id, told.toBuffer(), version)
                .compose(written -> written ? Future.succeededFuture(version + 1) : catchUp(now))
                .onSuccess(reached -> version = reached)
                .compose(renewed -> shelf.all())
                .onSuccess(all -> all.forEach((name, item) -> forget(name, item, now)))
                .onFailure(away -> LOG.debug("the table was not told of this node", away));
    }

    // An earlier life of this node, or a table that lost what it knew, or somebody else of the same name.
    private Future<Long> catchUp(Instant now) {
        return shelf.get(id).map(stored -> {
            boolean another = stored.flatMap(item -> Entry.read(id, item))
                    .filter(entry -> !entry.startedAt().equals(startedAt))
                    .filter(entry -> Duration.between(entry.seenAt(), now).toMillis() < 2 * RENEW_MILLIS)
                    .isPresent();
            if (another && version > 0 && !warned) {
                warned = true;
                LOG.error("another node is called {} too (expected: a node.id of its own for each)", id);
            }
            return stored.map(Item::version).orElse(0L);
        });
    }

    private void forget(String name, Item item, Instant now) {
        boolean over =
                Entry.read(name, item).map(entry -> entry.isForgotten(now)).orElse(true);
        if (over && !name.equals(id)) {
            shelf.remove(name, item.version());
        }
    }

    /** The nodes now, by name. */
    Future<Map<String, Entry>> all() {
        return shelf.all().map(items -> {
            Instant now = Instant.now();
            Map<String, Entry> entries = new TreeMap<>();
            items.forEach((name, item) -> Entry.read(name, item)
                    .filter(entry -> !entry.isForgotten(now))
                    .ifPresent(entry -> entries.put(name, entry)));
            return entries;
        });
    }

    /** Tells the others that this node is over. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return timer < 0
                ? Future.succeededFuture()
                : shelf.remove(id, version).transform(gone -> Future.succeededFuture());
    }
}
