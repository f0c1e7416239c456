package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.conf.AcmeConfig;
import dev.sandgate.proxy.tls.Certificates;
import dev.sandgate.proxy.tls.CertifiedKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that there is a certificate for each name that is wanted, and for no other. Any node orders, one at a time for
 * each name; all of them serve what was got. Works on threads of its own; its methods may be called from any. Close it once.
 */
public final class CertificateOrders {

    /**
     * What it needs.
     *
     * @param shelves by the kind of what stands there; {@link #SECRET_KINDS} hold private keys
     * @param certificates where they are served
     * @param clock for how old certificates are, and until when nobody tries again
     * @param nanos a steady clock
     */
    public record Surroundings(
            Function<String, Shelf> shelves,
            Challenges challenges,
            Certificates certificates,
            Clock clock,
            LongSupplier nanos) {}

    /**
     * A name's certificate.
     *
     * @param until it is good until then; empty: there is none
     * @param failures of orders in a row since the last that succeeded, as far as this node knows
     */
    public record State(String name, Optional<Instant> until, int failures) {}

    /** Kinds of shelves that nobody else may read. */
    public static final Set<String> SECRET_KINDS = Set.of("accounts", "ordered");

    /** Under this name certificates are served. */
    static final String ORIGIN = "acme";

    private static final Logger LOG = LoggerFactory.getLogger(CertificateOrders.class);
    private static final int AT_ONCE = 4;

    private final Set<String> configured;
    private final Surroundings around;
    private final Pace pace;
    private final CertificateBook book;
    private final ShelfCopy orders;
    private final Authority authority;
    private final Ordering ordering;
    private final LeaseWatch leases;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Promise<Void> ended = Promise.promise();
    private final ScheduledThreadPoolExecutor threads;
    private final Set<String> underWay = ConcurrentHashMap.newKeySet();
    private volatile Set<String> wanted;
    private volatile Map<String, Item> records = Map.of();
    private volatile List<CertifiedKey> served = List.of();
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicBoolean away = new AtomicBoolean();

    private CertificateOrders(AcmeConfig config, Surroundings around, Pace pace) {
        this.configured = Set.copyOf(config.domains());
        this.wanted = configured;
        this.around = around;
        this.pace = pace;
        this.book = new CertificateBook(
                around.shelves().apply("ordered"), config.directory().toString());
        this.orders = new ShelfCopy(around.shelves().apply("orders"));
        this.leases = new LeaseWatch(pace.lease(), around.nanos());
        OrderRun.Setting run = new OrderRun.Setting(
                around.challenges(), around.clock(), pace.spread(), pace.lease().dividedBy(4), over);
        this.authority = new Authority(config, around.shelves().apply("accounts"));
        this.ordering = new Ordering(
                config.directory(),
                authority,
                book,
                orders.shelf(),
                new Ordering.Manner(pace, run, around.nanos(), nodeName()));
        this.threads = threads();
    }

    /** Those of a node; {@link #begin} begins. */
    public static CertificateOrders of(AcmeConfig config, Surroundings around, boolean alone) {
        return new CertificateOrders(config, around, Pace.usual(alone));
    }

    static CertificateOrders of(AcmeConfig config, Surroundings around, Pace pace) {
        return new CertificateOrders(config, around, pace);
    }

    // Of this life of the node, so that no later one takes its orders for its own.
    private static String nodeName() {
        byte[] drawn = new byte[8];
        new SecureRandom().nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }

    private ScheduledThreadPoolExecutor threads() {
        ScheduledThreadPoolExecutor made =
                new ScheduledThreadPoolExecutor(AT_ONCE + 2, task -> {
                    Thread thread = new Thread(task, "sandgate-acme");
                    thread.setDaemon(true);
                    return thread;
                }) {
                    @Override
                    protected void terminated() {
                        ended.tryComplete();
                    }
                };
        made.setRemoveOnCancelPolicy(true);
        return made;
    }

    /** Names that are wanted beside those of the config, in the place of what this said before. */
    public void want(Set<String> names) {
        Set<String> all = new HashSet<>(configured);
        all.addAll(names);
        wanted = Set.copyOf(all);
    }

