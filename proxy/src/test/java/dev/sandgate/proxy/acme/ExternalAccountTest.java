package dev.sandgate.proxy.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sandgate.affinity.AffinityTable;
import dev.sandgate.affinity.memory.MemoryTable;
import dev.sandgate.conf.AcmeConfig;
import dev.sandgate.proxy.kit.Await;
import dev.sandgate.proxy.kit.Invariants;
import dev.sandgate.proxy.kit.Pebble;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An authority that gives certificates only to whom it knows already (RFC 8555 section 7.3.4). */
final class ExternalAccountTest {

    @RegisterExtension
    static final Invariants KIT = new Invariants();

    private static final AcmeConfig.ExternalAccount ACCOUNT =
            new AcmeConfig.ExternalAccount("kid-1", "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W");

    private static ProofServer proofs;
    private static Pebble pebble;

    private final AffinityTable table = new MemoryTable(Map.of(), System::nanoTime);

    @BeforeAll
    static void start() {
        Pebble.assumeThere();
        proofs = KIT.own(new ProofServer());
        pebble = KIT.own(Pebble.askingAt(proofs.port(), new Pebble.Manner(100, Optional.of(ACCOUNT))));
    }

    @Test
    void givesThemToTheAccountThatIsNamedAndToNobodyElse() {
        Shift clock = new Shift();
        AcmeConfig named = pebble.config("app.example.com");
        AcmeConfig nameless = new AcmeConfig(
                named.directory(), named.contacts(), named.authorities(), Optional.empty(), named.domains());
        KIT.log()
                .expect("no certificates from " + named.directory()
                        + ": urn:ietf:params:acme:error:externalAccountRequired");

        OrderTaker refused = KIT.own(OrderTaker.begin(nameless, table::shelf, clock));
        Await.until(() -> refused.orders().failed() > 0, () -> "never refused");
        refused.close();

        // what was said of all orders holds for a while, and for every node
        OrderTaker taker = KIT.own(OrderTaker.begin(named, table::shelf, clock));
        proofs.from(taker);
        clock.on(Duration.ofSeconds(67));
        taker.awaitLeaf("app.example.com");
        assertThat(taker.failures("app.example.com")).isZero();
    }
}
