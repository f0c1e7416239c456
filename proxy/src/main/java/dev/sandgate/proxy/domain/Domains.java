package dev.sandgate.proxy.domain;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.affinity.redis.TableFault;
import dev.sandgate.proxy.request.Route;
import dev.sandgate.proxy.route.DomainTable;
import dev.sandgate.proxy.route.DomainTable.Goal;
import dev.sandgate.proxy.shelf.Shelves;
import dev.sandgate.proxy.tls.Certificates;
import dev.sandgate.proxy.tls.CertifiedKey;
import dev.sandgate.proxy.tls.FlawedKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The domains that operators add and remove while nodes run. What a node changes itself it knows at once, what others
 * change within about a second; while the shelf is away, what is known stays. Any thread. Close it once.
 */
public final class Domains {

    /** How many there may be. Two nodes that add the last one at the same moment may exceed it by one. */
    public static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(Domains.class);
    private static final long LOOK_MILLIS = 1_000;

    /**
     * Who is told of what is known.
     *
     * @param table gets where they lead
     * @param certificates gets those that operators gave, with their keys
     * @param ordered gets the names of those whose certificate comes from the authority
     */
    public record Followers(DomainTable<Route> table, Certificates certificates, Consumer<Set<String>> ordered) {}

    /**
     * A domain as it stands.
     *
     * @param version goes up with each change
     */
    public record Entry(DomainRecord record, long version) {}

    private final Vertx vertx;
    private final DomainGoals goals;
    private final Followers followers;
    private final Shelf shelf;
    private final DomainShelf writer;
    private final DomainKeys keys;
    private final Set<String> told = new HashSet<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    /** Unchanging; replaced in turn. */
    private volatile Map<String, DomainRecord> known = Map.of();

    private volatile long revision = -1;
    private volatile boolean failing;
    private volatile long timer = -1;
    private Future<?> last = Future.succeededFuture();

    /** None yet; {@link #begin} looks. */
    public Domains(Vertx vertx, Shelves shelves, DomainGoals goals, Followers followers) {
        this.vertx = vertx;
        this.goals = goals;
        this.followers = followers;
        // sealed as a whole: the id of a session that is shared is nobody's business who may read Redis
        this.shelf = shelves.ofSecrets("domains");
        Shelf certificates = shelves.ofSecrets("certificates");
        this.writer = new DomainShelf(shelf, certificates);
        this.keys = new DomainKeys(vertx, certificates, followers.certificates);
    }

    /** Reads them, and follows them from now on. Fails where a folder cannot be used; a table that is away is asked again. */
    public Future<Void> begin() {
        return inTurn(this::look)
                .recover(why -> {
                    if (!(why instanceof TableFault)) {
                        return Future.failedFuture(why);
                    }
                    LOG.warn("the domains cannot be read yet: {}", why.getMessage());
                    failing = true;
                    return Future.succeededFuture();
                })
                .onSuccess(read -> timer = vertx.setPeriodic(LOOK_MILLIS, due -> lookAgain()));
    }

    // One after the other: what was read before a change must not be taken for what stands after it.
    private synchronized <T> Future<T> inTurn(Supplier<Future<T>> step) {
        Future<T> next = last.transform(before -> step.get());
        last = next;
        return next;
    }

    private void lookAgain() {
        if (looking.compareAndSet(false, true)) {
            inTurn(this::look).onComplete(seen -> {
                looking.set(false);
                if (seen.failed() && !failing) {
                    LOG.warn(
                            "domains are as they were until further notice: {}",
                            seen.cause().getMessage());
                }
                failing = seen.failed();
            });
        }
    }

    private Future<Void> look() {
        return shelf.revision()
                .compose(now -> now == revision
                        ? Future.succeededFuture()
                        : shelf.all()
                                .compose(all -> vertx.executeBlocking(() -> readAll(all), false))
                                .compose(this::know)
                                .onSuccess(all -> revision = now));
    }

    private Map<String, DomainRecord> readAll(Map<String, Item> all) {
        told.retainAll(all.keySet());
        return read(all);
    }

    private Map<String, DomainRecord> read(Map<String, Item> all) {
        Map<String, DomainRecord> records = new HashMap<>();
        all.forEach((name, item) -> {
            try {
                DomainRecord record = DomainRecord.read(item.value());
                if (goals.has(record)) {
                    records.put(name, record);
                    told.remove(name);
                } else if (told.add(name)) {
                    LOG.error("the domain {} leads to what this config has not; it is left out", name);
                }
            } catch (IllegalArgumentException newer) {
                if (told.add(name)) {
                    LOG.error("the domain {} cannot be read by this version; it is left out", name);
                }
            }
        });
        return records;
    }

