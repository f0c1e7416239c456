package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders certificates, one for each name: takes the lease, asks the authority, and puts down what came of it. Waits. */
final class Ordering {

    private static final Logger LOG = LoggerFactory.getLogger(Ordering.class);

    /**
     * How a node orders.
     *
     * @param nanos a steady clock
     * @param node told once in the life of all nodes
     */
    record Manner(Pace pace, OrderRun.Setting run, LongSupplier nanos, String node) {}

    private final URI directory;
    private final Authority authority;
    private final CertificateBook book;
    private final Shelf records;
    private final Manner manner;
    private final Clock clock;
    private final AtomicLong taken = new AtomicLong();
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();

    Ordering(URI directory, Authority authority, CertificateBook book, Shelf records, Manner manner) {
        this.directory = directory;
        this.authority = authority;
        this.book = book;
        this.records = records;
        this.manner = manner;
        this.clock = manner.run().clock();
    }

    /** Whether nobody asks the authority for anything now, for it failed all of us lately. */
    boolean rests(Map<String, Item> seen, Instant now) {
        Item general = seen.get(Account.nameOf(directory));
        return general != null && OrderRecord.read(general).retryAt().isAfter(now);
    }

    /**
     * Orders for this name.
     *
     * @param seen its record, that says that it is free; null: there is none
     */
    void order(String name, @Nullable Item seen) {
        Lease.Beat beat = new Lease.Beat(manner.run().beat(), manner.nanos());
        String holder = manner.node() + "/" + taken.incrementAndGet();
        Lease.take(records, name, seen, holder, beat).ifPresent(lease -> {
            try {
                under(lease, name);
            } catch (Stopped stopped) {
                LOG.info("the order of a certificate for {} stops here: {}", name, stopped.getMessage());
                lease.release();
            } catch (AuthorityFault fault) {
                failed(lease, name, fault);
            } catch (GeneralSecurityException | RuntimeException bug) {
                Duration wait = manner.pace().afterFailures(lease.failures() + 1, RandomGenerator.getDefault());
                lease.failed(clock.instant().plus(wait));
                throw bug instanceof Waiting.Away away ? away : new IllegalStateException(name, bug);
            }
        });
    }

    private void under(Lease lease, String name) throws AuthorityFault, Stopped, GeneralSecurityException {
        book.refresh();
        if (!book.isDue(name, clock.instant())) {
            // another node was done with it before the lease was taken
            lease.release();
            return;
        }
        book.checkPlace(name);
        KeyPair key = Account.newKey();
        OrderRun run = new OrderRun(manner.run(), lease);
        List<X509Certificate> chain = authority.certificate(name, key, run);
        // whoever took the lease over meanwhile has the last word
        run.pause(Duration.ZERO);
        StoredCertificate stored = new StoredCertificate(
                directory.toString(), clock.instant(), StoredCertificate.keyOf(name, key.getPrivate(), chain));
        book.put(name, stored);
        lease.done();
        wellAgain();
        succeeded.increment();
        LOG.info("a certificate for {}, good until {}", name, stored.until());
    }

    private void wellAgain() {
        String general = Account.nameOf(directory);
        Waiting.on(records.get(general)).ifPresent(item -> Waiting.on(records.remove(general, item.version())));
    }

    private void failed(Lease lease, String name, AuthorityFault fault) {
        if (manner.run().over().getCount() == 0) {
            // the closing node broke it off itself
            lease.release();
            return;
        }
        failed.increment();
        if (fault.isGeneral()) {
            lease.release();
            restFrom(fault);
            return;
        }
        Duration wait = waitAfter(lease.failures() + 1, fault);
        lease.failed(clock.instant().plus(wait));
        LOG.warn(
                "no certificate for {}: {} ({}); the next try is in {} s",
                name,
                fault.type(),
                fault.detail(),
                wait.toSeconds());
    }

    // What no order would fare better with is told once, and by one node.
    private void restFrom(AuthorityFault fault) {
        String general = Account.nameOf(directory);
        Optional<Item> stood = Waiting.on(records.get(general));
        OrderRecord before = stood.map(OrderRecord::read).orElse(OrderRecord.NONE);
        Instant now = clock.instant();
        if (before.retryAt().isAfter(now)) {
            return;
        }
        Duration wait = waitAfter(before.failures() + 1, fault);
        long version = stood.map(Item::version).orElse(0L);
        if (Waiting.on(records.put(general, before.failed(now.plus(wait)).written(), version))) {
            LOG.warn(
                    "no certificates from {}: {} ({}); the next try is in {} s",
                    directory,
                    fault.type(),
                    fault.detail(),
                    wait.toSeconds());
        }
    }

    private Duration waitAfter(int failures, AuthorityFault fault) {
        Duration wait = manner.pace().afterFailures(failures, RandomGenerator.getDefault());
        return fault.retryAt()
                .map(at -> Pace.atLeast(wait, Duration.between(clock.instant(), at)))
                .orElse(wait);
    }

    long succeeded() {
        return succeeded.sum();
    }

    long failed() {
        return failed.sum();
    }
}
