package dev.sandgate.proxy.domain;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.proxy.shelf.UnreadableRecord;
import dev.sandgate.proxy.tls.Certificates;
import dev.sandgate.proxy.tls.CertifiedKey;
import dev.sandgate.proxy.tls.FlawedKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that operators gave to domains, read from their shelf as they come and handed on with their keys. One
 * caller at a time.
 */
final class DomainKeys {

    private static final Logger LOG = LoggerFactory.getLogger(DomainKeys.class);
    private static final String ORIGIN = "domains";
    private static final int AT_ONCE = 32;

    private final Vertx vertx;
    private final Shelf shelf;
    private final Certificates certificates;
    private final Map<String, CertifiedKey> known = new ConcurrentHashMap<>();
    private final Set<String> useless = ConcurrentHashMap.newKeySet();

    DomainKeys(Vertx vertx, Shelf shelf, Certificates certificates) {
        this.vertx = vertx;
        this.shelf = shelf;
        this.certificates = certificates;
    }

    /**
     * Serves these records and no others from now on; one that cannot be used is told of once. Fails where the shelf is
     * away: what was served is served still.
     */
    Future<Void> follow(Collection<String> records) {
        Set<String> wanted = new HashSet<>(records);
        useless.retainAll(wanted);
        List<String> missing = wanted.stream()
                .filter(record -> !known.containsKey(record) && !useless.contains(record))
                .toList();
        Future<Void> read = Future.succeededFuture();
        for (int from = 0; from < missing.size(); from += AT_ONCE) {
            List<String> some = missing.subList(from, Math.min(missing.size(), from + AT_ONCE));
            read = read.compose(before -> readAll(some));
        }
        return read.map(all -> {
            boolean fewer = known.keySet().retainAll(wanted);
            if (fewer || !missing.isEmpty()) {
                certificates.replace(ORIGIN, List.copyOf(known.values()));
            }
            return null;
        });
    }

    private Future<Void> readAll(List<String> records) {
        List<Future<Void>> reading = new ArrayList<>();
        records.forEach(record -> reading.add(read(record)));
        return Future.all(reading).mapEmpty();
    }

    // Whoever brings a certificate for one domain may have others' names in it: it is served for its own alone.
    private static CertifiedKey ofDomain(String record, CertifiedKey key) {
        return new CertifiedKey(key.key(), key.chain(), Set.of(DomainShelf.domainOf(record)));
    }

    private Future<Void> read(String record) {
        return shelf.get(record)
                .compose(stored -> stored.isEmpty()
                        ? Future.failedFuture(DomainRefused.unfit("it is not there"))
                        : vertx.executeBlocking(
                                () -> DomainWish.Pem.read(stored.get().value()).read(), false))
                .<Void>map(key -> {
                    known.put(record, ofDomain(record, key));
                    return null;
                })
                .recover(why -> {
                    boolean hopeless =
                            why instanceof FlawedKey || why instanceof UnreadableRecord || why instanceof DomainRefused;
                    if (!hopeless) {
                        return Future.failedFuture(why);
                    }
                    useless.add(record);
                    LOG.error("the certificate {} cannot be served: {}", record, why.getMessage());
                    return Future.succeededFuture();
                });
    }
}
