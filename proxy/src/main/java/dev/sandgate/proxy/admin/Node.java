package dev.sandgate.proxy.admin;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.SessionKey;
import dev.sandgate.proxy.acme.CertificateOrders;
import dev.sandgate.proxy.domain.Domains;
import dev.sandgate.proxy.inbound.AcceptGate;
import dev.sandgate.proxy.log.AccessLog;
import dev.sandgate.proxy.log.SessionDigest;
import dev.sandgate.proxy.meter.Meters;
import dev.sandgate.proxy.pool.Pool;
import dev.sandgate.proxy.request.Lane;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What an operator may look at: all of it safe from any thread.
 *
 * @param pools by name, in the config's order
 * @param nodes those that share the table
 * @param orders of certificates; empty: no authority is configured
 * @param ids what a client's text may stand for, by the routes to a pool
 * @param names makes what sessions are called, as the access log does; one of them for each thread
 * @param ready whether requests are taken; must not block
 */
public record Node(
        Map<String, Pool> pools,
        AffinityTable table,
        Traffic traffic,
        NodeBook nodes,
        Domains domains,
        Optional<CertificateOrders> orders,
        Ids ids,
        Supplier<SessionDigest> names,
        BooleanSupplier ready) {

    /** Reads what an operator knows a session by. */
    @FunctionalInterface
    public interface Ids {

        /** The names under which a session of this pool may stand whose client carries this text, whoever's it is. */
        Set<SessionKey> named(String pool, String carried);
    }

    /**
     * What is known of requests and connections.
     *
     * @param lanes one for each event loop; may still grow
     * @param gates by the listener's name
     * @param log empty: none is written
     */
    public record Traffic(List<Lane> lanes, Map<String, AcceptGate> gates, Optional<AccessLog> log, Meters meters) {}
}