    /**
     * Begins to look and to order. Once.
     *
     * @param vouching who vouches for the directory's server, in PEM; empty: whom the JDK trusts
     * @throws IllegalArgumentException that cannot be read
     */
    public void begin(Optional<Buffer> vouching) {
        authority.trust(vouching);
        every(pace.look(), this::look);
        every(pace.listen(), () -> guarded(() -> Waiting.on(around.challenges().refresh())));
    }

    private void every(Duration pause, Runnable task) {
        // it ends with the threads
        ScheduledFuture<?> unused = threads.scheduleWithFixedDelay(task, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    // A task that throws would never run again. Whether it came to its end.
    private boolean guarded(Runnable task) {
        try {
            task.run();
            tell(false, "");
            return true;
        } catch (Waiting.Away why) {
            tell(true, String.valueOf(why.getMessage()));
        } catch (RuntimeException bug) {
            LOG.error("certificates were not looked after", bug);
        }
        return false;
    }

    private void tell(boolean gone, String why) {
        if (over.getCount() > 0 && away.compareAndSet(!gone, gone)) {
            if (gone) {
                LOG.warn(
                        "the table cannot be asked for certificates until further notice; those that are known are served: {}",
                        why);
            } else {
                LOG.info("the table can be asked for certificates again");
            }
        }
    }

    // One look at a time; who wants one meanwhile gets it right after.
    private void look() {
        if (looks.getAndIncrement() > 0) {
            return;
        }
        int seen;
        do {
            seen = looks.get();
            guarded(this::lookOnce);
        } while (!looks.compareAndSet(seen, 0));
    }

    private void lookOnce() {
        Set<String> names = wanted;
        Instant now = around.clock().instant();
        book.refresh();
        serve(names);
        around.challenges().sweep(now);
        book.sweep(names, now);
        List<String> due = new TreeSet<>(names)
                .stream()
                        .filter(name -> !underWay.contains(name) && book.isDue(name, now))
                        .toList();
        if (due.isEmpty()) {
            records = Map.of();
        } else {
            begin(due, now);
        }
    }

    private void serve(Set<String> names) {
        List<CertifiedKey> keys = book.of(names);
        if (!keys.equals(served)) {
            served = keys;
            around.certificates().replace(ORIGIN, keys);
        }
    }

    private void begin(List<String> due, Instant now) {
        records = Waiting.on(orders.fresh());
        if (ordering.rests(records, now)) {
            return;
        }
        for (String name : due) {
            if (underWay.size() >= AT_ONCE) {
                return;
            }
            Item item = records.get(name);
            OrderRecord record = item == null ? OrderRecord.NONE : OrderRecord.read(item);
            boolean free = item == null || leases.isFree(name, item, record);
            if (free && !record.retryAt().isAfter(now) && underWay.add(name)) {
                threads.execute(() -> order(name, item));
            }
        }
    }

    private void order(String name, @Nullable Item seen) {
        boolean orderly = false;
        try {
            orderly = guarded(() -> ordering.order(name, seen));
        } finally {
            underWay.remove(name);
        }
        // one of which the shelf knows nothing would be due again at once, and again
        if (orderly && over.getCount() > 0) {
            look();
        }
    }

    /** The names that are wanted, in their order. Any thread; as this node last saw it. */
    public List<State> states() {
        return new TreeSet<>(wanted)
                .stream()
                        .map(name -> new State(
                                name,
                                book.find(name).map(StoredCertificate::until),
                                Optional.ofNullable(records.get(name))
                                        .map(item -> OrderRecord.read(item).failures())
                                        .orElse(0)))
                        .toList();
    }

    /** Orders of this node that succeeded. */
    public long succeeded() {
        return ordering.succeeded();
    }

    /** Orders of this node that failed. */
    public long failed() {
        return ordering.failed();
    }

    /** Orders nothing any more, and gives back what was under way. Done before the table is closed. */
    public Future<Void> close() {
        over.countDown();
        threads.shutdownNow();
        return ended.future();
    }
}
