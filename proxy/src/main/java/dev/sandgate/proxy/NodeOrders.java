package dev.sandgate.proxy;

import dev.sandgate.affinity.Shelf;
import dev.sandgate.conf.AcmeConfig;
import dev.sandgate.conf.SandgateConfig;
import dev.sandgate.conf.TableConfig;
import dev.sandgate.proxy.acme.CertificateOrders;
import dev.sandgate.proxy.acme.CertificateOrders.Surroundings;
import dev.sandgate.proxy.acme.Challenges;
import dev.sandgate.proxy.shelf.Shelves;
import dev.sandgate.proxy.tls.Certificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** The certificates that this node orders, where its config names an authority. Any thread. Close it once. */
final class NodeOrders {

    private final Challenges challenges;
    private final Optional<CertificateOrders> orders;
    private final Optional<Path> vouching;
    private final Vertx vertx;

    /** @param served where certificates go */
    NodeOrders(SandgateConfig config, Vertx vertx, Shelves shelves, Certificates served) {
        this.vertx = vertx;
        this.challenges = config.acme()
                .map(acme -> Challenges.on(shelves.of("challenges"), System::nanoTime))
                .orElseGet(Challenges::none);
        Surroundings around =
                new Surroundings(kind -> shelf(shelves, kind), challenges, served, Clock.systemUTC(), System::nanoTime);
        boolean alone = config.table() instanceof TableConfig.Memory;
        this.orders = config.acme().map(acme -> CertificateOrders.of(acme, around, alone));
        this.vouching = config.acme().flatMap(AcmeConfig::authorities);
    }

    private static Shelf shelf(Shelves shelves, String kind) {
        return CertificateOrders.SECRET_KINDS.contains(kind) ? shelves.ofSecrets(kind) : shelves.of(kind);
    }

    /** What this node answers an authority. */
    Challenges challenges() {
        return challenges;
    }

    /** See {@link CertificateOrders#want}; nothing is ordered where no authority is named. */
    void want(Set<String> names) {
        orders.ifPresent(each -> each.want(names));
    }

    /** Empty where no authority is named. */
    Optional<CertificateOrders> orders() {
        return orders;
    }

    /** Begins to order; fails where it cannot be told who is to be trusted. */
    Future<Void> begin() {
        if (orders.isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Optional<Buffer>> trusted = vouching.isEmpty()
                ? Future.succeededFuture(Optional.empty())
                : vertx.fileSystem().readFile(vouching.get().toString()).map(Optional::of);
        return trusted.map(pem -> {
            orders.get().begin(pem);
            return null;
        });
    }

    Future<Void> close() {
        return orders.map(CertificateOrders::close).orElse(Future.succeededFuture());
    }
}
