package dev.sandgate.proxy.domain;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.proxy.domain.DomainRecord.OwnCertificate;
import dev.sandgate.proxy.domain.DomainRefused.Why;
import dev.sandgate.proxy.shelf.UnreadableRecord;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes domains down: a record for each, and beside it, under a name of its own each time, the certificate with its key,
 * which is there before the record tells of it and goes when none does any more. Any thread.
 */
final class DomainShelf {

    private static final Logger LOG = LoggerFactory.getLogger(DomainShelf.class);
    private static final int TRIES = 5;

    /**
     * What is to be written.
     *
     * @param expected the version that the operator saw; empty: whatever stands there
     * @param fits whether there is room for one more
     */
    record Change(String name, DomainRecord record, OptionalLong expected, boolean fits) {}

    /**
     * What stands there.
     *
     * @param version 0: nothing
     * @param certificate whose record goes with it
     */
    private record Standing(long version, Optional<OwnCertificate> certificate) {}

    private final Shelf domains;
    private final Shelf certificates;

    DomainShelf(Shelf domains, Shelf certificates) {
        this.domains = domains;
        this.certificates = certificates;
    }

    /** Its version, once it is written. */
    Future<Long> put(Change change, Optional<DomainWish.Pem> pem, Instant until) {
        if (pem.isEmpty()) {
            return write(change, TRIES);
        }
        byte[] drawn = new byte[8];
        new SecureRandom().nextBytes(drawn);
        String record = change.name + "/" + HexFormat.of().formatHex(drawn);
        Change whole = new Change(
                change.name,
                change.record.with(Optional.of(new OwnCertificate(record, until))),
                change.expected,
                change.fits);
        return certificates
                .put(record, pem.get().written(), 0)
                .compose(written -> write(whole, TRIES))
                .recover(why -> why instanceof DomainRefused
                        ? certificates.remove(record, 1).transform(gone -> Future.failedFuture(why))
                        // the domain's record may name it all the same: the answer alone was lost
                        : Future.failedFuture(why));
    }

    /** The domain whose certificate stands in this record. */
    static String domainOf(String record) {
        return record.substring(0, record.indexOf('/'));
    }

    private Future<Long> write(Change change, int tries) {
        return standing(change.name).compose(there -> {
            if (change.expected.isPresent() && change.expected.getAsLong() != there.version) {
                return Future.failedFuture(changed(there.version));
            }
            if (there.version == 0 && !change.fits) {
                return Future.failedFuture(new DomainRefused(
                        Why.FULL, "there are " + Domains.MOST + " domains already (expected: at most so many)"));
            }
            return domains.put(change.name, change.record.written(), there.version)
                    .compose(written -> written
                            ? dropCertificate(there).map(there.version + 1)
                            : again(tries, there, () -> write(change, tries - 1)));
        });
    }

    /** Whether there was one. */
    Future<Boolean> remove(String name, OptionalLong expected) {
        return remove(name, expected, TRIES);
    }

    private Future<Boolean> remove(String name, OptionalLong expected, int tries) {
        return standing(name).compose(there -> {
            if (there.version == 0) {
                return Future.succeededFuture(false);
            }
            if (expected.isPresent() && expected.getAsLong() != there.version) {
                return Future.failedFuture(changed(there.version));
            }
            return domains.remove(name, there.version)
                    .compose(gone -> gone
                            ? dropCertificate(there).map(true)
                            : again(tries, there, () -> remove(name, expected, tries - 1)));
        });
    }

    private static <T> Future<T> again(int tries, Standing there, Supplier<Future<T>> step) {
        return tries > 1 ? step.get() : Future.failedFuture(changed(there.version));
    }

    private static DomainRefused changed(long version) {
        return new DomainRefused(
                Why.CHANGED, "the domain was changed meanwhile (its version when it was looked at: " + version + ")");
    }

    // One that cannot be read is replaced, or removed, all the same.
    private Future<Standing> standing(String name) {
        return domains.get(name)
                .map(stored -> stored.map(DomainShelf::standing).orElse(new Standing(0, Optional.empty())))
                .recover(why -> why instanceof UnreadableRecord unreadable
                        ? Future.succeededFuture(new Standing(unreadable.version(), Optional.empty()))
                        : Future.failedFuture(why));
    }

    private static Standing standing(Item item) {
        try {
            return new Standing(item.version(), DomainRecord.read(item.value()).certificate());
        } catch (IllegalArgumentException newer) {
            return new Standing(item.version(), Optional.empty());
        }
    }

    // Nobody needs it any more; one that stays is sealed, and in nobody's way.
    private Future<Void> dropCertificate(Standing there) {
        return there.certificate
                .map(own -> certificates
                        .remove(own.record(), 1)
                        .onFailure(why ->
                                LOG.warn("the certificate {} stays on its shelf: {}", own.record(), why.getMessage()))
                        .<Void>transform(gone -> Future.succeededFuture()))
                .orElse(Future.succeededFuture());
    }
}
