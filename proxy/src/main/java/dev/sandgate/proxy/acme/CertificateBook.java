package dev.sandgate.proxy.acme;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.affinity.Shelf.Item;
import dev.sandgate.proxy.tls.CertifiedKey;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates on the shelf, as this node last read them. Waits for the table; safe from several threads. */
final class CertificateBook {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateBook.class);

    /** @param certificate empty: what stands there cannot be read */
    private record Page(long version, Optional<StoredCertificate> certificate) {}

    private final ShelfCopy copy;
    private final String directory;
    private volatile Map<String, Page> pages = Map.of();

    /** @param directory of the authority that certificates are ordered from now */
    CertificateBook(Shelf shelf, String directory) {
        this.copy = new ShelfCopy(shelf);
        this.directory = directory;
    }

    /** Reads what changed since. */
    void refresh() {
        Map<String, Item> items = Waiting.on(copy.fresh());
        Map<String, Page> read = new HashMap<>();
        items.forEach((name, item) -> {
            Page known = pages.get(name);
            read.put(name, known != null && known.version() == item.version() ? known : page(name, item));
        });
        pages = Map.copyOf(read);
    }

    private static Page page(String name, Item item) {
        try {
            return new Page(item.version(), Optional.of(StoredCertificate.read(name, item.value())));
        } catch (GeneralSecurityException | RuntimeException unreadable) {
            LOG.error(
                    "the certificate that is kept for {} cannot be read ({}); a new one is due",
                    name,
                    unreadable.getClass().getSimpleName());
            return new Page(item.version(), Optional.empty());
        }
    }

    Optional<StoredCertificate> find(String name) {
        Page page = pages.get(name);
        return page == null ? Optional.empty() : page.certificate();
    }

    /** Whether a new certificate is wanted for this name: there is none, it grows old, or another authority gave it. */
    boolean isDue(String name, Instant now) {
        return find(name)
                .filter(stored -> stored.directory().equals(directory))
                .map(stored -> !now.isBefore(stored.renewAt()))
                .orElse(true);
    }

    /** Those of these names that there are. */
    List<CertifiedKey> of(Set<String> names) {
        List<CertifiedKey> keys = new ArrayList<>();
        for (String name : names) {
            find(name).ifPresent(stored -> keys.add(stored.key()));
        }
        return keys;
    }

    /** Fails where a certificate could not be put down: none is ordered in vain, and no authority's patience spent. */
    void checkPlace(String name) {
        Waiting.on(Waiting.version(copy.shelf(), name));
    }

    /** Puts a new one in the old one's place. */
    void put(String name, StoredCertificate certificate) throws GeneralSecurityException {
        Shelf shelf = copy.shelf();
        boolean put = false;
        for (int tries = 0; tries < 3 && !put; tries++) {
            long version = Waiting.on(Waiting.version(shelf, name));
            put = Waiting.on(shelf.put(name, certificate.written(), version));
        }
        if (!put) {
            throw new IllegalStateException("the certificate for " + name + " finds no place on the shelf");
        }
        refresh();
    }

    /** Forgets those that are over and that this node does not want: nobody has any use for them. */
    void sweep(Set<String> wanted, Instant now) {
        pages.forEach((name, page) -> {
            boolean over = page.certificate()
                    .map(stored -> stored.until().isBefore(now))
                    .orElse(false);
            if (over && !wanted.contains(name)) {
                Waiting.on(copy.shelf().remove(name, page.version()));
            }
        });
    }
}