    private Future<Void> know(Map<String, DomainRecord> records) {
        Map<String, DomainRecord> before = known;
        Map<String, Goal<Route>> goalsBefore = followers.table.all();
        Map<String, Goal<Route>> goalsNow = new HashMap<>();
        records.forEach((name, record) -> {
            Goal<Route> same = record.equals(before.get(name)) ? goalsBefore.get(name) : null;
            Optional<Goal<Route>> goal = same == null ? goals.of(record) : Optional.of(same);
            goal.ifPresent(there -> goalsNow.put(name, there));
        });
        known = records;
        followers.table.replace(goalsNow);
        Set<String> ordered = ordered(records);
        if (!ordered.equals(ordered(before))) {
            followers.ordered.accept(ordered);
        }
        return keys.follow(records.values().stream()
                .flatMap(record -> record.certificate().stream())
                .map(DomainRecord.OwnCertificate::record)
                .toList());
    }

    private static Set<String> ordered(Map<String, DomainRecord> records) {
        return records.entrySet().stream()
                .filter(each -> each.getValue().ordered())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** All that stand there and can be read, in the order of their names. */
    public Future<Map<String, Entry>> all() {
        return shelf.all()
                .compose(all -> vertx.executeBlocking(
                        () -> {
                            Map<String, Entry> entries = new TreeMap<>();
                            all.forEach((name, item) -> entry(item).ifPresent(entry -> entries.put(name, entry)));
                            return entries;
                        },
                        false));
    }

    /** One; empty: it is not there, or cannot be read by this version. */
    public Future<Optional<Entry>> get(String name) {
        return shelf.get(name).map(stored -> stored.flatMap(Domains::entry));
    }

    private static Optional<Entry> entry(Item item) {
        try {
            return Optional.of(new Entry(DomainRecord.read(item.value()), item.version()));
        } catch (IllegalArgumentException newer) {
            return Optional.empty();
        }
    }

    /**
     * Makes a domain what is wished, and gives its version. Checks the certificate, so not on an event loop.
     *
     * @param expected the version that the operator saw; empty: whatever stands there
     * @throws DomainRefused where it cannot be; the future may fail with it too
     */
    public Future<Long> put(String name, DomainWish wish, OptionalLong expected) {
        goals.check(name, wish.record());
        Instant until = wish.certificate().map(pem -> until(name, pem)).orElse(Instant.EPOCH);
        return inTurn(() -> {
            boolean fits = known.size() < MOST;
            DomainShelf.Change change = new DomainShelf.Change(name, wish.record(), expected, fits);
            return writer.put(change, wish.certificate(), until)
                    .compose(version -> learn(name).map(version));
        });
    }

    private static Instant until(String name, DomainWish.Pem pem) {
        try {
            CertifiedKey key = pem.read();
            if (!covers(key.names(), name)) {
                List<String> names = key.names().stream().sorted().limit(5).toList();
                throw DomainRefused.unfit("certificate.chain: is not for " + name + " but for "
                        + (names.isEmpty() ? "no name" : String.join(", ", names))
                        + " (expected: a first certificate with this name, or *. before its domain)");
            }
            return key.until();
        } catch (FlawedKey flawed) {
            throw DomainRefused.unfit(String.valueOf(flawed.getMessage()));
        }
    }

    private static boolean covers(Set<String> names, String name) {
        int dot = name.indexOf('.');
        return names.contains(name) || (dot > 0 && names.contains("*" + name.substring(dot)));
    }

    /** Takes a domain away; whether there was one. */
    public Future<Boolean> remove(String name, OptionalLong expected) {
        return inTurn(() -> writer.remove(name, expected)
                .compose(gone -> gone ? learn(name).map(true) : Future.succeededFuture(false)));
    }

    // What was written is known at once, without reading all the others again.
    private Future<Void> learn(String name) {
        return shelf.get(name)
                .compose(stored -> vertx.executeBlocking(
                        () -> {
                            Map<String, DomainRecord> records = new HashMap<>(known);
                            records.remove(name);
                            records.putAll(
                                    read(stored.map(item -> Map.of(name, item)).orElse(Map.of())));
                            return records;
                        },
                        false))
                .compose(this::know)
                .recover(away -> {
                    // it is written; the next look finds it
                    LOG.debug("a domain that was written could not be read again", away);
                    return Future.succeededFuture();
                });
    }

    /** Follows them no longer. */
    public Future<Void> close() {
        vertx.cancelTimer(timer);
        return inTurn(Future::succeededFuture);
    }
}
